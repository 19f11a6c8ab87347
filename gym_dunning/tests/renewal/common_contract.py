from datetime import date

from odoo.fields import Command

from ..base.common import GymCommon

START = date(2025, 4, 1)
END = date(2026, 3, 31)
TODAY = date(2026, 3, 2)


class ContractCommon(GymCommon):
    """Members with contracts, and renewals of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.membership = cls._create_article("Membership", 600.0)
        cls.locker = cls._create_article("Locker", 60.0)
        cls.starter = cls._create_article("Starter pack", 99.0, gym_renewable=False)

    @classmethod
    def _create_article(cls, name, price, **vals):
        income = cls.company_data["default_account_revenue"]
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": price,
                "taxes_id": [Command.clear()],
                "gym_term_months": 12,
                "property_account_income_id": income.id,
            }
            | vals
        )

    @classmethod
    def _create_contract(cls, member, *articles, **vals):
        """An active contract whose current term was invoiced elsewhere."""
        return cls.env["gym.contract"].create(
            {
                "partner_id": member.id,
                "company_id": cls.company.id,
                "date_start": START,
                "state": "active",
                "subscription_ids": [
                    Command.create({"product_id": article.id})
                    for article in articles or (cls.membership,)
                ],
            }
            | vals
        )

    def _estimate_renewal(self, date_from=date(2026, 3, 1), date_to=END, **vals):
        wizard = self.env["gym.renewal.generate"].create(
            {
                "company_id": self.company.id,
                "date_from": date_from,
                "date_to": date_to,
                "date": TODAY,
            }
            | vals
        )
        return self._estimated(wizard)

    def _renew(self, **vals):
        run = self._estimate_renewal(**vals)
        run.action_generate()
        self._work()
        return run

    def _left_out(self, run, contract):
        line = run.left_out_ids.filtered(lambda one: one.contract_id == contract)
        return line.reason

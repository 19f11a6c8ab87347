from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import date_utils, format_date

# Months from now in which the contracts end, in turn; -1 was renewed last month.
END_MONTHS = (0, 1, 0, 0, 4, 1, -1, 6, 1, -1, 9)
NOT_RENEWED = ("Uwe Meyer", "Bea Wolf", "Sara Wagner")
OPEN_ENDED = ("Anna Meyer", "Leon Weber", "Julia Koch")
WITH_LOCKER = 4
WITH_STARTER = 7


class GymDemo(models.AbstractModel):
    """The demo gym's contracts: many end this month and the next."""

    _inherit = "gym.demo"

    @api.model
    def _make_contracts(self, holding, members):
        """Make a contract for every member, and renew those of last month.

        :return: what was made, as text
        """
        articles = self._make_articles()
        contracts = self.env["gym.contract"].create(
            [
                self._prepare_contract_vals(number, member, articles)
                for number, member in enumerate(members)
            ]
        )
        contracts |= self._make_special_contracts(contracts, articles)
        contracts |= self._make_failing_contract(holding, articles)
        self._renew_last_month(holding)
        last = date_utils.end_of(fields.Date.context_today(self), "month")
        return self.env._(
            "Contracts: %(count)s, ending until %(last)s and not renewed yet: %(due)s;"
            " menu Gym Dunning > Contracts, button Renew",
            count=len(contracts),
            last=format_date(self.env, last),
            due=len(
                contracts.filtered(
                    lambda one: one.state == "active" and one.date_end <= last
                )
            ),
        )

    def _make_articles(self):
        """Return the articles by a short name."""
        vals = {
            "year": {"name": "Membership, 12 months", "list_price": 588.0},
            "open": {
                "name": "Membership, 12 months, then monthly",
                "list_price": 624.0,
                "gym_renewal_mode": "open",
            },
            "locker": {"name": "Locker", "list_price": 60.0},
            "starter": {
                "name": "Starter pack",
                "list_price": 99.0,
                "gym_term_months": 3,
                "gym_renewable": False,
            },
        }
        common = {"type": "service", "taxes_id": [Command.clear()]}
        products = self.env["product.product"].create(
            [common | one for one in vals.values()]
        )
        return dict(zip(vals, products, strict=True))

    def _prepare_contract_vals(self, number, member, articles):
        """A contract that was invoiced elsewhere until now."""
        centres = self.env.companies.filtered("parent_id")
        names = ["open" if member.name in OPEN_ENDED else "year"]
        if number % WITH_LOCKER == 0:
            names.append("locker")
        if number % WITH_STARTER == 0:
            names.append("starter")
        return {
            "partner_id": member.id,
            "payer_id": member.guardian_ids[:1].id,
            "company_id": centres[number % len(centres)].id,
            "date_start": self._start(END_MONTHS[number % len(END_MONTHS)], number),
            "auto_renew": member.name not in NOT_RENEWED,
            "state": "active",
            "subscription_ids": [
                Command.create({"product_id": articles[name].id}) for name in names
            ],
        }

    def _start(self, end_month, number):
        """Return the first day of a year that ends in that many months."""
        month = date_utils.start_of(fields.Date.context_today(self), "month")
        if number % 3 == 1:  # from the 15th to the 14th
            return month + relativedelta(months=end_month - 12, day=15)
        return month + relativedelta(months=end_month - 11)

    def _make_special_contracts(self, contracts, articles):
        """One cancelled, one ended, a firm with five memberships, and a new one.

        :return: the new contract, a draft
        """
        by_name = {contract.partner_id.name: contract for contract in contracts}
        cancelled = by_name["Emil Roth"]
        cancelled._cancel(cancelled.date_end, self.env._("Moves to another town."))
        by_name["Ulla Lehmann"].action_end()
        firm = by_name["Hill & Sons Ltd"]
        firm.payment_term_id = self._instalments()
        firm.subscription_ids[:1].quantity = 5
        return by_name["Zoe Lehmann"].copy(
            {
                "subscription_ids": [
                    Command.create({"product_id": articles["locker"].id})
                ]
            }
        )

    def _make_failing_contract(self, holding, articles):
        """The receivable account of this member was archived: see the tab Failed."""
        account = self.env["account.account"].with_company(holding)
        account = account.create(
            {
                "name": "Receivables of the old system",
                "code": "121099",
                "account_type": "asset_receivable",
                "reconcile": True,
            }
        )
        member = self.env["res.partner"].create(
            {
                "name": "Gustav Altmann",
                "street": "Bergstrasse 140",
                "zip": "79098",
                "city": "Freiburg",
                "country_id": self.env.ref("base.de").id,
                "email": "altmann@members.example",
                "birthdate_date": self._years_ago(51),
                "member_status_id": self.env.ref("gym_dunning.member_status_active").id,
            }
        )
        for company in self.env.companies:
            member.with_company(company).property_account_receivable_id = account
        account.active = False
        return self.env["gym.contract"].create(
            self._prepare_contract_vals(0, member, articles)
        )

    def _renew_last_month(self, holding):
        """A renewal that was done and paid."""
        today = fields.Date.context_today(self)
        last_month = today - relativedelta(months=1)
        wizard = self.env["gym.renewal.generate"].create(
            {
                "company_id": holding.id,
                "date": last_month,
                "date_from": date_utils.start_of(last_month, "month"),
                "date_to": date_utils.end_of(last_month, "month"),
            }
        )
        wizard.action_continue()
        run = wizard.run_id
        run.action_generate()
        run.process_id._work_now()  # the demo waits for its worker
        for invoice in run._moves():
            self._pay(invoice, invoice.amount_residual)

"""Customers with debts, and collection cases of them."""

from odoo.fields import Command
from odoo.tests import new_test_user

from ..base.common import TODAY
from ..base.common_english import EnglishCommon


class CaseCommon(EnglishCommon):
    """Laura Kent owes 534.96 and 1148.14, and has a manager and a contact."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            "debt.manager",
            groups="gym_dunning.group_debt_manager",
            company_id=cls.company.id,
            lang="en_US",
        )
        cls.team = cls.env["gym.collection.team"].create(
            {"name": "Collections", "member_ids": [Command.link(cls.manager.id)]}
        )
        cls.laura = cls._create_member("Kent Laura", debt_manager_id=cls.manager.id)
        cls.old = cls._create_invoice(cls.laura, days=60, amount=534.96)
        cls.new = cls._create_invoice(cls.laura, days=30, amount=1148.14)

    @classmethod
    def _create_case(cls, partner=None, **vals):
        return cls.env["gym.collection.case"].create(
            {"partner_id": (partner or cls.laura).id, "date_start": TODAY} | vals
        )

    @classmethod
    def _receivable(cls, invoices):
        return invoices.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def _add(self, case, invoices=None):
        """Add items through the dialog; None: all that it proposes."""
        wizard = self.env[case.action_add_items()["res_model"]].create(
            {"case_id": case.id}
        )
        if invoices:
            wizard.move_line_ids = self._receivable(invoices)
        wizard.action_confirm()
        return case.item_ids

    def _holds(self, invoices):
        lines = self._receivable(invoices)
        return self.env["gym.dunning.hold"].search([("move_line_id", "in", lines.ids)])

from odoo import models
from odoo.fields import Domain


class AccountMove(models.Model):
    """Which members a document may be about."""

    _inherit = "account.move"

    def _dated(self):
        """Return the day the debt arose."""
        return self.invoice_date or self.date

    def _concerned_members(self):
        """Return who was invoiced, and the members of the contracts behind it."""
        # sudo: who books a payment need not see contracts
        periods = self.env["gym.contract.period"].sudo()
        behind = periods.search(Domain("move_id", "in", self.ids))
        return self.partner_id | behind.contract_id.partner_id

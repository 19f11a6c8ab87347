from odoo import models


class AccountMoveLine(models.Model):
    """When a debt is due, for whoever has the journal item in hand."""

    _inherit = "account.move.line"

    def _gym_due_date(self):
        """Return the day this item is due, by the rule of the ledger
        (`gym.open.item._due_sql`): without a due date on its own date, and an invoice
        not before it was made."""
        self.ensure_one()
        due = self.date_maturity or self.date
        move = self.move_id
        if move.move_type != "entry" and move.invoice_date:
            return max(due, move.invoice_date)
        return due

    def _gym_contract_details(self):
        """Return number and first day of the contract behind each item, by its id, as
        `contract_number` and `contract_date`; a room that keeps contracts answers."""
        return {}

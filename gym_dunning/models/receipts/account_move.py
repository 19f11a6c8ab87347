from odoo import models


class AccountMove(models.Model):
    """The entry of a statement's line: it is the bank's money while it is posted."""

    _inherit = "account.move"

    def _post(self, soft=True):
        # EXTENDS account: a new line, or one that was reset and is posted again
        posted = super()._post(soft)
        posted.statement_line_id._gym_find_receipts()
        return posted

    def button_draft(self):
        # EXTENDS account
        aside = self._gym_receipts()._lose_statement()
        result = super().button_draft()
        aside._come_back()
        return result

    def button_cancel(self):
        # EXTENDS account
        aside = self._gym_receipts()._lose_statement()
        result = super().button_cancel()
        aside._come_back()
        return result

    def unlink(self):
        # EXTENDS account: the line goes with its entry, unseen by its own `unlink`
        aside = self._gym_receipts()._lose_statement()
        result = super().unlink()
        aside._come_back()
        return result

    def _gym_receipts(self):
        """Return the receipts that are the same money as these entries of statements."""
        # sudo: a receipt belongs to the centre of its items
        return self.sudo().statement_line_id.gym_receipt_ids

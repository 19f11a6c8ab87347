from odoo import models


class AccountMove(models.Model):
    """What a document is about; rooms that know more of it answer besides."""

    _inherit = "account.move"

    def _gym_date_arisen(self):
        """Return the day the debt arose."""
        return self.invoice_date or self.date

    def _gym_concerned_members(self):
        """Return the contacts whose membership these documents may be about."""
        return self.partner_id

    def _gym_clearing_names(self):
        """Return the names by which a debtor may pay this document."""
        self.ensure_one()
        return [name for name in (self.name, self.payment_reference) if name]

    def _gym_items_paid(self):
        """Return the customers' items that these entries pay."""
        credits_ = self.line_ids.filtered(
            lambda line: line.account_id._gym_is_of_customers()
        )
        return credits_.matched_debit_ids.debit_move_id

    def _gym_reverse(self, vals_list):
        """Take back that these entries paid customers' items, by reversals: the items
        are open again, and closed months stay as they are.

        :param vals_list: day and text of each reversal (`date`, `ref`)
        :return: the reversals, posted
        """
        # not by `cancel`: that would undo an accountant's matching with a statement
        self.line_ids.filtered(
            lambda line: line.account_id._gym_is_of_customers()
        ).remove_move_reconcile()
        reversals = self._reverse_moves(vals_list)
        reversals.with_context(move_reverse_cancel=True)._post(soft=False)
        return reversals

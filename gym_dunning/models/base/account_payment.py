from odoo import api, models


class AccountPayment(models.Model):
    """Payments that we book, and that somebody may take back."""

    _inherit = "account.payment"

    @api.model
    def _gym_create(self, vals_list):
        """Create payments that will have an entry: without one they pay no invoice.

        They wait on the account that the gym set up for their way to pay, else on
        Odoo's own of outstanding receipts.
        """
        # with Odoo's accountant installed a payment may have no entry; forced to have
        # one, it would forget the gym's account
        payments = self.with_context(force_payment_move=True).create(vals_list)
        for payment in payments:
            if account := payment.payment_method_line_id.payment_account_id:
                payment.outstanding_account_id = account
        return payments

    def _gym_is_standing(self):
        """Tell whether it was booked and not taken back."""
        return bool(self.move_id) and self.move_id._gym_is_standing()

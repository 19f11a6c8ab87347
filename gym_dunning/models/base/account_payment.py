from odoo import models


class AccountPayment(models.Model):
    """Payments that we book, and that somebody may take back."""

    _inherit = "account.payment"

    def _gym_is_standing(self):
        """Tell whether it was booked and not taken back."""
        back = self.move_id.reversal_move_ids
        # one that an accountant reset or cancelled has nothing to be reversed
        return self.move_id.state == "posted" and all(
            move.state == "cancel" for move in back
        )

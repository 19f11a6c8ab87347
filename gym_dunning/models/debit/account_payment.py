from odoo import fields, models


class AccountPayment(models.Model):
    """Payments that the bank collected by direct debit."""

    _inherit = "account.payment"

    gym_debit_order_id = fields.Many2one(
        "gym.debit.order",
        string="Direct Debit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _gym_is_standing(self):
        """Tell whether it was booked and not taken back."""
        back = self.move_id.reversal_move_ids
        # one that an accountant reset or cancelled has nothing to be reversed
        return self.move_id.state == "posted" and all(
            move.state == "cancel" for move in back
        )

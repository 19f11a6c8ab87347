from odoo import fields, models
from odoo.exceptions import UserError


class GymDebitReturnHand(models.TransientModel):
    """Book a returned debit without a file of the bank."""

    _name = "gym.debit.return.hand"
    _description = "Enter a Returned Debit"
    _inherit = ["gym.dialog"]

    order_ids = fields.Many2many(
        "gym.debit.order", string="Direct Debits", required=True, readonly=True
    )
    code_id = fields.Many2one(
        "gym.debit.return.code", string="Return Reason", required=True
    )
    date = fields.Date(
        string="Returned on", required=True, default=fields.Date.context_today
    )
    currency_id = fields.Many2one(related="order_ids.currency_id")
    charges = fields.Monetary(
        string="Charges of the Bank",
        help="For each of the debits.",
    )
    note = fields.Char(string="Note of the Bank")

    def action_confirm(self):
        """Book the returns: the items are open again, the reason says what follows.

        :raise UserError: the day lies in the future, or a debit cannot come back
        """
        self.ensure_one()
        orders = self.order_ids
        orders.check_access("read")
        orders._check_clerk()
        orders._check_returnable()
        self._check_values()
        self.env["gym.debit.return"]._enter(
            orders, self.code_id, self.date, self.charges, self.note
        )
        return {"type": "ir.actions.act_window_close"}

    def _check_values(self):
        if self.date > fields.Date.context_today(self):
            raise UserError(
                self.env._("The return cannot be in the future: choose an earlier day.")
            )
        if self.charges < 0:
            raise UserError(self.env._("Bank charges cannot be negative."))

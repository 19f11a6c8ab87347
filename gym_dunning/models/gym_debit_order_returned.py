from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .gym_debit_return import RETURNABLE


class GymDebitOrder(models.Model):
    """What the bank said of a debit, and a return entered by hand."""

    _inherit = "gym.debit.order"

    debit_return_ids = fields.One2many(
        "gym.debit.return", "order_id", string="Returns", readonly=True
    )
    debit_return_count = fields.Integer(compute="_compute_debit_return_count")

    def _compute_debit_return_count(self):
        counts = dict(
            self.env["gym.debit.return"]._read_group(
                [("order_id", "in", self.ids)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            order.debit_return_count = counts.get(order, 0)

    def action_returned(self):
        """Open the dialog that books a return without a file of the bank."""
        self.check_access("read")
        self._check_clerk()
        self._check_returnable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Returned by the Bank"),
            "res_model": "gym.debit.return.hand",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_order_ids": [Command.set(self.ids)]},
        }

    def _check_returnable(self):
        for order in self:
            if order.state not in RETURNABLE:
                raise UserError(order._state_error("returned"))

    def action_open_debit_returns(self):
        """List what the bank said of these debits."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_debit_return_action"
        )
        return dict(action, domain=[("order_id", "in", self.ids)], context={})

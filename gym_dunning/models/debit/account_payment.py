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

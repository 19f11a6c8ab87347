from odoo import fields, models


class AccountPayment(models.Model):
    """Payments that a bank's file told of."""

    _inherit = "account.payment"

    gym_receipt_id = fields.Many2one(
        "gym.receipt",
        string="Bank Receipt",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

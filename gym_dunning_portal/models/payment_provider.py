from odoo import fields, models


class PaymentProvider(models.Model):
    """How long money that is under way keeps items back."""

    _inherit = "payment.provider"

    gym_hold_days = fields.Integer(
        string="Days under Way",
        default=14,
        help="So many days an open item is neither reminded nor debited while a payment"
        " of it is pending. Then it is as if nobody had paid.",
    )

    _gym_hold_days_positive = models.Constraint(
        "CHECK (gym_hold_days > 0)",
        "A payment that is pending keeps items back for one day at least.",
    )

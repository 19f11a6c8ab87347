from odoo import fields, models


class ProductTemplate(models.Model):
    """Articles that are subscribed: their usual term and whether it is renewed."""

    _inherit = "product.template"

    gym_renewable = fields.Boolean(
        string="Renewable",
        default=True,
        help="Subscriptions of this article are renewed with their contract.",
    )
    gym_term_months = fields.Integer(string="Term (Months)", default=12)
    gym_renewal_mode = fields.Selection(
        [("term", "For the same term"), ("open", "Month by month, without an end")],
        string="Renewed",
        default="term",
    )

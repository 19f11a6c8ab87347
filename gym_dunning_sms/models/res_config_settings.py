from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The cost of an SMS beside those of letter and e-mail."""

    _inherit = "res.config.settings"

    dunning_cost_sms = fields.Monetary(
        related="company_id.dunning_cost_sms",
        readonly=False,
        currency_field="currency_id",
    )

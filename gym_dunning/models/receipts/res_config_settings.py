from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of receipts."""

    _inherit = "res.config.settings"

    receipt_booking = fields.Selection(
        related="company_id.receipt_booking", readonly=False
    )

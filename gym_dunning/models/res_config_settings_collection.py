from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of collection cases."""

    _inherit = "res.config.settings"

    collection_participation = fields.Selection(
        related="company_id.root_id.collection_participation", readonly=False
    )

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of hand-overs to a collection agency."""

    _inherit = "res.config.settings"

    handover_at_once = fields.Boolean(
        related="company_id.root_id.handover_at_once", readonly=False
    )
    agency_retention_months = fields.Integer(
        related="company_id.root_id.agency_retention_months", readonly=False
    )

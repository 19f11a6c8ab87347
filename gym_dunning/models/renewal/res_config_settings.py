from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of renewals and of access by contract."""

    _inherit = "res.config.settings"

    renewal_skip_blocked = fields.Boolean(
        related="company_id.root_id.renewal_skip_blocked", readonly=False
    )
    renewal_auto = fields.Boolean(related="company_id.renewal_auto", readonly=False)
    renewal_days_before = fields.Integer(
        related="company_id.renewal_days_before", readonly=False
    )
    renewal_responsible_id = fields.Many2one(
        related="company_id.renewal_responsible_id", readonly=False
    )
    access_needs_contract = fields.Boolean(
        related="company_id.root_id.access_needs_contract", readonly=False
    )

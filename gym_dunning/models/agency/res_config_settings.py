from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of hand-overs to a collection agency."""

    _inherit = "res.config.settings"

    group_use_agency = fields.Boolean(
        string="Collection Agency",
        group="gym_dunning.group_dunning_user",
        implied_group="gym_dunning.group_use_agency",
    )

    handover_at_once = fields.Boolean(
        related="company_id.root_id.handover_at_once", readonly=False
    )
    agency_retention_months = fields.Integer(
        related="company_id.root_id.agency_retention_months", readonly=False
    )

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of collection cases."""

    _inherit = "res.config.settings"

    group_use_cases = fields.Boolean(
        string="Collection Cases",
        group="gym_dunning.group_debt_manager",
        implied_group="gym_dunning.group_use_cases",
    )

    case_code_typed = fields.Boolean(
        related="company_id.root_id.case_code_typed", readonly=False
    )
    promise_split = fields.Selection(
        related="company_id.root_id.promise_split", readonly=False
    )
    promise_tolerance_days = fields.Integer(
        related="company_id.root_id.promise_tolerance_days", readonly=False
    )

    # === COLLECTION === #
    # Settings of collection cases.

    collection_participation = fields.Selection(
        related="company_id.root_id.collection_participation", readonly=False
    )

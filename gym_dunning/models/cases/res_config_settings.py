from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of collection cases."""

    _inherit = "res.config.settings"

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

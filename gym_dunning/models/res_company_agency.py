from odoo import fields, models


class ResCompany(models.Model):
    """When members are ready for the agency."""

    _inherit = "res.company"

    handover_at_once = fields.Boolean(
        string="Hand Over at Once",
        help="Members are ready for the agency as soon as the last level is issued."
        " Off: when its deadline is over too (AMB-26).",
    )

from odoo import fields, models

PARTICIPATION = [
    ("no", "No"),
    ("yes", "Yes"),
    ("branch", "Per Branch"),
]


class ResCompany(models.Model):
    """What new members are in collections (AMB-39)."""

    _inherit = "res.company"

    collection_participation = fields.Selection(
        PARTICIPATION,
        string="New Members Take Part in Collections",
        default="yes",
        help="Of the holding, for all its centres.",
    )

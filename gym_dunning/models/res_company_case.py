from odoo import fields, models


class ResCompany(models.Model):
    """How collection cases are numbered."""

    _inherit = "res.company"

    case_code_typed = fields.Boolean(
        string="Type the Codes of Cases",
        help="Off: cases are numbered automatically (G-44).",
    )

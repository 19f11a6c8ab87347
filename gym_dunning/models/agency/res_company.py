from odoo import fields, models


class ResCompany(models.Model):
    """When members are ready for the agency, and how long they are remembered."""

    _inherit = "res.company"

    handover_at_once = fields.Boolean(
        string="Hand Over at Once",
        help="Members are ready for the agency as soon as the last level is issued. "
        "Off: once its deadline is over, too.",
    )
    agency_retention_months = fields.Integer(
        string="Keep Hand-Overs",
        help="Months after which a hand-over whose files are all closed is"
        " anonymised; 0 keeps it.",
    )
    _agency_retention_months_positive = models.Constraint(
        "CHECK (agency_retention_months >= 0)",
        "The number of months cannot be negative. Enter 0 to keep hand-overs for good.",
    )

from odoo import fields, models


class ResCompany(models.Model):
    """What reminding costs the centre, for the figures; nobody is charged by it."""

    _inherit = "res.company"

    dunning_cost_print = fields.Monetary(
        string="A Letter Costs", help="Paper, envelope and postage of one letter."
    )
    dunning_cost_email = fields.Monetary(string="An E-Mail Costs")
    dunning_cost_booking = fields.Monetary(
        string="The Bank Charges for a Payment",
        help="For each payment that comes in, whatever its amount.",
    )
    _dunning_cost_positive = models.Constraint(
        "CHECK (dunning_cost_print >= 0 AND dunning_cost_email >= 0"
        " AND dunning_cost_booking >= 0)",
        "What a reminder costs cannot be negative: enter 0 or more.",
    )

from odoo import fields, models


class ResCompany(models.Model):
    """What an SMS costs the centre, for the figures of reminders."""

    _inherit = "res.company"

    dunning_cost_sms = fields.Monetary(string="An SMS Costs")
    _dunning_cost_sms_positive = models.Constraint(
        "CHECK (dunning_cost_sms >= 0)",
        "What an SMS costs cannot be negative: enter 0 or more.",
    )

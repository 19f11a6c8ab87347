from odoo import fields, models


class GymDunningPolicy(models.Model):
    """Whether runs of the policy debit what may be debited."""

    _inherit = "gym.dunning.policy"

    include_direct_debit = fields.Boolean(
        string="Remind LSV+/Direct Debits",
        help="Items never collected, or returned for want of funds, are debited again"
        " with the reminder. Off: they wait for their debit; what was returned is"
        " reminded by letter.",
    )

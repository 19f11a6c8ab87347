from odoo import fields, models


class GymDunningWhatIf(models.TransientModel):
    """Whether a trial debits what may be debited."""

    _inherit = "gym.dunning.what.if"

    include_direct_debit = fields.Boolean(
        string="Remind LSV+/Direct Debits",
        compute="_compute_filters",
        store=True,
        readonly=False,
        precompute=True,
        help="Items never collected, or returned for want of funds, are debited again"
        " with the reminder. Off: they wait for their debit; what was returned is"
        " reminded by letter.",
    )

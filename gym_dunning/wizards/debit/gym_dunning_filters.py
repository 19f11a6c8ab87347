from odoo import fields, models


class GymDunningFilters(models.AbstractModel):
    """Whether a run, or a trial of one, debits what may be debited."""

    _inherit = "gym.dunning.filters"

    include_direct_debit = fields.Boolean(
        string="Remind LSV+/Direct Debits",
        compute="_compute_filters",
        store=True,
        readonly=False,
        precompute=True,
        help="Items never collected, or returned for want of funds, are debited again,"
        " and the letter says so. Off: they wait for their debit; what was returned"
        " is reminded by letter.",
    )

from odoo import api, fields, models


class GymDunningFilters(models.AbstractModel):
    """What a run is made with, as its policy says until somebody changes it; dialogs say
    which policy it is, and in which currency. Rooms add what they let a run be made with.
    """

    _name = "gym.dunning.filters"
    _description = "Filters of Reminders"

    policy_id = fields.Many2one("gym.dunning.policy")
    currency_id = fields.Many2one("res.currency")
    min_days_overdue = fields.Integer(
        string="Days Overdue (Minimum)",
        compute="_compute_filters",
        store=True,
        readonly=False,
        precompute=True,
        help="Days after the due date from which an item is reminded.",
    )
    min_balance = fields.Monetary(
        string="Minimum Balance",
        compute="_compute_filters",
        store=True,
        readonly=False,
        precompute=True,
        help="What the member owes over all late items; 0: no limit.",
    )
    min_invoice_balance = fields.Monetary(
        string="Minimum Balance per Invoice",
        compute="_compute_filters",
        store=True,
        readonly=False,
        precompute=True,
        help="Smaller items are left out; 0: no limit.",
    )
    payment_days = fields.Integer(
        string="Days to Pay",
        compute="_compute_filters",
        store=True,
        readonly=False,
        precompute=True,
        help="From the run's date to the deadline printed on the reminder.",
    )

    @api.depends("policy_id")
    def _compute_filters(self):
        for dialog in self:
            for name in self._filter_names():
                dialog[name] = dialog.policy_id[name]

    @api.model
    def _filter_names(self):
        return self.env["gym.dunning.run"]._filter_names()

    def _filters(self):
        """Return them by name, as a run takes them."""
        self.ensure_one()
        return {name: self[name] for name in self._filter_names()}

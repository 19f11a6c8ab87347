from odoo import api, fields, models
from odoo.fields import Command, Domain


class GymDunningGenerate(models.TransientModel):
    """Filters of a new run of reminders (E-29 to E-36)."""

    _name = "gym.dunning.generate"
    _description = "Generate Reminders"
    _inherit = ["gym.run.wizard", "gym.dunning.filters"]
    _run_model = "gym.dunning.run"

    run_id = fields.Many2one(
        "gym.dunning.run", help="The estimate that these filters replace."
    )
    centre_ids = fields.Many2many(
        "res.company", string="Centres Reminded", compute="_compute_centre_ids"
    )
    policy_id = fields.Many2one(
        "gym.dunning.policy",
        compute="_compute_policy_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    policy_count = fields.Integer(compute="_compute_policy_count")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="Everything is calculated as of this day, today or earlier.",
    )
    is_automatic = fields.Boolean(
        readonly=True,
        help="Made by the scheduled action: only what is activated for automatic"
        " sending is reminded, and it is sent at once.",
    )

    # what happened to the members whom alone the run is about; none: all
    occasion_ids = fields.Many2many("gym.dunning.occasion", readonly=True)

    @api.depends("company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_centre_ids(self):
        for wizard in self:
            wizard.centre_ids = wizard.company_id._ticked_centres()

    @api.depends("company_id")
    def _compute_policy_id(self):
        policies = self.env["gym.dunning.policy"]
        for wizard in self:
            wizard.policy_id = policies._for_company(wizard.company_id)

    @api.depends("company_id")
    def _compute_policy_count(self):
        policies = self.env["gym.dunning.policy"]
        for wizard in self:
            wizard.policy_count = policies.search_count(
                Domain("company_id", "=", False)
                | Domain("company_id", "parent_of", wizard.company_id.id)
            )

    def _make_run(self):
        # EXTENDS gym.run.wizard
        if not self.policy_id:
            self.policy_id = self.env["gym.dunning.policy"]._for_company_or_raise(
                self.company_id
            )
        return super()._make_run()

    def _prepare_run_vals(self):
        vals = self._filters() | {
            "date": self.date,
            "company_id": self.company_id.id,
            "policy_id": self.policy_id.id,
            "is_automatic": self.is_automatic,
            "auto_send": self.is_automatic,
        }
        # the scheduled action gives them, and no person
        if self.env.su and self.occasion_ids:
            vals["occasion_ids"] = [Command.set(self.occasion_ids.ids)]
        return vals

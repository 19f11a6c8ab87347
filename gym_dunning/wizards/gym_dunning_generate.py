from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.gym_dunning_run import FILTERS
from ..models.gym_dunning_run_automatic import NobodyToRemind


class GymDunningGenerate(models.TransientModel):
    """Filters of a new run of reminders (E-29 to E-36)."""

    _name = "gym.dunning.generate"
    _description = "Generate Reminders"

    run_id = fields.Many2one(
        "gym.dunning.run", help="The estimate that these filters replace."
    )
    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
        help="A centre, or the holding for all its centres.",
    )
    centre_ids = fields.Many2many(
        "res.company", string="Centres Reminded", compute="_compute_centres"
    )
    # names: the rows of companies that are not ticked cannot be read
    unticked_centres = fields.Char(
        string="Centres Not Ticked", compute="_compute_centres"
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
        help="Everything is computed as of this day, today or earlier.",
    )
    min_days_overdue = fields.Integer(
        string="Days of Delay",
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
        help="Owed by the member over all late items; 0 is no limit.",
    )
    min_invoice_balance = fields.Monetary(
        string="Minimum Balance per Invoice",
        compute="_compute_filters",
        store=True,
        readonly=False,
        precompute=True,
        help="Smaller items are left out; 0 is no limit.",
    )
    payment_days = fields.Integer(
        string="Days to Pay",
        compute="_compute_filters",
        store=True,
        readonly=False,
        precompute=True,
        help="From the run's date to the deadline printed on the reminder.",
    )
    is_automatic = fields.Boolean(
        readonly=True,
        help="Made by the scheduled action: only what is activated for automatic"
        " sending is reminded, and it is sent at once.",
    )

    @api.depends("company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_centres(self):
        for wizard in self:
            wizard.centre_ids = wizard.company_id._ticked_centres()
            unticked = wizard.company_id._unticked_centres().sudo()
            wizard.unticked_centres = ", ".join(unticked.mapped("name"))

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

    @api.depends("policy_id")
    def _compute_filters(self):
        for wizard in self:
            policy = wizard.policy_id
            wizard.min_days_overdue = policy.min_days_overdue
            wizard.min_balance = policy.min_balance
            wizard.min_invoice_balance = policy.min_invoice_balance
            wizard.payment_days = policy.payment_days

    def action_continue(self):
        """Estimate who would be reminded (E-36, E-37).

        :return: the action that shows the estimate
        :raise UserError: nobody is to be reminded; nothing is stored then (E-39)
        """
        try:
            run = self._make_run()
        except NobodyToRemind as nobody:
            raise UserError(nobody.args[0]) from None
        return run._get_records_action(name=run.name)

    def _make_run(self):
        """Estimate, for people and for the scheduled action.

        :return: the run
        :raise NobodyToRemind: with the sentence for the user
        """
        self.ensure_one()
        if not self.policy_id:
            self.policy_id = self.env["gym.dunning.policy"]._for_company_or_raise(
                self.company_id
            )
        # who catches the refusal, as scheduled actions do, finds nothing stored
        with self.env.cr.savepoint():
            self._discard_previous()
            run = self.env["gym.dunning.run"].create(self._prepare_run_vals())
            run._estimate()
            if not run.reminder_ids:
                raise NobodyToRemind(run._nobody_message())
        self.run_id = run
        return run

    def _discard_previous(self):
        """Going back and changing filters replaces the estimate (E-38)."""
        previous = self.run_id.exists()
        if previous.state == "estimated":
            previous.unlink()

    def _prepare_run_vals(self):
        return {name: self[name] for name in FILTERS} | {
            "date": self.date,
            "company_id": self.company_id.id,
            "policy_id": self.policy_id.id,
            "is_automatic": self.is_automatic,
            "auto_send": self.is_automatic,
        }

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Generate Reminders"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

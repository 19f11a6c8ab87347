from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

# Taken from the policy where a run does not say otherwise.
FILTERS = ("min_days_overdue", "min_balance", "min_invoice_balance", "payment_days")


class GymDunningRun(models.Model):
    """One run of reminders: its filters, its proposals, who was left out and why."""

    _name = "gym.dunning.run"
    _description = "Run of Reminders"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"

    name = fields.Char(string="Number", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        index=True,
        help="A centre, or the holding for all its centres.",
    )
    # What was ticked when the run was made; a worker has nothing ticked.
    company_ids = fields.Many2many(
        "res.company",
        string="Centres",
        readonly=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_id = fields.Many2one(
        "gym.dunning.policy",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    date = fields.Date(required=True, readonly=True, default=fields.Date.context_today)
    min_days_overdue = fields.Integer(string="Days of Delay", readonly=True)
    min_balance = fields.Monetary(string="Minimum Balance", readonly=True)
    min_invoice_balance = fields.Monetary(
        string="Minimum Balance per Invoice", readonly=True
    )
    payment_days = fields.Integer(string="Days to Pay", readonly=True)
    state = fields.Selection(
        [
            ("estimated", "Estimated"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="estimated",
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
        index=True,
    )
    auto_send = fields.Boolean(
        string="Sends by Itself",
        readonly=True,
        copy=False,
        help="The reminders are sent as soon as they are generated.",
    )
    item_ids = fields.Many2many(
        "account.move.line",
        "gym_dunning_run_item_rel",
        string="Selected Items",
        readonly=True,
        copy=False,
        help="Only these are reminded; empty means all.",
    )
    is_automatic = fields.Boolean(
        string="Made by the Scheduled Action", readonly=True, copy=False
    )
    reminder_ids = fields.One2many("gym.dunning.reminder", "run_id")
    exclusion_ids = fields.One2many("gym.dunning.exclusion", "run_id", readonly=True)
    summary_ids = fields.One2many("gym.dunning.run.summary", "run_id", readonly=True)
    blocking_ids = fields.One2many(
        "gym.dunning.reminder",
        "run_id",
        string="Members to Block",
        domain=[("is_last_level", "=", True), ("state", "!=", "cancelled")],
    )
    block_mode = fields.Selection(related="policy_id.block_mode")
    reminder_count = fields.Integer(compute="_compute_counts", string="Reminders")
    exclusion_count = fields.Integer(compute="_compute_counts", string="Left Out")
    issued_count = fields.Integer(compute="_compute_counts", string="Issued")
    blocking_count = fields.Integer(compute="_compute_counts")
    letter_count = fields.Integer(compute="_compute_letter_count")
    document_count = fields.Integer(compute="_compute_document_count")
    process_ids = fields.One2many(
        "gym.process",
        "res_id",
        string="Processes",
        domain=[("res_model", "=", "gym.dunning.run")],
        readonly=True,
    )
    process_id = fields.Many2one(
        "gym.process", compute="_compute_process", string="Last Process"
    )
    process_state = fields.Selection(
        selection=lambda self: (
            self.env["gym.process"]._fields["state"]._description_selection(self.env)
        ),
        compute="_compute_process",
    )
    process_message = fields.Text(string="Why It Stopped", compute="_compute_process")
    progress = fields.Float(compute="_compute_process")
    skipped_count = fields.Integer(compute="_compute_process", string="Skipped")
    failed_count = fields.Integer(compute="_compute_process", string="Failed")
    failure_ids = fields.Many2many(
        "gym.process.failure", compute="_compute_process", string="Failures"
    )

    # === COMPUTES === #

    @api.depends("reminder_ids.state", "exclusion_ids")
    def _compute_counts(self):
        reminders = self._grouped("gym.dunning.reminder", ["run_id", "state"])
        blocking = self._grouped("gym.dunning.reminder", ["run_id", "is_last_level"])
        exclusions = dict(
            self.env["gym.dunning.exclusion"]._read_group(
                [("run_id", "in", self.ids)], ["run_id"], ["__count"]
            )
        )
        for run in self:
            mine = {state: n for (owner, state), n in reminders.items() if owner == run}
            run.reminder_count = sum(mine.values())
            run.issued_count = mine.get("issued", 0)
            run.blocking_count = blocking.get((run, True), 0)
            run.exclusion_count = exclusions.get(run, 0)

    def _grouped(self, model, groupby):
        rows = self.env[model]._read_group(
            [("run_id", "in", self.ids)], groupby, ["__count"]
        )
        return {tuple(keys): count for *keys, count in rows}

    @api.depends(
        "process_ids.state",
        "process_ids.progress",
        "process_ids.skipped_count",
        "process_ids.failure_ids.retried",
    )
    def _compute_process(self):
        """What the last background job of the run does, and what all of them left."""
        for run in self:
            process = run.process_ids.sorted("id")[-1:]
            run.process_id = process
            run.process_state = process.state
            run.process_message = process.message
            run.progress = process.progress
            run.skipped_count = sum(run.process_ids.mapped("skipped_count"))
            run.failed_count = sum(run.process_ids.mapped("failed_count"))
            run.failure_ids = run.process_ids.failure_ids

    @api.depends("reminder_ids.delivery_state")
    def _compute_letter_count(self):
        counts = dict(
            self.env["gym.dunning.reminder"]._read_group(
                [
                    ("run_id", "in", self.ids),
                    ("state", "=", "issued"),
                    ("delivery_state", "!=", "none"),
                ],
                ["run_id"],
                ["__count"],
            )
        )
        for run in self:
            run.letter_count = counts.get(run, 0)

    def _compute_document_count(self):
        counts = dict(
            self.env["ir.attachment"]._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                ["res_id"],
                ["__count"],
            )
        )
        for run in self:
            run.document_count = counts.get(run.id, 0)

    # === CONSTRAINTS === #

    @api.constrains(
        "date", "min_days_overdue", "min_balance", "min_invoice_balance", "payment_days"
    )
    def _check_filters(self):
        for run in self:
            if run.date > fields.Date.context_today(run):
                raise ValidationError(
                    self.env._("A run cannot be dated in the future: choose today.")
                )
            if min(run.min_days_overdue, run.payment_days) < 0:
                raise ValidationError(
                    self.env._("Days of delay and days to pay cannot be negative.")
                )
            if min(run.min_balance, run.min_invoice_balance) < 0:
                raise ValidationError(
                    self.env._("A minimum balance cannot be negative; 0 is no limit.")
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        runs = super().create([self._complete_vals(vals) for vals in vals_list])
        for run in runs.filtered(lambda run: not run.name):
            sequence = self.env["ir.sequence"].with_company(run.company_id)
            run.name = sequence.next_by_code("gym.dunning.run", sequence_date=run.date)
        return runs

    @api.model
    def _complete_vals(self, vals):
        """Take what is not given from the centre and its policy."""
        company = self.env["res.company"].browse(
            vals.get("company_id") or self.env.company.id
        )
        policies = self.env["gym.dunning.policy"]
        policy = policies.browse(vals.get("policy_id"))
        policy = policy or policies._for_company_or_raise(company)
        defaults = {name: policy[name] for name in FILTERS}
        defaults["company_ids"] = [Command.set(company._ticked_centres().ids)]
        return defaults | vals | {"company_id": company.id, "policy_id": policy.id}

    def unlink(self):
        """Discard estimates; what was issued is cancelled, never deleted."""
        for run in self:
            run._check_state("estimated")
        return super().unlink()

    # === STATES === #

    def _check_state(self, *allowed):
        """Refuse what does not fit the state, saying so."""
        states = dict(self._fields["state"]._description_selection(self.env))
        for run in self:
            if run.state not in allowed:
                raise UserError(
                    self.env._(
                        "%(run)s is in state '%(state)s'; this needs '%(needed)s'.",
                        run=run.name,
                        state=states[run.state],
                        needed=", ".join(states[state] for state in allowed),
                    )
                )

    # === ACTIONS === #

    def action_change_filters(self):
        """Go back to the wizard with this run's filters (E-38)."""
        self._check_state("estimated")
        wizard = self.env["gym.dunning.generate"].create(
            {
                "run_id": self.id,
                "company_id": self.company_id.id,
                "policy_id": self.policy_id.id,
                "date": self.date,
                "min_days_overdue": self.min_days_overdue,
                "min_balance": self.min_balance,
                "min_invoice_balance": self.min_invoice_balance,
                "payment_days": self.payment_days,
            }
        )
        return wizard._action_open()

    def action_discard(self):
        """Throw the estimate away; nothing of it stays."""
        self.unlink()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_dunning_reminder_action"
        )
        return dict(action, target="main")  # no way back to what is gone

    def action_resume(self):
        """Start the stopped background job again where it stood."""
        self.ensure_one()
        self.process_id.action_resume()

    def action_open_reminders(self):
        """List the run's reminders."""
        return self._reminders_action([])

    def action_open_exclusions(self):
        """List who was left out and why."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_dunning_exclusion_action"
        )
        return dict(action, domain=[("run_id", "=", self.id)], context={})

    def action_open_documents(self):
        """List the PDFs of this run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.ir_attachment_action_documents"
        )
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        return dict(action, domain=domain)

    def _reminders_action(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_dunning_reminder_action"
        )
        domain = Domain("run_id", "in", self.ids) & Domain(domain)
        return dict(action, domain=list(domain), context={})

    def action_block_members(self):
        """Ask to confirm the selected members, then block them (E-44, E-45)."""
        self.ensure_one()
        self._check_state("running", "done")
        if self.block_mode == "none":
            raise UserError(
                self.env._(
                    "The policy %s never blocks members. Change 'Blocking at the Last"
                    " Level' there first.",
                    self.policy_id.name,
                )
            )
        selected = self.blocking_ids.filtered(
            lambda reminder: (
                reminder.block_access
                and reminder.state == "issued"
                and not reminder.member_status_before_id
            )
        )
        if not selected:
            raise UserError(
                self.env._("Nobody is selected: tick the members to block first.")
            )
        wizard = self.env["gym.access.change"].create(
            {
                "partner_ids": [Command.set(selected.partner_id.ids)],
                "reminder_ids": [Command.set(selected.ids)],
                "member_status_id": self.policy_id.last_member_status_id.id,
            }
        )
        return wizard._action_open()

    def action_select_all(self):
        """Tick all members who reached the last level."""
        self.blocking_ids.block_access = True

    def action_select_none(self):
        """Untick all members."""
        self.blocking_ids.block_access = False

    def _post_summary(self, text):
        """Write a result into the chatter."""
        self.message_post(body=Markup("<p>%s</p>") % text)

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...exceptions import NothingToDo

# What a run is like is chosen for its estimate; a change makes another run.
GUARDED = frozenset(
    {
        "policy_id",
        "min_days_overdue",
        "min_balance",
        "min_invoice_balance",
        "payment_days",
        "auto_send",
        "item_ids",
        "is_automatic",
        "occasion_ids",
    }
)
TASK_TYPE = "mail.mail_activity_data_todo"


class GymDunningRun(models.Model):
    """One run of reminders: its filters, its proposals, who was left out and why."""

    _name = "gym.dunning.run"
    _description = "Run of Reminders"
    _inherit = ["gym.run.mixin"]
    _list_action = "gym_dunning.gym_dunning_reminder_action"

    policy_id = fields.Many2one(
        "gym.dunning.policy",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    min_days_overdue = fields.Integer(string="Days Overdue (Minimum)", readonly=True)
    min_balance = fields.Monetary(string="Minimum Balance", readonly=True)
    min_invoice_balance = fields.Monetary(
        string="Minimum Balance per Invoice", readonly=True
    )
    payment_days = fields.Integer(string="Days to Pay", readonly=True)
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
    # what most gyms never claim takes no room; where it is claimed, sums add up
    has_interest = fields.Boolean(string="Interest", compute="_compute_has_costs")
    has_charges = fields.Boolean(string="Bank Charges", compute="_compute_has_costs")
    blocking_ids = fields.One2many(
        "gym.dunning.reminder",
        "run_id",
        string="Members to Block",
        domain=[("is_blocking", "=", True), ("state", "!=", "cancelled")],
    )
    block_mode = fields.Selection(related="policy_id.block_mode")
    reminder_count = fields.Integer(compute="_compute_counts", string="Reminders")
    exclusion_count = fields.Integer(compute="_compute_counts", string="Left Out")
    issued_count = fields.Integer(compute="_compute_counts", string="Issued")
    blocking_count = fields.Integer(compute="_compute_counts")
    letter_count = fields.Integer(compute="_compute_letter_count")
    to_block_count = fields.Integer(
        compute="_compute_to_block_count",
        compute_sudo=True,
        string="Still to Block",
        help="They reached the last level, and nobody took their access yet.",
    )

    # === COMPUTES === #

    @api.depends("reminder_ids.state", "exclusion_ids")
    def _compute_counts(self):
        reminders = self._grouped("gym.dunning.reminder", ["run_id", "state"])
        blocking = self._grouped(
            "gym.dunning.reminder", ["run_id"], [("is_blocking", "=", True)]
        )
        exclusions = dict(
            self.env["gym.dunning.exclusion"]._read_group(
                [("run_id", "in", self.ids)], ["run_id"], ["__count"]
            )
        )
        for run in self:
            mine = {state: n for (owner, state), n in reminders.items() if owner == run}
            run.reminder_count = sum(mine.values())
            run.issued_count = mine.get("issued", 0)
            run.blocking_count = blocking.get((run,), 0)
            run.exclusion_count = exclusions.get(run, 0)

    def _grouped(self, model, groupby, domain=()):
        rows = self.env[model]._read_group(
            [("run_id", "in", self.ids), *domain], groupby, ["__count"]
        )
        return {tuple(keys): count for *keys, count in rows}

    @api.depends("reminder_ids.amount_interest", "reminder_ids.amount_charges")
    def _compute_has_costs(self):
        for run in self:
            run.has_interest = any(run.summary_ids.mapped("amount_interest"))
            run.has_charges = any(run.summary_ids.mapped("amount_charges"))

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

    @api.depends("blocking_ids.consequence_ids.member_status_id", "state")
    def _compute_to_block_count(self):
        for run in self:
            asks = run.state in ("running", "done") and run.block_mode != "none"
            issued = run.blocking_ids.filtered(lambda one: one.state == "issued")
            run.to_block_count = len(issued._members_to_block()) if asks else 0

    # === CONSTRAINTS === #

    @api.constrains(
        "date", "min_days_overdue", "min_balance", "min_invoice_balance", "payment_days"
    )
    def _check_filters(self):
        for run in self:
            today = fields.Date.context_today(run)
            # who plans from elsewhere goes by his own day or by the gym's
            if run.date > max(today, run.company_id._gym_today()):
                raise ValidationError(
                    self.env._("A run cannot be dated in the future: choose today.")
                )
            if min(run.min_days_overdue, run.payment_days) < 0:
                raise ValidationError(
                    self.env._("Days overdue and days to pay cannot be negative.")
                )
            if min(run.min_balance, run.min_invoice_balance) < 0:
                raise ValidationError(
                    self.env._(
                        "The minimum balance cannot be negative. Enter 0 for no limit."
                    )
                )

    # === CRUD === #

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded
        return super()._guarded_fields() | GUARDED

    @api.model
    def _guarded_on_create(self):
        # EXTENDS gym.guarded: only the scheduled action makes automatic runs
        return super()._guarded_on_create() | {"is_automatic", "occasion_ids"}

    def unlink(self):
        # EXTENDS gym.run.base: proposals go with their estimate, issued reminders
        # keep the database itself from deleting the run
        self.check_access("unlink")
        with self.env.cr.savepoint():
            self.filtered(lambda run: run.state == "estimated")._drop_proposals()
            return super().unlink()

    def _has_results(self):
        # EXTENDS gym.run.base
        issued = Domain("run_id", "in", self.ids) & Domain("state", "!=", "proposed")
        reminders = self.env["gym.dunning.reminder"].sudo()  # also of other centres
        return super()._has_results() or bool(reminders.search_count(issued, limit=1))

    def _drop_proposals(self):
        """Delete what these runs proposed and did not issue, without a trace."""
        self.env.flush_all()
        self.env["gym.dunning.reminder"]._delete_proposals(
            SQL("run_id IN %s", tuple(self.ids or [0]))
        )
        self.env.invalidate_all()

    @api.model
    def _complete_vals(self, vals):
        """Take what is not given from the centre and its policy."""
        vals = super()._complete_vals(vals)
        policies = self.env["gym.dunning.policy"]
        policy = policies.browse(vals.get("policy_id"))
        policy = policy or policies._for_company_or_raise(
            self.env["res.company"].browse(vals["company_id"])
        )
        defaults = {name: policy[name] for name in self._filter_names()}
        return defaults | vals | {"policy_id": policy.id}

    @api.model
    def _filter_names(self):
        """Return what a run takes from its policy where nobody says otherwise."""
        return [
            "min_days_overdue",
            "min_balance",
            "min_invoice_balance",
            "payment_days",
        ]

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
            }
            | {name: self[name] for name in self._filter_names()}
        )
        return wizard._action_open()

    def action_open_reminders(self):
        """List the run's reminders."""
        return self._reminders_action(
            [],
            self.env._("This run has no reminder"),
            self.env._("All were left out by hand, or taken over by a later run."),
        )

    def action_open_exclusions(self):
        """List who was left out and why."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_dunning_exclusion_action"
        )
        return dict(
            action,
            domain=[("run_id", "=", self.id)],
            context={},
            help=self._empty_help(
                self.env._("Nobody was left out"),
                self.env._("Every late item of this run is on a reminder."),
            ),
        )

    def _reminders_action(self, domain, title=None, text=None):
        """Return the action that lists reminders of these runs.

        :param title: and `text`: what an empty list says
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_dunning_reminder_action"
        )
        domain = Domain("run_id", "in", self.ids) & Domain(domain)
        title = title or self.env._("No reminder is like that any more")
        estimated = all(run.state == "estimated" for run in self)
        return dict(
            action,
            domain=list(domain),
            context={"gym_estimated": estimated},
            help=self._empty_help(title, text or ""),
        )

    @api.model
    def _empty_help(self, title, text):
        """Return what an empty list says."""
        smiling = Markup("<p class='o_view_nocontent_smiling_face'>%s</p>") % title
        return smiling + Markup("<p>%s</p>") % text

    def action_open_blocking(self):
        """List the reminders whose members may be blocked."""
        return self._reminders_action(
            [("is_blocking", "=", True), ("state", "=", "issued")],
            self.env._("Nobody is to be blocked"),
            self.env._("No reminder of this run is of the last level."),
        )

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
            lambda reminder: reminder.block_access and reminder.state == "issued"
        )
        members = selected._members_to_block()
        if not members:
            raise NothingToDo(
                self.env._("Nobody is selected. Tick the members to block first.")
            )
        wizard = self.env["gym.access.change"].create(
            {
                "partner_ids": [Command.set(members.ids)],
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

    # === ADDRESS === #
    # Whom no letter can reach becomes a task: an exclusion alone is read by nobody.

    def _plan_address_tasks(self):
        """Ask the responsible for the addresses that the run did not find: once for
        each person, until the task is done."""
        # sudo: the task is for somebody who may not be who generates
        unreachable = self._unreachable().sudo()
        for user, persons in unreachable.grouped(self._who_finds_addresses).items():
            env = self.with_context(lang=user.lang).env
            summary = env._("No address for reminders")
            same = Domain("summary", "=", summary)
            known = persons.activity_search([TASK_TYPE], additional_domain=same)
            asked = persons.browse(known.mapped("res_id"))
            (persons - asked).with_context(
                mail_activity_quick_update=True
            ).activity_schedule(
                TASK_TYPE,
                summary=summary,
                user_id=user.id,
                note=Markup("<p>%s</p>")
                % env._(
                    "Reminder run %s left out this debt because the recipient has "
                    "neither an e-mail nor a postal address. Enter one here, or on "
                    "the guardian or payment contact.",
                    self.name,
                ),
            )

    def _unreachable(self):
        """Return to whom the letters left out for want of an address were."""
        items = self.exclusion_ids.filtered(lambda row: row.reason == "no_address")
        ids = items.move_line_id.ids
        if not ids:
            return self.env["res.partner"]
        ledger = self.env["gym.open.item"].with_context(dunning_date=self.date)
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT COALESCE(item.invoiced_member_id, item.partner_id)
                     FROM (%s) item WHERE item.id IN %s""",
                ledger._table_query,
                tuple(ids),
            )
        )
        return self.env["res.partner"].browse(person_id for (person_id,) in rows)

    def _who_finds_addresses(self, person):
        """Return who looks after the person, else who answers for the policy, else
        who made the run."""
        if (clerk := person._gym_clerk()).active:
            return clerk
        if self.policy_id.sudo().responsible_id.active or self.is_automatic:
            return self.policy_id._responsible()
        return self.sudo().create_uid

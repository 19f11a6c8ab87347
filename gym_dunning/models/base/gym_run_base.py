from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...exceptions import NothingToDo
from .gym_process import OPEN_STATES

# From which state to which a run may go; what is cancelled stays cancelled.
TRANSITIONS = {
    "estimated": {"running"},
    "running": {"estimated", "done"},
    "done": {"running", "cancelled"},
    "cancelled": set(),
}


class NothingProposed(Exception):
    """An estimate proposes nothing, which is no failure of a scheduled action."""


class GymRunBase(models.AbstractModel):
    """What runs of every kind share: centres and their background jobs.

    A run has a `state`, whose first value is `estimated`; it and what was chosen
    for the estimate are written by the run itself only.
    """

    _name = "gym.run.base"
    _description = "Run"
    _inherit = [
        "gym.guarded",
        "mail.thread",
        "mail.activity.mixin",
        "gym.process.owner",
    ]
    _list_action = None  # where a discarded estimate leads back to
    _order = "date desc, id desc"
    _step = "generate"  # the job that does what the estimate proposes
    _working_state = "running"
    _proposal_order = "id"
    _slice_field = None  # by what proposals may be worked side by side

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
    company_ids = fields.Many2many("res.company", string="Centres", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, readonly=True, default=fields.Date.context_today)
    document_count = fields.Integer(compute="_compute_document_count")

    # === COMPUTES === #

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

    # === CRUD === #

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded
        guarded = {"name", "state", "company_id", "company_ids", "date"}
        return super()._guarded_fields() | guarded

    @api.model
    def _guarded_on_create(self):
        # EXTENDS gym.guarded: what a dialog chooses is given when the run is made
        return super()._guarded_on_create() | {"name"}

    @api.model
    def _guarded_hint(self):
        # EXTENDS gym.guarded
        return self.env._("Discard the estimate and create another one instead.")

    @api.model_create_multi
    def create(self, vals_list):
        runs = super().create([self._complete_vals(vals) for vals in vals_list])
        for run in runs.filtered(lambda run: not run.name):
            sequence = self.env["ir.sequence"].with_company(run.company_id)
            # sudo: a number is given, nobody chooses it
            run.sudo().name = sequence.next_by_code(self._name, sequence_date=run.date)
        return runs

    @api.model
    def _complete_vals(self, vals):
        """Take what is not given from the centre."""
        company = self.env["res.company"].browse(
            vals.get("company_id") or self.env.company.id
        )
        defaults = {"company_ids": [Command.set(company._ticked_centres().ids)]}
        return defaults | vals | {"company_id": company.id}

    def unlink(self):
        """Discard estimates; what was done is cancelled, never deleted."""
        for run in self:
            run._check_state("estimated")
            if run._has_results():
                raise UserError(
                    self.env._(
                        "%s has already done something and is not deleted, so that "
                        "its history is kept.",
                        run.name,
                    )
                )
        return super().unlink()

    def _has_results(self):
        """Tell whether anything was done that must not vanish with the run."""
        return any(process.state in OPEN_STATES for process in self.process_ids)

    def action_discard(self):
        """Throw the estimate away; nothing of it stays.

        :return: the action that leads back to where the estimate was opened, else to
            the list
        """
        self.unlink()
        action = self.env["ir.actions.act_window"]._for_xml_id(self._list_action)
        return {
            "type": "ir.actions.client",
            "tag": "gym_back",
            "params": {"next": dict(action, target="main")},
        }

    # === ESTIMATE === #

    def _estimate(self):
        """Store what the run would do."""
        raise NotImplementedError

    def _has_proposals(self):
        """Tell whether the estimate proposes anything."""
        raise NotImplementedError

    def _nobody_message(self):
        """Say that nothing is proposed, and why."""
        raise NotImplementedError

    def action_estimate(self):
        """Estimate again: what would be done as things stand now, and what not and
        why."""
        for run in self:
            run._check_state("estimated")
            run._estimate()

    # === GENERATION === #

    def action_generate(self):
        """Do what the estimate proposes, in the background.

        Started twice, or by two people, it runs once; the run shows its progress.

        :return: an action that shows the run where it is not shown already; for
            whoever was second, a message
        :raise UserError: nothing is proposed, or the run was cancelled
        """
        self.ensure_one()
        self.check_access("write")
        self._wait_for_lock()
        if second := self._second_start():
            return second
        self._check_state("estimated")
        self._check_generate()
        proposed = self._proposal_model().search_count(self._proposed_domain())
        if not proposed:
            raise NothingToDo(self._nothing_to_generate())
        self._set_state(self._working_state)
        self.env["gym.process"]._start(self, self._process_name(), self._step, proposed)
        return self._show_started()

    def _second_start(self):
        """Return what is shown to who starts a run that is started already."""
        raise NotImplementedError

    def _check_generate(self):
        """Refuse to start what could not be done."""

    def _proposed_domain(self):
        """Return the domain of what the job works, of the model `_proposal_model()`."""
        raise NotImplementedError

    def _proposal_model(self):
        """Return the model of what is proposed."""
        raise NotImplementedError

    def _next_proposed(self, process):
        """Return the next proposals of a batch, without those that failed."""
        failed = process._open_failures().mapped("res_id")
        return self._proposal_model().search(
            self._proposed_domain()
            & process._slice_domain(self._slice_field)
            & Domain("id", "not in", failed),
            order=self._proposal_order,
            limit=self._batch_size(),
        )

    def _batch_size(self):
        """Return how many proposals are worked and committed together."""
        raise NotImplementedError

    def _nothing_to_generate(self):
        """Say that nothing is left to do, and what to do."""
        return self._nobody_message()

    def _process_name(self):
        """Return the name of the job, as the list of processes shows it."""
        raise NotImplementedError

    def _show_started(self):
        """Return an action that shows the run at work; None: it is shown already."""
        return

    # === STATES === #

    def _check_state(self, *allowed):
        """Refuse what does not fit the state, saying so."""
        states = dict(self._fields["state"]._description_selection(self.env))
        for run in self:
            if run.state not in allowed:
                run._check_not_stopped()
                raise UserError(
                    self.env._(
                        "%(run)s is in state '%(state)s'; this needs '%(needed)s'.",
                        run=run.name,
                        state=states[run.state],
                        needed=", ".join(states[state] for state in allowed),
                    )
                )

    def _check_not_stopped(self):
        """A run whose job a defect stopped is in no state to go on from."""
        if self.state == "running" and self.process_state == "failed":
            raise UserError(
                self.env._(
                    "%s stopped before it was finished. Press Resume to finish it, or"
                    " Give Up to keep what was done and leave the rest.",
                    self.name,
                )
            )

    # === ACTIONS === #

    def action_open_documents(self):
        """List the PDFs of this run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.ir_attachment_action_documents"
        )
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        return dict(action, domain=domain, context={})

    def _responsible(self):
        """Return who answers for the run: who made it, if still there."""
        self.ensure_one()
        return self.create_uid._gym_first_present()

    # === PROCESS OWNER === #

    def _process_slices(self, process):
        # EXTENDS gym.process.owner
        if process.step != self._step or not self._slice_field:
            return super()._process_slices(process)
        return process.slice_ids._keys(
            self._proposal_model(),
            self._proposed_domain(),
            self._slice_field,
            self._batch_size(),
        )

    def _process_companies(self):
        # EXTENDS gym.process.owner
        return super()._process_companies() | self.company_ids


class GymRunMixin(models.AbstractModel):
    """A run that is over when its work is done."""

    _name = "gym.run.mixin"
    _description = "Run with an End"
    _inherit = ["gym.run.base"]

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
    left_count = fields.Integer(
        string="Left Undone",
        compute="_compute_left_count",
        help="Proposed, but not processed before the run was ended.",
    )

    @api.depends("state", "can_retry")
    def _compute_left_count(self):
        for run in self:
            # what failed and may be tried again is told apart
            is_over = run.state == "done" and not run.can_retry
            proposals = run._proposal_model()
            run.left_count = is_over and proposals.search_count(run._proposed_domain())

    # === STATES === #

    def _set_state(self, state):
        """Change the state; nothing else writes it.

        :raise UserError: a run does not go from its state to that one
        """
        for run in self.filtered(lambda run: run.state != state):
            run._check_state(*(old for old, new in TRANSITIONS.items() if state in new))
            # sudo: the buttons and the jobs decide, people do not write states
            run.sudo().state = state

    def _restart_refusal(self, process):
        # EXTENDS gym.process.owner
        if self.state == "cancelled":
            return self.env._(
                "%s is cancelled, so nothing more is done. The next estimate proposes "
                "what is still open.",
                self.name,
            )
        return super()._restart_refusal(process)

    def _has_done(self):
        """Tell whether the job did anything that stands."""
        raise NotImplementedError

    def _process_cancelled(self, process):
        # EXTENDS gym.process.owner: a run stopped half way keeps what it did, and no
        # more
        result = super()._process_cancelled(process)
        if process.step == self._step and self.state == "running":
            self._set_state("done" if self._has_done() else "estimated")
        return result

    def _left_sentence(self, process):
        # EXTENDS gym.process.owner
        if process.step != self._step:
            return super()._left_sentence(process)
        return self.env._("The next estimate proposes the rest again.")

    def _proposed_domain(self):
        return Domain("run_id", "=", self.id) & Domain("state", "=", "proposed")

    # === SECOND STARTS === #

    def _second_start(self):
        # EXTENDS gym.run.base: it is no error, what was wanted is done
        if self.state not in ("running", "done"):
            return None
        text = (
            self.env._("%s has already been started and is being processed.", self.name)
            if self.state == "running"
            else self.env._("%s is already done. Nothing was done twice.", self.name)
        )
        return self._message_action(text)

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL


class NothingProposed(Exception):
    """An estimate proposes nothing, which is no failure of a scheduled action."""


class GymRunBase(models.AbstractModel):
    """What runs of every kind share: centres and their background jobs.

    A run has a `state`, whose first value is `estimated`. It dispatches a job by
    its step: `_process_<step>` works a batch, `_process_<step>_done` and
    `_process_<step>_restarted` are told.
    """

    _name = "gym.run.base"
    _description = "Run"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _list_action = None  # where a discarded estimate leads back to
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
    company_ids = fields.Many2many("res.company", string="Centres", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, readonly=True, default=fields.Date.context_today)
    process_ids = fields.One2many(
        "gym.process",
        "res_id",
        string="Processes",
        domain=lambda self: [("res_model", "=", self._name)],
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
    document_count = fields.Integer(compute="_compute_document_count")

    # === COMPUTES === #

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

    @api.model_create_multi
    def create(self, vals_list):
        runs = super().create([self._complete_vals(vals) for vals in vals_list])
        for run in runs.filtered(lambda run: not run.name):
            sequence = self.env["ir.sequence"].with_company(run.company_id)
            run.name = sequence.next_by_code(self._name, sequence_date=run.date)
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
        return super().unlink()

    def action_discard(self):
        """Throw the estimate away; nothing of it stays."""
        self.unlink()
        action = self.env["ir.actions.act_window"]._for_xml_id(self._list_action)
        return dict(action, target="main")  # no way back to what is gone

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

    def _wait_for_lock(self):
        """Work after whoever works on this run; his change restarts our request.

        Odoo's own `lock_for_update` refuses at once, with a sentence about locks.
        """
        self.env.cr.execute(
            SQL(
                "SELECT 1 FROM %s WHERE id IN %s FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                tuple(self.ids),
            )
        )

    # === ACTIONS === #

    def action_retry_failed(self):
        """Try again the records that failed, once the cause is mended."""
        self.ensure_one()
        self.process_ids.filtered("failed_count").action_retry_failed()

    def action_resume(self):
        """Start the stopped background job again where it stood."""
        self.ensure_one()
        self.process_id.action_resume()

    def action_open_documents(self):
        """List the PDFs of this run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.ir_attachment_action_documents"
        )
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        return dict(action, domain=domain, context={})

    def _post_summary(self, text):
        """Write a result into the chatter."""
        self.message_post(body=Markup("<p>%s</p>") % text)

    # === PROCESS OWNER === #

    def _process_batch(self, process):
        """Work the next batch of the process; see `gym.process`."""
        self.ensure_one()
        run = self.with_company(self.company_id).with_context(
            allowed_company_ids=(self.company_id | self.company_ids).ids
        )
        return getattr(run, f"_process_{process.step}")(process)

    def _process_done(self, process):
        getattr(self, f"_process_{process.step}_done")(process)

    def _process_restarted(self, process):
        getattr(self, f"_process_{process.step}_restarted")(process)

    def _process_failed(self, process):
        """A defect stopped a job of this run."""

    def _process_cancelled(self, process):
        """Somebody stopped a job of this run."""

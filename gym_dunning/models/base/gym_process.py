import logging

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

OPEN_STATES = ("pending", "running")

# Somebody else changed the same rows meanwhile: the transaction is lost, the
# work is not, because a batch and its new state are committed together.
CONCURRENCY_ERRORS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.LockNotAvailable,
)


def try_lock(cr, name, number):
    """Take the lock of that name and number unless somebody has it; it is held until
    the transaction ends, and no row is locked.

    :return: whether it was taken
    """
    statement = "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)"
    cr.execute(SQL(statement, name, number))
    return cr.fetchone()[0]


class GymProcess(models.Model):
    """One background job of a run, worked in batches (E-68b).

    The owner (`res_model`, `res_id`) implements `_process_batch(process)`: it
    works its next batch, reports it with `_count` and `_add_failure`, and
    returns the number of records it handled; 0 ends the process. It is told by
    `_process_done`, `_process_failed` (a defect stopped it), `_process_restarted`
    and `_process_cancelled`, and asked by `_restart_refusal`. A batch is
    committed together with its counters, so a killed server goes on where it
    stood.
    """

    _name = "gym.process"
    _description = "Background Process"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    step = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="pending",
        required=True,
        readonly=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", string="Centre", required=True, readonly=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Started by",
        default=lambda self: self.env.user,
        required=True,
        readonly=True,
    )
    date_start = fields.Datetime(string="Started on", readonly=True)
    date_end = fields.Datetime(string="Ended on", readonly=True)
    total = fields.Integer(readonly=True)
    done_count = fields.Integer(string="Done", readonly=True)
    skipped_count = fields.Integer(string="Skipped", readonly=True)
    failed_count = fields.Integer(string="Failed", compute="_compute_failed_count")
    can_retry = fields.Boolean(
        compute="_compute_can_retry",
        help="Some records failed and can still be retried.",
    )
    progress = fields.Float(compute="_compute_progress", help="Percent handled.")
    failure_ids = fields.One2many("gym.process.failure", "process_id", readonly=True)
    message = fields.Text(string="Why It Stopped", readonly=True)

    @api.depends("failure_ids.retried")
    def _compute_failed_count(self):
        for process in self:
            process.failed_count = len(process._open_failures())

    @api.depends("total", "done_count", "skipped_count", "failed_count", "state")
    def _compute_progress(self):
        for process in self:
            handled = process.done_count + process.skipped_count + process.failed_count
            if process.state == "done":
                process.progress = 100.0
            else:
                process.progress = min(100.0, 100.0 * handled / (process.total or 1))

    @api.depends("state", "failure_ids.retried")
    def _compute_can_retry(self):
        for process in self:
            process.can_retry = process._open_failures() and not (
                process._restart_refusal()
            )

    # === ACTIONS === #

    def action_open_owner(self):
        """Open the record the process works for."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_cancel(self):
        """Stop after the batch that is being worked; what is done stays done.

        A job that a defect stopped is given up: nobody can resume it any more.
        """
        self._check_clerk()
        for process in self.filtered(lambda p: p.state in (*OPEN_STATES, "failed")):
            # why it stopped is still worth knowing
            reason = process.state == "failed" and process.message
            process._close("cancelled", reason)
            if owner := process._owner(self.env.user):
                owner._process_cancelled(process)

    def action_resume(self):
        """Start a process that a defect stopped, or that waits, where it stood.

        :raise UserError: it was cancelled or is done, or its record went on since
        """
        self._check_clerk()
        for process in self:
            process._check_restart()
            if process.state == "done":
                raise UserError(self.env._("%s is already done.", process.name))
        # the clerk may start jobs, not edit their figures
        self.filtered(lambda process: process.state != "running").sudo()._restart()

    def action_retry_failed(self):
        """Try again every record that failed (E-69c, AMB-18)."""
        self._check_clerk()
        self.failure_ids.action_retry()

    def _check_restart(self):
        for process in self:
            if refusal := process._restart_refusal():
                raise UserError(refusal)

    def _restart_refusal(self):
        """Return why the job may not be started again, or False."""
        self.ensure_one()
        # sudo: whether a record went on is asked for whoever may start the job
        owner = self.env[self.res_model].sudo().browse(self.res_id).exists()
        if not owner:
            return self.env._("The record that %s worked on was deleted.", self.name)
        return owner._restart_refusal(self)

    def _check_clerk(self):
        self.check_access("read")
        if not self.env.user.has_group("gym_dunning.group_dunning_user"):
            raise UserError(
                self.env._("Only a reminder clerk may start or stop processes.")
            )

    # === STARTING === #

    @api.model
    def _start(self, owner, name, step, total):
        """Queue a job for `owner` and wake the worker at commit.

        :return: the new process
        """
        # sudo: whoever may start the run may queue its job; the job's figures
        # are written by the worker only
        self.sudo()._replace_earlier(owner, step)
        process = self.sudo().create(
            {
                "name": name,
                "res_model": owner._name,
                "res_id": owner.id,
                "step": step,
                "total": total,
                "company_id": owner.company_id.id,
                "user_id": self.env.uid,
            }
        )
        self._wake_up()
        return process

    @api.model
    def _replace_earlier(self, owner, step):
        """A new job takes over what an earlier one of its kind left undone."""
        earlier = self.search(
            [
                ("res_model", "=", owner._name),
                ("res_id", "=", owner.id),
                ("step", "=", step),
            ]
        )
        earlier.filtered(lambda process: process.state == "failed")._close("cancelled")
        earlier._open_failures().retried = True

    def _restart(self):
        """Start jobs again; whoever asked was allowed to."""
        for process in self:
            owner = process._owner(self.env.user)
            process.write({"state": "pending", "message": False, "date_end": False})
            owner._process_restarted(process)
        self._wake_up()

    @api.model
    def _wake_up(self, at=None):
        # sudo: a clerk may not read scheduled actions, but starts this one
        self.env.ref("gym_dunning.ir_cron_process").sudo()._trigger(at=at)

    # === WORKING === #

    @api.model
    def _cron_run(self):
        """Work all open processes, a batch of each in turn (one worker)."""
        self = self.sudo()  # a worker serves everybody, whoever wakes it
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(self._open_processes()))
        try:
            while processes := self._open_processes():
                for process in processes:
                    handled = process._work_batch()
                    if not cron._commit_progress(handled, remaining=1):
                        self._wake_up()
                        return
            cron._commit_progress(remaining=0)
        except CONCURRENCY_ERRORS:
            _logger.info("A batch met another transaction; it is worked again.")
            self.env.cr.rollback()
            self._wake_up()

    @api.model
    def _open_processes(self):
        processes = self.search([("state", "in", OPEN_STATES)], order="id")
        return processes.filtered(lambda process: process._is_due())

    def _is_due(self):
        """Tell whether the process may be worked now."""
        return self.state in OPEN_STATES

    def _work_now(self):
        """Work a small job to its end in the caller's transaction."""
        self.ensure_one()
        # as the worker would; 0: it has ended, or somebody else is working it
        while self._is_due() and self.sudo()._work_batch():
            pass

    def _work_batch(self):
        """Work one batch; return the number of records handled."""
        self.ensure_one()
        # A second worker passes by. No row is locked: batches follow each other at
        # once, and a user who cancels would meet a locked row whenever he tries.
        # A batch that was cancelled under way fails on its figures, rolled back.
        if not try_lock(self.env.cr, self._table, self.id):
            return 0
        if not self._is_due():  # cancelled while we waited our turn
            return 0
        if self.state == "pending":
            self.write(
                {
                    "state": "running",
                    "date_start": self.date_start or fields.Datetime.now(),
                }
            )
        owner = self._owner()
        if not owner:
            self._close("cancelled", self.env._("The record was deleted meanwhile."))
            return 0
        try:
            with self.env.cr.savepoint():
                handled = owner._process_batch(self)
                if not handled and self.state == "running":
                    self._close("done")
                    owner._process_done(self)
        except CONCURRENCY_ERRORS:
            raise
        except Exception as error:  # pylint: disable=broad-except
            # Whatever breaks a batch must reach a person: nobody watches a
            # background job. The batch is rolled back, the job can be resumed.
            if self._is_killed(error) and not self.attempt:
                self._try_again(error, owner)
            else:
                _logger.exception("Process %s (%s) stopped", self.id, self.name)
                self._stop(error, owner)
            return 0
        return handled

    def _owner(self, user=None):
        """Return the owning record, acting for the person who started the job.

        :param user: who acts instead: whoever stops a job or starts it again is named
            in the record's history
        """
        user = user or self.user_id
        return (
            self.env[self.res_model]
            .with_user(user)
            .with_context(lang=user.lang)
            # sudo: the person's right to start was checked when the job was
            # queued; companies unticked meanwhile must not break it
            .sudo()
            .browse(self.res_id)
            .exists()
        )

    def _close(self, state, message=False):
        # sudo: cancelling is a clerk's right, editing the figures is nobody's
        self.sudo().write(
            {"state": state, "date_end": fields.Datetime.now(), "message": message}
        )

    def _count(self, done=0, skipped=0):
        """Add a batch's results to the figures."""
        self.done_count += done
        self.skipped_count += skipped

    def _add_failure(self, record, message):
        """Note that `record` failed with a sentence a person understands."""
        self.env["gym.process.failure"].create(
            {
                "process_id": self.id,
                "res_model": record._name,
                "res_id": record.id,
                "record_name": self._name_of(record),
                "message": message,
            }
        )

    @api.model
    def _name_of(self, record):
        """Name a record with its member: a number alone tells nobody whose it is."""
        name = record.display_name or record._description
        member = record["partner_id"].name if "partner_id" in record else False
        return f"{name}, {member}" if member and member not in name else name

    def _open_failures(self):
        return self.failure_ids.filtered(lambda failure: not failure.retried)

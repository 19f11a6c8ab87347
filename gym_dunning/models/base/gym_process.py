import logging

import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
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

    The owner (`res_model`, `res_id`) implements `_process_batch(process, slice)`: it
    works the next batch of a slice, reports it with `_count` and `_add_failure`, and
    returns the number of records it handled; 0 ends the slice, the last one the
    process. Into which slices it is cut, `_process_slices` says. It is told by
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
    slice_ids = fields.One2many("gym.process.slice", "process_id", readonly=True)
    done_count = fields.Integer(
        string="Done", compute="_compute_counts", compute_sudo=True
    )
    skipped_count = fields.Integer(
        string="Skipped", compute="_compute_counts", compute_sudo=True
    )
    failed_count = fields.Integer(string="Failed", compute="_compute_failed_count")
    can_retry = fields.Boolean(
        compute="_compute_can_retry",
        help="Some records failed and can still be retried.",
    )
    progress = fields.Float(compute="_compute_progress", help="Percent handled.")
    failure_ids = fields.One2many("gym.process.failure", "process_id", readonly=True)
    message = fields.Text(string="Why It Stopped", readonly=True)

    @api.depends("slice_ids.done_count", "slice_ids.skipped_count")
    def _compute_counts(self):
        for process in self:
            process.done_count = sum(process.slice_ids.mapped("done_count"))
            process.skipped_count = sum(process.slice_ids.mapped("skipped_count"))

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
        keys = process._owner()._process_slices(process)
        process.slice_ids = [Command.create({"key": key}) for key in keys]
        process._wake_up()
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
            process._reopen_slices()
            owner._process_restarted(process)
        self._wake_up()

    def _reopen_slices(self):
        """Work all slices once more, for what failed in them; a batch that is being
        worked meanwhile, or a worker that ends the process, fails on that."""
        self.slice_ids.flush_recordset()
        # the ORM would not write what stands there already
        statement = "UPDATE gym_process_slice SET is_done = false WHERE id IN %s"
        self.env.cr.execute(SQL(statement, tuple(self.slice_ids.ids) or (0,)))
        self.slice_ids.invalidate_recordset()

    @api.model
    def _workers(self):
        """Return the scheduled actions that work processes, side by side: whoever wants
        more workers than there are copies one."""
        # sudo: a clerk may not read scheduled actions, but starts these
        return (
            self.env["ir.cron"]
            .sudo()
            .search(
                Domain("model_id.model", "=", self._name)
                & Domain("code", "=", "model._cron_run()"),
                order="id",
            )
        )

    @api.model
    def _worker_count(self):
        """Return how many work processes side by side."""
        return len(self._workers())

    def _wake_up(self, at=None):
        """See to it that these processes are worked, of none whatever is open: the one
        place that says by whom.

        :param at: not before; empty: at once
        """
        for worker in self._workers():
            worker._trigger(at=at)

    # === WORKING === #

    @api.model
    def _cron_run(self):
        """Work all open processes, a batch of each in turn, until there is nothing that
        no other worker has in hand."""
        self = self.sudo()  # a worker serves everybody, whoever wakes it
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(self._open_processes()))
        try:
            before = None
            while (processes := self._open_processes()) and (
                left := (processes, processes._open_slices())
            ) != before:
                # a slice that ended is a reason to look again: of two workers that end
                # the last two at once, neither sees what the other has not committed
                before = left
                for process in processes:
                    process._begin_apart()
                    handled = process._work_batch()
                    before = None if handled else before
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
        """Work a batch of the first slice that nobody works, from this worker's first
        one on; return the number of records handled."""
        self.ensure_one()
        if not self._begin():
            return 0
        for part in self._slices_in_turn():
            if not self._is_due():
                return 0
            if handled := part._work():
                return handled
        self._end()
        return 0

    def _slices_in_turn(self):
        """Return the slices that are not done; another worker begins with others."""
        parts = self.slice_ids.sorted("id")
        workers = self._workers().ids
        cron_id = self.env.context.get("cron_id")
        number = workers.index(cron_id) if cron_id in workers else 0
        first = len(parts) * number // (len(workers) or 1)
        return (parts[first:] + parts[:first]) & self._open_slices()

    def _open_slices(self):
        return self.slice_ids.filtered(lambda part: not part.is_done)

    def _begin_apart(self):
        """Begin in a transaction of its own: the first batches of two workers would
        write the same row."""
        if self.state == "pending" and self._begin():
            self.env["ir.cron"]._commit_progress(remaining=1)

    def _begin(self):
        """Tell whether the process is at work, now at the latest."""
        if not self._is_due():  # cancelled while we waited our turn
            return False
        if not self._owner():
            self._close("cancelled", self.env._("The record was deleted meanwhile."))
            return False
        if self.state == "pending":
            # another worker that begins it as well passes by
            if not try_lock(self.env.cr, self._table, self.id):
                return False
            started = self.date_start or fields.Datetime.now()
            self.write({"state": "running", "date_start": started})
        return True

    def _end(self):
        """Close the process where all of its slices are done: by the last worker, and
        once."""
        if self.state != "running" or not all(self.slice_ids.mapped("is_done")):
            return
        # who retries a failure meanwhile reopens slices: one of both begins anew
        locked = self.slice_ids.try_lock_for_update(allow_referencing=True)
        if locked != self.slice_ids or not try_lock(self.env.cr, self._table, self.id):
            self._wake_up()
            return
        owner = self._owner()

        def end():
            self._close("done")
            owner._process_done(self)

        self._attempt(owner, end)

    def _attempt(self, owner, work):
        """Do a part of the job; what breaks it is rolled back, and the job can be
        resumed.

        :param work: a callable without arguments
        :return: what it returns; 0 where it broke
        """
        try:
            with self.env.cr.savepoint():
                return work()
        except CONCURRENCY_ERRORS:
            raise
        except Exception as error:  # pylint: disable=broad-except
            # Whatever breaks a batch must reach a person: nobody watches a
            # background job.
            if self._is_killed(error) and not self.attempt:
                self._try_again(error, owner)
            else:
                _logger.exception("Process %s (%s) stopped", self.id, self.name)
                self._stop(error, owner)
            return 0

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
        process = self.sudo()
        if state == "cancelled":
            process._reopen_slices()
        process.write(
            {"state": state, "date_end": fields.Datetime.now(), "message": message}
        )

    def _of_slice(self, part):
        """Return the process as a batch of this slice knows it."""
        return self.with_context(gym_process_slice=part.id)

    def _slice(self):
        """Return the slice that is being worked; outside of a batch all of it."""
        slice_id = self.env.context.get("gym_process_slice")
        return self.env["gym.process.slice"].browse(slice_id)

    def _slice_domain(self, field):
        """Return the domain of what the slice being worked has to do.

        :param field: name of the many2one that the slices were cut by
        """
        return self._slice()._domain(field)

    def _count(self, done=0, skipped=0):
        """Add a batch's results to the figures."""
        part = self._slice() or self.slice_ids[:1]
        part.done_count += done
        part.skipped_count += skipped

    def _forget_counts(self):
        """Begin counting anew, for what is done all over."""
        self.slice_ids.write({"done_count": 0, "skipped_count": 0})

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

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .gym_process import OPEN_STATES


class GymProcessOwner(models.AbstractModel):
    """A record with background jobs: it shows what they do, and works them.

    The record has a `company_id` and a chatter. It dispatches a job by its step:
    `_process_<step>` works a batch, `_process_<step>_done` and
    `_process_<step>_restarted` are told.
    """

    _name = "gym.process.owner"
    _description = "Owner of Background Processes"

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
    can_retry = fields.Boolean(
        compute="_compute_process",
        help="Some records failed and can still be retried.",
    )
    failure_ids = fields.Many2many(
        "gym.process.failure", compute="_compute_process", string="Failures"
    )

    @api.depends(
        "process_ids.state",
        "process_ids.progress",
        "process_ids.skipped_count",
        "process_ids.failure_ids.retried",
    )
    def _compute_process(self):
        """What the last background job of the record does, and what all of them left."""
        for owner in self:
            process = owner.process_ids.sorted("id")[-1:]
            owner.process_id = process
            owner.process_state = process.state
            owner.process_message = process.message
            owner.progress = process.progress
            owner.skipped_count = sum(owner.process_ids.mapped("skipped_count"))
            owner.failed_count = sum(owner.process_ids.mapped("failed_count"))
            owner.failure_ids = owner.process_ids.failure_ids
            owner.can_retry = any(owner.process_ids.mapped("can_retry"))

    # === ACTIONS === #

    def action_retry_failed(self):
        """Try again the records that failed, once the cause is fixed.

        :raise UserError: nothing failed that may still be tried again
        """
        self.ensure_one()
        failed = self.process_ids.filtered("failed_count")
        retryable = failed.filtered("can_retry")
        if failed and not retryable:
            failed._check_restart()
        retryable.action_retry_failed()

    def action_resume(self):
        """Start the stopped background job again where it stood."""
        self.ensure_one()
        self.process_id.action_resume()

    def action_give_up(self):
        """End the stopped background job: what is done stays done."""
        self.ensure_one()
        self.process_id.action_cancel()

    # === HELPERS === #

    def _check_not_started(self, step):
        """Refuse to start a job that is at work already."""
        for process in self.process_ids:
            if process.step == step and process.state in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "%s has already been started and is being processed. Wait "
                        "until it has finished, or stop it in the menu Processes.",
                        process.name,
                    )
                )

    def _message_action(self, text):
        """Return the action that says what was not done, and reads the form again."""
        return self._told_action(text, "warning")

    def _told_action(self, text, kind="success"):
        """Return the action that says something, and reads the form again.

        :param kind: `success`, `info`, `warning` or `danger`
        """
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": text,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _wait_for_lock(self):
        """Work after whoever works on this record; his change restarts our request.

        Odoo's own `lock_for_update` refuses at once, with a sentence about locks.
        """
        self.env.cr.execute(
            SQL(
                "SELECT 1 FROM %s WHERE id IN %s FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                tuple(self.ids),
            )
        )

    def _post_summary(self, text):
        """Write a result into the chatter."""
        self.message_post(body=Markup("<p>%s</p>") % text)

    # === PROCESS OWNER === #

    def _process_slices(self, process):
        """Return the keys of the slices that workers may work side by side; one, as long
        as the record says nothing else."""
        return [""]

    def _process_batch(self, process, part):
        """Work the next batch of a slice of the process; see `gym.process`."""
        self.ensure_one()
        owner = self.with_company(self.company_id).with_context(
            allowed_company_ids=self._process_companies().ids,
            # a worker has no time zone; what it dates is dated by the gym's day
            tz=self.company_id._gym_timezone(process.user_id),
        )
        return getattr(owner, f"_process_{process.step}")(process._of_slice(part))

    def _process_companies(self):
        """Return the companies a job works in, the owner's first."""
        return self.company_id

    def _process_done(self, process):
        getattr(self, f"_process_{process.step}_done")(process)

    def _process_restarted(self, process):
        getattr(self, f"_process_{process.step}_restarted")(process)

    def _restart_refusal(self, process):
        """Return why a job that ended may not be started again, or False.

        A job that a person stopped stays stopped. Records extend it by what became
        of them since.
        """
        if process.state == "cancelled":
            return self.env._(
                "%(process)s was stopped for good. Start it again from %(record)s, if "
                "that is still possible.",
                process=process.name,
                record=self.display_name,
            )
        return False

    def _process_failed(self, process):
        """A defect stopped a job of this record."""

    def _process_cancelled(self, process):
        """Somebody stopped a job of this record: its history says so."""
        ended = self.env._(
            "%(process)s was ended early: %(done)s of %(total)s done.",
            process=process.name,
            done=process.done_count,
            total=process.total,
        )
        sentences = [ended, self._left_sentence(process)]
        if process.message:
            reason = self.env._("It had stopped by itself: %s", process.message)
            sentences.append(reason)
        self._post_summary(" ".join(sentences))

    def _left_sentence(self, process):
        """Say what becomes of what a job that was stopped had not done."""
        return self.env._("The rest is left as it is.")

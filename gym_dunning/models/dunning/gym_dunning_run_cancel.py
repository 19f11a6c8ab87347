from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..base.gym_process import OPEN_STATES

# Crediting a fee costs about as much as posting it; so many are done at once,
# more of them in the background.
BATCH_SIZE = 100


class GymDunningRun(models.Model):
    """Taking a run back: fees credited, levels and statuses as before."""

    _inherit = "gym.dunning.run"

    def action_ask_cancel(self):
        """Open the dialog that says in figures what cancelling the run does.

        :raise UserError: as `action_cancel`
        """
        self.ensure_one()
        self._check_cancel()
        return self._issued()._cancel_dialog(self)

    def action_cancel(self):
        """Cancel a finished run, the newest first where runs reminded the same items.

        Reminders that the bank or an agency works on stay issued, and the run with
        them; they are listed with the reason.

        :raise UserError: a later run reminded the same items; cancel that first
        """
        self.ensure_one()
        self.check_access("write")
        self._wait_for_lock()
        self._check_cancel()
        issued = self._issued()
        process = self.env["gym.process"]._start(
            self, self.env._("Cancel %s", self.name), "cancel", len(issued)
        )
        if len(issued) <= BATCH_SIZE:
            process._work_now()

    def _check_cancel(self):
        self._check_state("done")
        self._check_at_rest()
        self._check_newest()

    def _check_at_rest(self):
        """Refuse while any job of the run is at work, or stopped and not given up."""
        busy = self.process_ids.filtered(lambda one: one.state in OPEN_STATES)
        if busy:
            raise UserError(
                self.env._(
                    "%(run)s is still being processed: %(process)s. Wait until it has "
                    "finished, or stop it in the menu Processes.",
                    run=self.name,
                    process=busy[0].name,
                )
            )

    def _check_not_taken_back(self):
        """Refuse to deliver what a job is taking back just now."""
        if self._cancellations().filtered(lambda one: one.state in OPEN_STATES):
            raise UserError(
                self.env._(
                    "%s is being taken back. Wait until this has finished.", self.name
                )
            )

    def _cancellations(self):
        return self.process_ids.filtered(lambda process: process.step == "cancel")

    def _restart_refusal(self, process):
        # EXTENDS gym.process.owner: who takes a run back wants no more of it issued
        refusal = super()._restart_refusal(process)
        if refusal or process.step != "generate" or not self._cancellations():
            return refusal
        return self.env._(
            "%s is partly taken back, so no more of its reminders are issued. Press "
            "Cancel Run to take back the rest; the next estimate proposes what is "
            "still open.",
            self.name,
        )

    def _check_newest(self):
        if later := self._issued()._reminded_later():
            raise UserError(
                self.env._(
                    "%(later)s reminded the same items after %(run)s. Cancel"
                    " %(later)s first.",
                    later=later.run_id.name,
                    run=self.name,
                )
            )

    def _issued(self):
        return self.reminder_ids.filtered(lambda reminder: reminder.state == "issued")

    def _process_cancel(self, process):
        """Cancel a batch of reminders; a failing one stays issued and is listed, and so
        is one on which the bank or an agency works."""
        failed = process._open_failures().mapped("res_id")
        reminders = self._next_cancelled(failed)
        refusals = reminders._cancel_refusals()
        going = reminders - reminders.browse().union(*refusals)
        failures = [
            *refusals.items(),
            *process._apply_halving(going, self._cancel_reminders),
        ]
        for reminder, message in failures:
            process._add_failure(reminder, message)
        process._count(done=len(reminders) - len(failures))
        return len(reminders)

    def _next_cancelled(self, failed_ids):
        """The next batch; reminders with one fee document stay together."""
        domain = (
            Domain("run_id", "=", self.id)
            & Domain("state", "=", "issued")
            & Domain("id", "not in", failed_ids)
        )
        reminders = self.env["gym.dunning.reminder"].search(
            domain, order="fee_move_id, id", limit=BATCH_SIZE
        )
        shared = Domain("fee_move_id", "in", reminders.fee_move_id.ids)
        return reminders | reminders.search(domain & shared)

    def _cancel_reminders(self, reminders):
        reminders._cancel_outbox()
        self.env["gym.dunning.fee"]._credit(reminders)
        reminders._restore_statuses()
        reminders.state = "cancelled"
        self.env.flush_all()
        self.env["gym.open.item"].invalidate_model()

    def _process_cancel_done(self, process):
        if process.failed_count:
            return
        self._set_state("cancelled")
        # what was not issued is free for the next estimate
        self._drop_proposals()
        self._post_summary(
            self.env._(
                "Run cancelled: %s reminders taken back, their fees credited.",
                process.done_count,
            )
        )

    def _process_cancel_restarted(self, process):
        """Nothing to set: the run is cancelled when the last reminder is."""

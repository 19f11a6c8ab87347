from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .gym_dunning_run_print import PRINT_AT_ONCE
from .gym_process import OPEN_STATES

# Letters at a tenth of a second each and e-mails at ten milliseconds: far from
# the worker's time limit, and large enough for rendering mails together.
BATCH_SIZE = 100

TO_PRINT = Domain("delivery_state", "=", "failed") | (
    Domain("delivery_state", "=", "pending") & Domain("delivery_channel", "=", "print")
)
IN_OUTBOX = Domain("delivery_state", "=", "pending") & Domain(
    "delivery_channel", "not in", (False, "print")
)
# Also those of which no letter could be made: they failed before they took a way.
UNSENT = Domain("delivery_state", "in", ("pending", "failed")) & Domain(
    "delivery_channel", "=", False
)


class GymDunningRun(models.Model):
    """Sending the reminders of a run (S-01)."""

    _inherit = "gym.dunning.run"

    unsent_count = fields.Integer(
        compute="_compute_delivery_counts", string="Not Sent Yet"
    )
    outbox_count = fields.Integer(
        compute="_compute_delivery_counts", string="In the Outbox"
    )
    sent_count = fields.Integer(compute="_compute_delivery_counts", string="Sent")
    printed_count = fields.Integer(compute="_compute_delivery_counts", string="Printed")
    to_print_count = fields.Integer(
        compute="_compute_delivery_counts", string="To Print"
    )
    undelivered_count = fields.Integer(
        compute="_compute_delivery_counts", string="Delivery Failed"
    )

    @api.depends(
        "reminder_ids.state",
        "reminder_ids.delivery_state",
        "reminder_ids.delivery_channel",
    )
    def _compute_delivery_counts(self):
        rows = self.env["gym.dunning.reminder"]._read_group(
            Domain("run_id", "in", self.ids) & Domain("state", "=", "issued"),
            ["run_id", "delivery_state", "delivery_channel"],
            ["__count"],
        )
        for run in self:
            mine = {(s, c): n for owner, s, c, n in rows if owner == run}
            run.unsent_count = mine.get(("pending", False), 0)
            on_paper = mine.get(("pending", "print"), 0)
            run.sent_count = run._sum_state(mine, "sent")
            run.printed_count = run._sum_state(mine, "printed")
            run.undelivered_count = run._sum_state(mine, "failed")
            run.to_print_count = on_paper + run.undelivered_count
            # by e-mail or any other way that modules add
            run.outbox_count = (
                run._sum_state(mine, "pending") - run.unsent_count - on_paper
            )

    def _sum_state(self, counts, state):
        return sum(n for (one, __), n in counts.items() if one == state)

    # === ACTIONS === #

    def action_send(self):
        """Send the run's reminders: by e-mail, else into the print queue (S-01).

        Few at once, many in the background. What was sent is not sent again;
        failed ones are sent again from the reminder.

        :raise UserError: there is nothing to send, or the run is not done
        """
        self.ensure_one()
        self.check_access("write")
        self._wait_for_lock()
        self._check_state("done")
        self._check_not_taken_back()
        self._check_not_sending()
        waiting = self._unsent()
        if not waiting:
            raise UserError(
                self.env._(
                    "%s has nothing to send: its reminders were sent or printed, or"
                    " their level has no document.",
                    self.name,
                )
            )
        process = self._start_sending(len(waiting))
        if len(waiting) <= PRINT_AT_ONCE:
            process._work_now()

    def _check_not_sending(self):
        if self.process_ids.filtered(
            lambda process: process.step == "send" and process.state in OPEN_STATES
        ):
            raise UserError(self.env._("%s is being sent already.", self.name))

    def _start_sending(self, count):
        return self.env["gym.process"]._start(
            self, self.env._("Sending %s", self.name), "send", count
        )

    def _send_when_generated(self):
        """Go on with sending where the run is meant to send by itself."""
        if not self.auto_send:
            return
        if count := len(self._unsent()):
            self._start_sending(count)
        else:
            self._sending_ended()

    def _notified_action(self):
        """Show the run that was started, or all of them."""
        if len(self) == 1:
            return self._get_records_action(name=self.name)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_dunning_run_action"
        )
        return dict(action, domain=[("id", "in", self.ids)], context={})

    def action_open_sent(self):
        """List what was sent by e-mail."""
        return self._reminders_action([("delivery_state", "=", "sent")])

    def action_open_outbox(self):
        """List what waits in the outbox."""
        return self._reminders_action(list(IN_OUTBOX))

    def action_open_to_print(self):
        """List what is to be printed, failed e-mails included."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_dunning_print_queue_action"
        )
        domain = Domain("run_id", "in", self.ids) & Domain("state", "=", "issued")
        return dict(action, domain=list(domain & TO_PRINT))

    def action_open_undelivered(self):
        """List the e-mails that failed."""
        return self._reminders_action([("delivery_state", "=", "failed")])

    # === PROCESS === #

    def _unsent(self, limit=None):
        return self.env["gym.dunning.reminder"].search(
            Domain("run_id", "=", self.id) & Domain("state", "=", "issued") & UNSENT,
            order="id",
            limit=limit,
        )

    def _process_send(self, process):
        """Send the next batch; a failing one stays unsent and is listed."""
        failed = set(process._open_failures().mapped("res_id"))
        waiting = self._unsent(BATCH_SIZE + len(failed))
        batch = waiting.filtered(lambda one: one.id not in failed)[:BATCH_SIZE]
        failures = batch._send_sound(process)
        for reminder, message in failures:
            process._add_failure(reminder, message)
        process._count(done=len(batch) - len(failures))
        return len(batch)

    def _process_send_done(self, process):
        self._post_summary(
            self.env._(
                "Sending: %(outbox)s e-mails queued, %(sent)s sent, %(to_print)s to"
                " print, %(failed)s of them failed e-mails.",
                outbox=self.outbox_count,
                sent=self.sent_count,
                to_print=self.to_print_count,
                failed=self.undelivered_count,
            )
        )
        self._sending_ended()

    def _sending_ended(self):
        """Tell the responsible of an automatic run how it went."""
        if self.is_automatic:
            self._report_automatic()

    def _process_send_restarted(self, process):
        """Nothing to set: what was queued is not queued again."""

    def _responsible(self):
        """Return who answers for the run: who made it, or the policy's person."""
        maker = self.create_uid
        if not self.is_automatic and maker.active and not maker.share:
            return maker
        return self.policy_id._responsible()

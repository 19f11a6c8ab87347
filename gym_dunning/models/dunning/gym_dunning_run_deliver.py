from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...exceptions import NothingToDo
from ..base.gym_process import OPEN_STATES
from ..base.ir_actions_report import CHUNK_SIZE

# So many letters are made while the user waits; more in the background.
PRINT_AT_ONCE = 50
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
    """Printing and sending the reminders of a run (E-52, E-53, S-01)."""

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

    def action_print(self, level=None):
        """Print the letters of a level, or of all levels, as one document.

        :param level: a `gym.dunning.level`, its number within the policy, or its id
        :return: the dialog that prints and asks whether they were printed; the
            download where all were delivered before; nothing for many letters, whose
            progress the run shows
        :raise UserError: there is no letter to print
        """
        self.ensure_one()
        self._check_not_taken_back()
        self._check_not_started("print")
        reminders = self._letters(level)
        letter = self.env["gym.dunning.letter"]
        missing = letter._without_letter(reminders)
        if len(missing) <= PRINT_AT_ONCE:
            return letter._print_action(reminders, self)
        self.env["gym.process"]._start(
            self, self.env._("Letters %s", self.name), "print", len(missing)
        )
        return None

    def _letters(self, level):
        level = self._resolve_level(level)
        reminders = self.reminder_ids.filtered(
            lambda reminder: (
                reminder.state == "issued"
                and reminder.level_id.send_document
                and (not level or reminder.level_id == level)
            )
        )
        if not reminders:
            raise NothingToDo(
                self.env._(
                    "%s has no letter to print here: no reminder of a level that sends"
                    " a document was issued.",
                    self.name,
                )
            )
        return reminders

    def _resolve_level(self, level):
        """Callers over the API have numbers or ids, not records; a small number is a
        number, although a level may have it as its id."""
        levels = self.policy_id.level_ids
        if not isinstance(level, int) or not level:
            return level or levels.browse()
        found = levels.filtered(lambda one: one.number == level) or levels.filtered(
            lambda one: one.id == level
        )
        if not found:
            raise UserError(
                self.env._(
                    "The policy %(policy)s has no level %(level)s.",
                    policy=self.policy_id.name,
                    level=level,
                )
            )
        return found

    # === PROCESS === #

    def _process_print(self, process):
        """Make the PDFs of the next chunk; they are kept with their reminders.

        Whatever is not kept has failed, so the job ends.
        """
        letter = self.env["gym.dunning.letter"]
        chunk = self._next_letters(process, CHUNK_SIZE)
        failures = letter._keep(chunk, process)
        failures += [
            (reminder, reminder._unkept_sentence())
            for reminder in letter._without_letter(chunk - letter._failed(failures))
        ]
        self._add_failures(process, failures)
        process._count(done=len(chunk) - len(failures))
        return len(chunk)

    def _next_letters(self, process, limit):
        """Return letters whose PDF was not made yet, those of a level together: a
        call of wkhtmltopdf is for one level. Asked again for every chunk, so the
        letters that were made are not read.

        Reminders to which people attached something are looked at last, all of them.
        """
        if bare := self._letters_to_make(process, with_files=False, limit=limit):
            return bare
        letter = self.env["gym.dunning.letter"]
        return letter._without_letter(self._letters_to_make(process, True))[:limit]

    def _letters_to_make(self, process, with_files, limit=None):
        """Return the letters that did not fail, by whether anything is attached."""
        self.env.flush_all()
        failed = process._open_failures().mapped("res_id")
        rows = self.env.execute_query(
            SQL(
                """SELECT reminder.id
                     FROM gym_dunning_reminder reminder
                     JOIN gym_dunning_level level ON level.id = reminder.level_id
                    WHERE reminder.run_id = %s AND reminder.state = 'issued'
                      AND level.send_document AND reminder.id NOT IN %s
                      AND %s
                      AND %s = EXISTS (
                          SELECT 1 FROM ir_attachment pdf
                           WHERE pdf.res_model = 'gym.dunning.reminder'
                             AND pdf.res_id = reminder.id AND pdf.res_field IS NULL)
                    ORDER BY level.sequence, level.id, reminder.id
                    LIMIT %s""",
                self.id,
                tuple(failed or [0]),
                process._slice()._sql(SQL("reminder.partner_id")),
                with_files,
                limit,
            )
        )
        return self.env["gym.dunning.reminder"].browse([id for (id,) in rows])

    def _process_print_done(self, process):
        """All letters are there: one document per level, under Documents.

        They count as delivered when somebody prints them, not before.
        """
        letter = self.env["gym.dunning.letter"]
        reminders = self._letters(None)
        reminders -= letter._without_letter(reminders)
        for letters in reminders.grouped("level_id").values():
            # of several centres: who presses the button fetches it for himself
            if len(letters.company_id) == 1:
                letter._store(letters, *letter._render(letters), self)
        self._post_summary(
            self.env._(
                "%(ready)s letters are ready: press Print Letters to fetch them."
                " Failed: %(failed)s.",
                ready=len(reminders),
                failed=process.failed_count,
            )
        )

    def _process_print_restarted(self, process):
        """Nothing to set: letters that were made are not made again."""

    # === SEND === #
    # Sending the reminders of a run (S-01).

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
            raise NothingToDo(
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
        return self._reminders_action(
            [("delivery_state", "=", "sent")],
            self.env._("Nothing was sent by e-mail"),
            self.env._("Reminders stand here once their e-mails have left."),
        )

    def action_open_outbox(self):
        """List what waits in the outbox."""
        return self._reminders_action(
            list(IN_OUTBOX),
            self.env._("The outbox is empty"),
            self.env._("The e-mails have left meanwhile, or failed: look at the run."),
        )

    def action_open_to_print(self):
        """List what is to be printed, failed e-mails included."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_dunning_print_queue_action"
        )
        domain = Domain("run_id", "in", self.ids) & Domain("state", "=", "issued")
        return dict(action, domain=list(domain & TO_PRINT))

    def action_open_undelivered(self):
        """List the e-mails that failed."""
        return self._reminders_action(
            [("delivery_state", "=", "failed")],
            self.env._("No e-mail failed"),
            self.env._("What failed was sent again or printed meanwhile."),
        )

    # === PROCESS === #

    def _process_slices(self, process):
        # EXTENDS gym.run.base: letters of a debtor are one worker's
        sizes = {"send": BATCH_SIZE, "print": CHUNK_SIZE}
        if process.step not in sizes:
            return super()._process_slices(process)
        issued = Domain("run_id", "=", self.id) & Domain("state", "=", "issued")
        return process.slice_ids._keys(
            self.env["gym.dunning.reminder"],
            issued,
            self._slice_field,
            sizes[process.step],
        )

    def _unsent(self, limit=None, of_slice=Domain.TRUE):
        return self.env["gym.dunning.reminder"].search(
            Domain("run_id", "=", self.id)
            & Domain("state", "=", "issued")
            & UNSENT
            & of_slice,
            order="id",
            limit=limit,
        )

    def _process_send(self, process):
        """Send the next batch; a failing one stays unsent and is listed."""
        failed = set(process._open_failures().mapped("res_id"))
        of_slice = process._slice_domain(self._slice_field)
        waiting = self._unsent(BATCH_SIZE + len(failed), of_slice)
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

    def _tell_server_silent(self, count, reason):
        """Say once that no mail server could be reached, to who sent the reminders."""
        sender = self._sender()
        run = self.with_context(lang=sender.lang)
        text = run.env._(
            "The mail server does not answer: nothing was sent. %(count)s reminders wait"
            " to be sent; press Send when it works again. Reason: %(reason)s",
            count=count,
            reason=reason,
        )
        if run.sent_count:
            text = run.env._(
                "The mail server does not answer any more. %(count)s reminders wait to be"
                " sent; press Send when it works again. Reason: %(reason)s",
                count=count,
                reason=reason,
            )
        run._post_summary(text)
        params = {"type": "danger", "sticky": True, "title": run.name, "message": text}
        sender._bus_send("simple_notification", params)
        if run.is_automatic:
            run._alert(text)

    def _sender(self):
        """Return who sent the run last, else who answers for it."""
        sending = self.process_ids.filtered(lambda process: process.step == "send")
        return sending.sorted("id")[-1:].user_id or self._responsible()

    def _sending_ended(self):
        """Tell the responsible of an automatic run how it went."""
        if self.is_automatic:
            self._report_automatic()

    def _process_send_restarted(self, process):
        """Nothing to set: what was queued is not queued again."""

    def _responsible(self):
        # EXTENDS gym.run.base: the policy's person comes after who made it
        person = self.policy_id.sudo().responsible_id
        if not self.is_automatic:
            person = self.create_uid | person
        return person._gym_first_present()

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...exceptions import NothingToDo
from ..base.gym_mailed import DELIVERED, STATES_BEFORE

# Runs and deliveries write them, with superuser rights; people do not.
GUARDED = frozenset(
    {
        "run_id",
        "warning",
        "payment_key",
        "delivery_channel",
        "delivery_date",
        "delivery_message",
        "consequence_ids",
    }
)
# A letter takes a tenth of a second, and the user waits for so many.
SEND_AT_ONCE = 200
# What hangs on a record by its model and id, and how its table names them.
ATTACHED = {
    "mail_message": ("model", "res_id"),
    "mail_followers": ("res_model", "res_id"),
    "mail_activity": ("res_model", "res_id"),
    "ir_attachment": ("res_model", "res_id"),
}


class GymDunningReminder(models.Model):
    """A run's letter: how it reaches the member, its fate, and the replies to it."""

    _name = "gym.dunning.reminder"
    _inherit = ["gym.dunning.reminder", "gym.letter.thread"]

    run_id = fields.Many2one("gym.dunning.run", readonly=True, ondelete="restrict")
    warning = fields.Text(readonly=True)
    # Kept when the reminder is issued: what is printed must stay payable whatever
    # becomes of numbers, codes and sequences. Letters from before it was kept have
    # none: the number stands in its place.
    payment_key = fields.Char(
        readonly=True,
        copy=False,
        help="What the payment references are made of: the ids of centre and"
        " reminder, which no other reminder has.",
    )
    payment_reference = fields.Char(compute="_compute_payment_reference")
    delivery_channel = fields.Selection(
        [("email", "E-Mail"), ("print", "Print")],
        string="Channel",
        readonly=True,
        copy=False,
        help="Decided when the reminder is sent: by e-mail where the addressee has a"
        " usable address and the level an e-mail template, else on paper.",
    )
    planned_delivery = fields.Char(
        compute="_compute_planned_delivery",
        help="How the reminder would leave today.",
    )
    delivery_date = fields.Datetime(string="Delivered on", readonly=True, copy=False)
    delivery_message = fields.Char(
        string="Why It Failed", readonly=True, copy=False, translate=False
    )
    is_in_outbox = fields.Boolean(
        compute="_compute_is_in_outbox", help="The e-mail waits to be sent."
    )

    # Also for the run alone: every further index is paid for by each of the
    # thousands of rows of an estimate.
    _run_state_idx = models.Index("(run_id, state)")

    @api.depends("name", "payment_key", "state")
    def _compute_payment_reference(self):
        payment = self.env["gym.dunning.payment"]
        for reminder in self:
            reminder.payment_reference = payment._printed_reference(reminder)

    def _clearing_names(self):
        # EXTENDS ledger: the references that a letter may print, whatever the account
        payment = self.env["gym.dunning.payment"]
        names = super()._clearing_names()
        if not names:
            return names
        return [*names, payment._reference(self), payment._qr_reference(self)]

    @api.depends("addressee_id.email_normalized", "level_id.mail_template_id")
    @api.depends_context("lang")
    def _compute_planned_delivery(self):
        words = self._planned_words()
        for reminder in self:
            channel = reminder.level_id.send_document and reminder._choose_channel()
            reminder.planned_delivery = words.get(channel or "none", channel)

    @api.model
    def _planned_words(self):
        """Say of each way how a reminder would leave; modules add their own."""
        return {
            "none": self.env._("No Document"),
            "email": self.env._("Will Be E-Mailed"),
            "print": self.env._("Will Be Printed"),
        }

    def _payment_key(self):
        """Return what the payment references are made of; empty for a proposal."""
        self.ensure_one()
        is_issued = self.state != "proposed"
        return self.payment_key or (is_issued and self.name) or ""

    @api.depends("delivery_channel", "delivery_state")
    def _compute_is_in_outbox(self):
        for reminder in self:
            reminder.is_in_outbox = (
                reminder.delivery_channel not in (False, "print")
                and reminder.delivery_state == "pending"
            )

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded
        return super()._guarded_fields() | GUARDED

    @api.model
    def _guarded_on_create(self):
        # EXTENDS gym.guarded: runs make reminders, nobody else
        return super()._guarded_on_create() | GUARDED

    def unlink(self):
        """Thinning out leaves a trace; discarding the whole run does not."""
        self._check_proposed()
        self.run_id._check_state("estimated")
        self.run_id._log_left_out(self, "by_hand")
        return super().unlink()

    # === ACTIONS === #

    def action_exclude(self):
        """Take members out of the estimate by hand (thin out)."""
        self.unlink()

    def action_print(self):
        """Print these letters as one PDF, and ask whether they were printed.

        :return: the dialog that prints and asks; the download of letters that were
            delivered already, or not issued yet
        """
        return self.env["gym.dunning.letter"]._print_action(self)

    def action_send(self):
        """Send these reminders: by e-mail, else into the print queue.

        Failed ones are tried again with the address of today. One of which no letter
        can be made fails by name, and the others leave.

        :return: a message that names those that failed, if any did
        :raise UserError: none of them waits to be sent, or they are too many
        """
        waiting = self._to_send()
        if not waiting:
            raise NothingToDo(
                self.env._(
                    "Nothing to send: only issued reminders that have a document and"
                    " did not reach the member yet can be sent."
                )
            )
        if len(waiting) > SEND_AT_ONCE:
            raise UserError(
                self.env._(
                    "Select at most %s reminders, or send all of a run from the run.",
                    SEND_AT_ONCE,
                )
            )
        waiting.check_access("write")
        # sudo: a clerk may send, but writes neither the outbox nor the fate
        failures = waiting.sudo()._send_sound()
        return waiting._told_unsent(failures) if failures else None

    def _told_unsent(self, failures):
        """Return the message that names those that could not be sent; raise it where
        nothing at all happened."""
        letter = self.env["gym.dunning.letter"]
        failed = letter._failed(failures)
        if failed == self and not any(failed.mapped("delivery_message")):
            raise UserError(letter._failure_text(failures))
        reload = {"type": "ir.actions.client", "tag": "soft_reload"}
        return letter._told(failures, reload)

    def action_print_queue(self):
        """Open the dialog that prints these letters and asks to confirm it.

        :raise UserError: one of them is not issued or was delivered already
        """
        if strangers := self - self._to_send():
            raise UserError(
                self.env._(
                    "These are not waiting to be printed; remove them from the "
                    "selection: %s.",
                    ", ".join(strangers.mapped("display_name")),
                )
            )
        return self._print_dialog()

    def _print_dialog(self, run=None):
        wizard = self.env["gym.dunning.print"].create(
            {"reminder_ids": [Command.set(self.ids)], "run_id": run and run.id}
        )
        return wizard._action_open()

    def action_confirm_printed(self):
        """Note that letters that somebody printed are on their way."""
        self.check_access("write")
        # sudo: a clerk may say that he printed; the fate itself is nobody's to write
        self.sudo()._mark_delivered("printed")

    def action_not_printed(self):
        """Take back that these letters were printed: they wait to be delivered again.

        :raise UserError: one was not printed, was taken back with its run, or the next
            step has happened
        """
        self.check_access("write")
        for reminder in self:
            if refusal := reminder._printed_refusal():
                raise UserError(refusal)
        # sudo: as for `action_confirm_printed`
        reminders = self.sudo()
        reminders._set_delivery("pending")
        reminders._message_log_batch(
            bodies=dict.fromkeys(self.ids, self.env._("Not printed after all."))
        )

    def _printed_refusal(self):
        """Return why it may not be taken back that this letter was printed; upper rooms
        add their next steps."""
        self.ensure_one()
        if self.state != "issued" or self.delivery_state != "printed":
            return self.env._(
                "%s does not count as printed, so there is nothing to take back.",
                self.display_name,
            )
        if later := self._reminded_later():
            return self.env._(
                "%(later)s reminded the same items after %(reminder)s. Take that one"
                " back first.",
                later=later.display_name,
                reminder=self.display_name,
            )
        return None

    def _reminded_later(self):
        """Return an issued reminder of another run that raised the same items since, if
        any."""
        return (
            self.env["gym.dunning.reminder.line"]
            .search(
                Domain("state", "=", "issued")
                & Domain("reminder_id.run_id", "not in", self.run_id.ids)
                & Domain("move_line_id", "in", self.line_ids.move_line_id.ids)
                & Domain("level_id", "!=", False)
                & Domain("reminder_id.id", ">", max(self.ids, default=0)),
                limit=1,
            )
            .reminder_id
        )

    def _to_send(self):
        """Return those that wait for their way, or failed on it."""
        return self.filtered(
            lambda reminder: (
                reminder.state == "issued"
                and reminder.delivery_state in ("pending", "failed")
                and not reminder.is_in_outbox
            )
        )

    # === SENDING === #

    def _send_sound(self, process=None):
        """Send these reminders; one that cannot be sent stops no other.

        No e-mail leaves without the letter that it speaks of.

        :param process: the job that sends them, if any
        :return: list of (reminder, sentence) for those that failed
        """
        # letters apart: they are not made again and again to find a faulty e-mail
        failures = self._make_letters(process)
        for reminder, message in failures:
            reminder._set_delivery("failed", message)
        sound = self - self.env["gym.dunning.letter"]._failed(failures)
        return failures + (process or self.env["gym.process"])._apply_halving(
            sound, lambda part: part._send()
        )

    def _send(self):
        """Make the letters, then queue the e-mails and fill the print queue.

        The outbox rows are written in the transaction that marks the reminders.

        :raise UserError: a letter could not be made
        """
        if failures := self._make_letters():
            raise UserError(self.env["gym.dunning.letter"]._failure_text(failures))
        self._cancel_outbox()  # of an attempt that failed: nobody retries it beside
        for channel, reminders in self.grouped(
            lambda reminder: reminder._choose_channel()
        ).items():
            # sudo: a fate is written by sending only, whoever may send
            reminders.sudo().write(
                {
                    "delivery_channel": channel,
                    "delivery_state": "pending",
                    "delivery_message": False,
                }
            )
            getattr(reminders, f"_send_by_{channel}")()

    def _make_letters(self, process=None):
        """Make the PDFs that are missing, many in a call of wkhtmltopdf.

        :return: list of (reminder, sentence) for those that have none
        """
        with_document = self.filtered("level_id.send_document")
        return self.env["gym.dunning.letter"]._keep(with_document, process)

    def _choose_channel(self):
        """Return the way of this reminder; `_send_by_<way>` goes it."""
        self.ensure_one()
        can_be_mailed = (
            self.level_id.mail_template_id and self.addressee_id.email_normalized
        )
        return "email" if can_be_mailed else "print"

    def _send_by_print(self):
        """They wait in the print queue for somebody to print and confirm."""

    def _send_by_email(self):
        banned = self.filtered("addressee_id.is_blacklisted")
        banned._set_delivery(
            "failed", self.env._("The e-mail address is on the blacklist.")
        )
        for level, reminders in (self - banned).grouped("level_id").items():
            reminders._queue_mails(level.mail_template_id)

    def _process_attachments_for_template_post(self, mail_template):
        # EXTENDS mail: the PDF as issued, and the invoices where the level wants
        letters = self._kept_letters()
        invoices = self.env["gym.invoice.copy"]._of_reminders(
            self.filtered("level_id.attach_invoices")
        )
        return {
            reminder.id: {
                "attachment_ids": letters[reminder.id].ids
                if reminder.id in letters
                else [],
                "attachments": invoices.get(reminder.id, []),
            }
            for reminder in self
        }

    # === FATE === #

    def _mark_delivered(self, state):
        """Note that letters reached the member by `state` (sent or printed)."""
        # what waits in the outbox is on its way already
        self.filtered(
            lambda reminder: state != "printed" or not reminder.is_in_outbox
        )._set_delivery(state)

    def _set_delivery(self, state, message=False):
        """The one gate for the fate of a reminder; what does not fit is passed by."""
        reminders = self.filtered(
            lambda reminder: (
                reminder.state == "issued"
                and reminder.delivery_state in STATES_BEFORE[state]
            )
        )
        if not reminders:
            return
        vals = {"delivery_state": state, "delivery_message": message}
        if state == "pending":  # the way is chosen again, by the address of then
            vals |= {"delivery_channel": False, "delivery_date": False}
        if state in DELIVERED:
            vals["delivery_date"] = fields.Datetime.now()
        if state == "printed":
            vals["delivery_channel"] = "print"
            reminders._cancel_outbox()  # a failed e-mail retried would come twice
        # sudo: this is the gate; nobody writes the fate by hand
        reminders.sudo().write(vals)
        self.env["gym.open.item"].invalidate_model()
        automatic = reminders.run_id.filtered("is_automatic")
        if state == "failed" and automatic:
            automatic._note_failed_delivery()

    def _note_server_silent(self, reason):
        # EXTENDS gym.mailed: they wait as before, for somebody to press Send again
        self._set_delivery("pending", reason)
        for run, reminders in self.grouped("run_id").items():
            run._tell_server_silent(len(reminders), reason)
        return True

    # === REPLIES === #

    def _note_bounce(self, message, email):
        """Note that an e-mail came back: its letter goes to the print queue.

        :param message: what came back, maybe what somebody wrote in the chatter or
            an earlier attempt
        """
        self.ensure_one()
        if self.delivery_channel == "email" and self._is_last_attempt(message):
            self._set_delivery(
                "failed",
                self.env._(
                    "The e-mail came back from %s.",
                    email or self.addressee_id.email or self.addressee_id.name,
                ),
            )

    # === DISCARD === #
    # Proposals go by the thousand when an estimate is made anew, and leave nothing
    # behind: what somebody wrote, planned or attached there goes with them.

    def _delete_proposals(self, condition):
        """Delete proposals without logging them as left out by hand.

        :param condition: SQL over `gym_dunning_reminder`
        """
        rows = self.env.execute_query(
            SQL(
                """DELETE FROM gym_dunning_reminder
                    WHERE state = 'proposed' AND %s RETURNING id""",
                condition,
            )
        )
        self._delete_attached([reminder_id for (reminder_id,) in rows])

    def _delete_attached(self, ids):
        for table, (model, res_id) in ATTACHED.items() if ids else ():
            domain = Domain(model, "=", self._name) & Domain(res_id, "in", ids)
            # sudo: notes and files of others go with the proposal, done ones too
            attached = self.env[table.replace("_", ".")].sudo()
            attached.with_context(active_test=False).search(domain).unlink()

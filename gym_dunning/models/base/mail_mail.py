import re
import smtplib

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# How Odoo calls it when no connection to the server could be made.
SERVER_SILENT = "mail_smtp"
# What a mail server answered, as `smtplib` prints it: (550, b'No such user')
REFUSAL = re.compile(r"\((\d{3}), b(['\"])(.*?)\2")


class MailMail(models.Model):
    """The outbox tells reminders, notices and hand-overs how their e-mails fared."""

    _inherit = "mail.mail"

    def cancel(self):
        # EXTENDS mail: what an administrator takes out of the outbox must not wait
        # there for ever
        self._gym_note_removed()
        return super().cancel()

    def unlink(self):
        # EXTENDS mail: as for cancelling
        self._gym_note_removed()
        return super().unlink()

    def _gym_note_removed(self):
        for mail in self.filtered(lambda mail: mail._gym_is_letter()):
            if mail.state == "outgoing":
                mail._gym_letter()._set_delivery(
                    "failed", self.env._("The e-mail was taken out of the outbox.")
                )

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        # EXTENDS mail: who changed the reminder meanwhile makes us fail here, while
        # the e-mail can still be sent later, not after it left
        if self._gym_is_letter():
            self.env.cr.execute(
                SQL(
                    "SELECT 1 FROM %s WHERE id = %s FOR NO KEY UPDATE",
                    SQL.identifier(self.env[self.model]._table),
                    self.res_id,
                )
            )
        return super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )

    def _send(self, *args, **kwargs):
        # EXTENDS mail: the mail under way stays in error when the server hangs up,
        # and nobody is told
        try:
            return super()._send(*args, **kwargs)
        except smtplib.SMTPServerDisconnected:
            lost = self.exists().filtered(
                lambda mail: mail.state == "exception" and mail._gym_is_letter()
            )
            for mail in lost:
                mail._gym_letter()._set_delivery(
                    "failed", self.env._("The mail server closed the connection.")
                )
            raise

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # EXTENDS mail: before, because a mail that was sent is deleted
        letters = self.filtered(lambda mail: mail._gym_is_letter())
        if failure_type == SERVER_SILENT:
            letters._gym_note_server_silent()
            letters = self.browse()
        for mail in letters:
            if mail.state == "sent":
                mail._gym_letter()._set_delivery("sent")
            else:
                reason = mail._gym_readable_failure(
                    failure_reason or mail.failure_reason
                )
                mail._gym_letter()._set_delivery("failed", reason)
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    def _gym_note_server_silent(self):
        """Tell the letters together: one after the other each would look at fault."""
        for model, mails in self.grouped("model").items():
            reason = mails[0]._gym_readable_failure(mails[0].failure_reason)
            # sudo: as in `_gym_letter`
            letters = self.env[model].sudo().browse(mails.mapped("res_id")).exists()
            if letters._note_server_silent(reason):
                mails.state = "cancel"

    def _gym_is_letter(self):
        """Tell the e-mail that brings a record from what people write to it."""
        self.ensure_one()
        is_told = self.env["gym.mailed"]._is_told(self.model)
        return is_told and self.message_type == "email_outgoing"

    def _check_sender(self, reminders):
        """Refuse e-mails that no server could send, before they are in the outbox."""
        if all(self.mapped("email_from")):
            return
        if self.env["ir.mail_server"]._get_default_from_address():
            return
        nameless = reminders.company_id.filtered(lambda company: not company.email)
        raise UserError(
            self.env._(
                "%s has no e-mail address to send from. Enter it on the company, then"
                " press Retry Failed.",
                ", ".join((nameless or reminders.company_id).mapped("name")),
            )
        )

    def _gym_letter(self):
        # sudo: whoever empties the outbox notes what became of its mails
        return self.env[self.model].sudo().browse(self.res_id).exists()

    @api.model
    def _gym_cancel_unsent(self, records):
        """Stop the e-mails of these records that did not leave, failed ones too."""
        # sudo: the outbox belongs to the system
        unsent = self.sudo().search(
            Domain("model", "=", records._name)
            & Domain("res_id", "in", records.ids)
            & Domain("message_type", "=", "email_outgoing")
            & Domain("state", "in", ("outgoing", "exception"))
        )
        unsent.write({"state": "cancel"})
        # before any other row: a queue at work must meet it before an e-mail leaves
        unsent.flush_recordset()

    def _gym_readable_failure(self, reason):
        """Return what the mail server said, without the words of Python around it."""
        if found := REFUSAL.search(reason or ""):
            return self.env._(
                "The mail server refused it: %(code)s %(text)s",
                code=found[1],
                text=" ".join(found[3].split()),
            )
        return " ".join((reason or "").split())

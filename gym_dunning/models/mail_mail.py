from odoo import models


class MailMail(models.Model):
    """The outbox tells reminders how their e-mails fared."""

    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # EXTENDS mail: before, because a mail that was sent is deleted
        for mail in self.filtered(lambda mail: mail._is_reminder()):
            # sudo: whoever empties the outbox notes what became of its mails
            reminder = self.env["gym.dunning.reminder"].sudo().browse(mail.res_id)
            if mail.state == "sent":
                reminder.exists()._set_delivery("sent")
            else:
                message = failure_reason or mail.failure_reason
                reminder.exists()._set_delivery("failed", message)
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    def _is_reminder(self):
        """Tell the reminder's own e-mail from what people write in its chatter."""
        self.ensure_one()
        return (
            self.model == "gym.dunning.reminder"
            and self.message_type == "email_outgoing"
        )

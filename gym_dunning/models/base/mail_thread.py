from odoo import api, models


class MailThread(models.AbstractModel):
    """E-mails that come back tell their reminders, notices and hand-overs."""

    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        # EXTENDS mail: Odoo passes neither the message that came back nor the ones
        # whose bounce names no address
        result = super()._routing_handle_bounce(email_message, message_dict)
        message = message_dict["bounced_message"]
        is_told = self.env["gym.mailed"]._is_told(message.model)
        if is_told and self._gym_is_final(email_message):
            # sudo: whoever fetches the mail notes what came back
            record = self.env[message.model].sudo().browse(message.res_id)
            if record.exists():
                record._note_bounce(message, message_dict["bounced_email"])
        return result

    def _gym_is_final(self, report):
        """Tell a failure from reports of delay, delivery or reading (RFC 3464)."""
        if report.get_param("report-type") == "disposition-notification":
            return False
        actions = [
            fields["Action"].strip().lower()
            for part in report.walk()
            if part.get_content_type() == "message/delivery-status"
            for fields in part.get_payload()
            if fields["Action"]
        ]
        return not actions or "failed" in actions

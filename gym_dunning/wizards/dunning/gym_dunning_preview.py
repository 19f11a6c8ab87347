from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.base.models.ir_mail_server import MailDeliveryException


class GymDunningPreview(models.TransientModel):
    """What a level sends, to look at before anybody gets it: made for a member who is
    not there. No number is drawn, and nothing of it is kept."""

    _name = "gym.dunning.preview"
    _description = "Preview of a Level"
    _inherit = ["gym.dialog"]

    level_id = fields.Many2one(
        "gym.dunning.level", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        required=True,
        default=lambda self: self.env.company,
        help="Who writes: its address, account and costs.",
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        required=True,
        default=lambda self: self.env.lang or "en_US",
    )
    # Plain fields, filled by `action_show`: making an example empties the cache, and
    # with it the unsaved values of a form.
    sender = fields.Char(readonly=True)
    subject = fields.Char(readonly=True)
    body = fields.Html(readonly=True, sanitize=False)

    def action_show(self):
        """Show the e-mail in the language and of the centre chosen."""
        self.ensure_one()
        mail = self._mail()
        self.write(
            {
                "sender": mail.get("email_from"),
                "subject": mail.get("subject"),
                "body": mail.get("body_html"),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview: %s", self.level_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _mail(self):
        return self.env["gym.dunning.reminder"]._example_mail(
            self.company_id, self.level_id, self.lang
        )

    def _letter(self):
        return self.env["gym.dunning.reminder"]._example_letter(
            self.company_id, self.level_id, self.lang
        )

    def action_letter(self):
        """Download the example letter in the language chosen.

        :raise UserError: the level sends no document, or it cannot be made
        """
        self.ensure_one()
        self._check_document()
        attachment = self.env["ir.attachment"].create(
            self._letter_vals() | {"res_model": self._name, "res_id": self.id}
        )
        return attachment._gym_download(target="download")

    def _letter_vals(self):
        return {
            "name": self.env._("Example of %s.pdf", self.level_id.name),
            "raw": self._letter(),
            "mimetype": "application/pdf",
        }

    def _check_document(self):
        if fault := self.level_id._document_fault():
            raise UserError(fault)
        if not self.level_id.send_document:
            raise UserError(
                self.env._(
                    "The level %s sends no document. Switch it on at the level to look"
                    " at one.",
                    self.level_id.name,
                )
            )

    def action_send(self):
        """Send the example to the user's own address, with the letter.

        :raise UserError: the level has no e-mail, the user has no address, or the mail
            server refused it
        """
        self.ensure_one()
        address = self.env.user.email_formatted
        if not address:
            raise UserError(
                self.env._(
                    "You have no e-mail address: enter it in your preferences, then"
                    " send the test again."
                )
            )
        mail = self._mail()
        if not mail:
            raise UserError(
                self.env._(
                    "The level %s has no e-mail template: its letters are printed.",
                    self.level_id.name,
                )
            )
        self._send(mail, address)
        return self._sent_message(address)

    def _send(self, mail, address):
        # sudo: a manager may send himself a test, but does not write the outbox
        outgoing = (
            self.env["mail.mail"]
            .sudo()
            .create(
                {
                    "subject": self.env._("Test: %s", mail["subject"]),
                    "body_html": mail["body_html"],
                    "email_from": mail["email_from"],
                    "email_to": address,
                    "auto_delete": True,
                }
            )
        )
        if self.level_id.send_document:
            outgoing.attachment_ids = self.env["ir.attachment"].create(
                self._letter_vals()
                # deleted with the message
                | {
                    "res_model": "mail.message",
                    "res_id": outgoing.mail_message_id.id,
                }
            )
        try:
            outgoing.send(raise_exception=True)
        except MailDeliveryException as error:
            raise UserError(
                self.env._("The test could not be sent: %s", error)
            ) from error

    def _sent_message(self, address):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The test is on its way to %s.", address),
            },
        }

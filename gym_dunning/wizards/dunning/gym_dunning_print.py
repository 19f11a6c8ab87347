from odoo import api, fields, models

from ...exceptions import NothingToDo


class GymDunningPrint(models.TransientModel):
    """Print letters; they are delivered when somebody confirms it.

    Closed without an answer, it changes nothing: they still wait.
    """

    _name = "gym.dunning.print"
    _description = "Print Letters"
    _inherit = ["gym.dialog"]

    run_id = fields.Many2one("gym.dunning.run", readonly=True)
    reminder_ids = fields.Many2many("gym.dunning.reminder", string="Letters")
    reminder_count = fields.Integer(
        compute="_compute_counts", string="Number of Letters"
    )
    email_count = fields.Integer(
        compute="_compute_counts",
        string="Would Go by E-Mail",
        help="Not sent yet, and with an e-mail address: confirmed as printed, they are"
        " not e-mailed any more.",
    )
    document_id = fields.Many2one("ir.attachment", readonly=True)

    @api.depends("reminder_ids")
    def _compute_counts(self):
        for wizard in self:
            wizard.reminder_count = len(wizard.reminder_ids)
            unsent = wizard.reminder_ids._to_send().filtered(
                lambda reminder: reminder.delivery_state == "pending"
            )
            wizard.email_count = sum(
                reminder._choose_channel() != "print" for reminder in unsent
            )

    def action_print(self):
        """Fetch all letters as one PDF; nothing is marked by that.

        A letter that cannot be made leaves the list, so that it is not confirmed.

        :raise UserError: no letter can be made
        """
        self.ensure_one()
        letter = self.env["gym.dunning.letter"]
        self.reminder_ids, failures = letter._printable(self.reminder_ids)
        self.document_id = letter._fetch(self.reminder_ids, self.run_id)
        download = self.document_id._gym_download(target="download")
        return letter._told(failures, download)

    def action_confirm(self):
        """Note the letters as printed: they count as delivered from now on (AMB-40).

        :return: closes the dialog; where a letter met another fate since it was
            printed, after a message that says so
        :raise UserError: no letter is left in the list
        """
        self.ensure_one()
        if not self.reminder_ids:
            raise NothingToDo(self.env._("No letter is selected."))
        told = self._told_meanwhile()
        self.reminder_ids.action_confirm_printed()
        return told or {"type": "ir.actions.act_window_close"}

    def _told_meanwhile(self):
        """Return the message that names what must not be posted, or was answered by
        somebody else; nothing where all wait."""
        sentences = self._sentences_meanwhile()
        if not sentences:
            return None
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": "\n".join(sentences),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _sentences_meanwhile(self):
        letters = self.reminder_ids
        gone = letters.filtered(lambda letter: letter.state == "cancelled")
        mailed = letters.filtered("is_in_outbox")
        sentences = []
        if gone:
            sentences.append(
                self.env._(
                    "Do not post these letters, they were taken back meanwhile: %s.",
                    ", ".join(gone.mapped("display_name")),
                )
            )
        if mailed:
            sentences.append(
                self.env._(
                    "These leave by e-mail and do not count as printed: %s.",
                    ", ".join(mailed.mapped("display_name")),
                )
            )
        if not sentences and not letters._to_send():
            sentences.append(
                self.env._("All letters count as delivered already. Nothing was done.")
            )
        return sentences

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Print Letters"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

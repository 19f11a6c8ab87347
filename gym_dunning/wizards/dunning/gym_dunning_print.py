from odoo import fields, models
from odoo.exceptions import UserError


class GymDunningPrint(models.TransientModel):
    """Print letters of the queue; they are delivered when somebody confirms it."""

    _name = "gym.dunning.print"
    _description = "Print Letters"

    reminder_ids = fields.Many2many("gym.dunning.reminder", string="Letters")
    reminder_count = fields.Integer(
        compute="_compute_reminder_count", string="Number of Letters"
    )
    document_id = fields.Many2one("ir.attachment", readonly=True)

    def _compute_reminder_count(self):
        for wizard in self:
            wizard.reminder_count = len(wizard.reminder_ids)

    def action_print(self):
        """Fetch all letters as one PDF; nothing is marked by that.

        A letter that cannot be made leaves the list, so that it is not confirmed.

        :raise UserError: no letter can be made
        """
        self.ensure_one()
        letter = self.env["gym.dunning.letter"]
        self.reminder_ids, failures = letter._printable(self.reminder_ids)
        content, extension = letter._render(self.reminder_ids)
        name = f"{self.env._('Print queue')}.{extension}"
        self.document_id = self.env["gym.printout"]._keep(name, content, self)
        download = self.document_id._gym_download(target="download")
        return letter._told(failures, download)

    def action_confirm(self):
        """Note the letters as printed: they count as delivered from now on (AMB-40).

        :raise UserError: no letter is left in the list
        """
        self.ensure_one()
        if not self.reminder_ids:
            raise UserError(self.env._("No letter is selected."))
        self.reminder_ids.action_confirm_printed()
        return {"type": "ir.actions.act_window_close"}

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Print Letters"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

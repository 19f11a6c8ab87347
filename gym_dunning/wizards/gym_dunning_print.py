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
        """Fetch all letters as one PDF; nothing is marked by that."""
        self.ensure_one()
        letter = self.env["gym.dunning.letter"]
        content, extension = letter._render(self.reminder_ids)
        self.document_id = self.env["ir.attachment"].create(
            {
                "name": f"{self.env._('Print queue')}.{extension}",
                "raw": content,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.document_id.id}?download=true",
            "target": "download",
        }

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

from markupsafe import Markup

from odoo import api, fields, models


class GymDunningCancel(models.TransientModel):
    """Says in figures what taking reminders back does, before it is done."""

    _name = "gym.dunning.cancel"
    _description = "Take Reminders Back"
    _inherit = ["gym.dialog"]

    run_id = fields.Many2one("gym.dunning.run", readonly=True, help="The whole run.")
    reminder_ids = fields.Many2many(
        "gym.dunning.reminder", string="Reminders", readonly=True
    )
    effects = fields.Html(
        string="What Happens", compute="_compute_effects", sanitize=False
    )

    @api.depends("reminder_ids")
    def _compute_effects(self):
        for wizard in self:
            items = (
                Markup("<li>%s</li>") % sentence
                for sentence in wizard.reminder_ids._cancel_effects()
            )
            wizard.effects = Markup("<ul>%s</ul>") % Markup().join(items)

    def action_confirm(self):
        """Take the run, or the reminders, back.

        :raise UserError: it cannot be done any more
        """
        self.ensure_one()
        (self.run_id or self.reminder_ids).action_cancel()
        return {"type": "ir.actions.act_window_close"}

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel %s", self.run_id.name)
            if self.run_id
            else self.env._("Cancel Reminders"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

from odoo import api, fields, models


class GymCasePromiseReplace(models.TransientModel):
    """Ask before a running promise is replaced by another one."""

    _name = "gym.case.promise.replace"
    _description = "Replace the Promise of a Case"
    _inherit = ["gym.dialog"]

    case_id = fields.Many2one("gym.collection.case", required=True, ondelete="cascade")
    activity_type_id = fields.Many2one(
        "mail.activity.type", required=True, ondelete="cascade"
    )
    message = fields.Text(compute="_compute_message")

    @api.depends("case_id")
    def _compute_message(self):
        for wizard in self:
            wizard.message = self.env._(
                "%(promise)s It runs until you record the new one, which replaces it. "
                "Replace it?",
                promise=wizard.case_id.promise_message or "",
            )

    def action_confirm(self):
        """Open the dialog of the new promise; recording it replaces the running one."""
        self.ensure_one()
        return self.case_id._activity_dialog(
            self.activity_type_id, replace_promise=True
        )

from odoo import api, fields, models


class GymCaseDelete(models.TransientModel):
    """Say what goes with the cases before they are deleted (G-70)."""

    _name = "gym.case.delete"
    _description = "Delete Cases"
    _inherit = ["gym.dialog"]

    case_ids = fields.Many2many("gym.collection.case", string="Cases", required=True)
    message = fields.Text(compute="_compute_message")

    @api.depends("case_ids")
    def _compute_message(self):
        for wizard in self:
            cases = wizard.case_ids
            wizard.message = self.env._(
                "%(cases)s: deleting also deletes the activities of the cases from the"
                " lists and calendars of their managers: %(activities)s, done ones"
                " included. The items become free again: %(items)s.",
                cases=", ".join(cases.mapped("name")),
                activities=len(cases.all_activity_ids),
                items=len(cases.item_ids),
            )

    def action_confirm(self):
        """Delete the cases with their activities; their items are free afterwards."""
        self.case_ids.unlink()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_collection_case_action"
        )
        return dict(action, target="main")  # no way back to what is gone

from odoo import fields, models
from odoo.exceptions import UserError

from ...exceptions import NothingToDo


class GymClientPause(models.TransientModel):
    """Give members a client status until a day: paused while somebody is ill."""

    _name = "gym.client.pause"
    _description = "Pause Reminders"
    _inherit = ["gym.dialog"]

    partner_ids = fields.Many2many("res.partner", string="Members", required=True)
    client_status_id = fields.Many2one(
        "gym.client.status",
        required=True,
        default=lambda self: self.env.ref(
            "gym_dunning.client_status_paused", raise_if_not_found=False
        ),
        domain=[("at_agency", "=", False)],
        help="Choose Active to end a pause.",
    )
    date_until = fields.Date(
        string="Until", help="The last day; empty means until it is changed."
    )

    def action_confirm(self):
        """Set the status of the members shown.

        :return: a message that says for how many
        :raise UserError: the day has passed, nobody is left, or one is at the agency
        """
        self.ensure_one()
        if not self.partner_ids:
            raise NothingToDo(self.env._("No member is selected."))
        if self.date_until and self.date_until < fields.Date.context_today(self):
            raise UserError(
                self.env._("The pause would be over already: choose a later day.")
            )
        if there := self.partner_ids.filtered("client_status_id.at_agency"):
            raise UserError(
                self.env._(
                    "These are at the agency, which says their status; take them out of"
                    " the selection: %s.",
                    ", ".join(there.mapped("display_name")),
                )
            )
        self.partner_ids.write(
            {
                "client_status_id": self.client_status_id.id,
                "client_status_until": self.date_until,
            }
        )
        return self.env["gym.dunning.run"]._told_action(
            self.env._(
                "%(status)s: %(count)s members.",
                status=self.client_status_id.name,
                count=len(self.partner_ids),
            )
        )

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pause Reminders"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

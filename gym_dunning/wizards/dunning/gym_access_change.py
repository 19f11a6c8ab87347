from odoo import fields, models

from ...exceptions import NothingToDo


class GymAccessChange(models.TransientModel):
    """Ask before a member loses or gets access; closing it changes nothing."""

    _name = "gym.access.change"
    _description = "Change of Access"
    _inherit = ["gym.dialog"]

    partner_ids = fields.Many2many(
        "res.partner",
        string="Members",
        required=True,
        domain=[("member_status_id", "!=", False)],
    )
    reminder_ids = fields.Many2many("gym.dunning.reminder", string="Reminders")
    member_status_id = fields.Many2one("gym.member.status", required=True)
    allows_access = fields.Boolean(related="member_status_id.allows_access")
    note = fields.Char(string="Reason")

    def action_confirm(self):
        """Set the status of the members shown; returns the close action.

        :raise UserError: no member is left in the list
        """
        self.ensure_one()
        # who has no member status is no member: nothing to take away or to give back
        members = self.partner_ids.filtered("member_status_id")
        if not members:
            raise NothingToDo(
                self.env._(
                    "No member is selected. Choose contacts with a member status."
                )
            )
        by_run = members & self.reminder_ids.blocking_member_ids
        self.reminder_ids._block(by_run)
        reason = self.note or self.env._("Changed by hand.")
        (members - by_run)._gym_set_member_status(self.member_status_id, reason)
        return self._told(members)

    def _told(self, members):
        text = (
            self.env._("Access given back: %s.", len(members))
            if self.allows_access
            else self.env._("Access taken away: %s.", len(members))
        )
        return self.env["gym.dunning.run"]._told_action(text)

    def _action_open(self):
        name = (
            self.env._("Give Access Back")
            if self.allows_access
            else self.env._("Block Access")
        )
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            # for who makes the dialog anew from the action
            "context": {
                "default_partner_ids": self.partner_ids.ids,
                "default_reminder_ids": self.reminder_ids.ids,
                "default_member_status_id": self.member_status_id.id,
            },
        }

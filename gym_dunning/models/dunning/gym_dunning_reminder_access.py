from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...exceptions import NothingToDo


class GymDunningReminder(models.Model):
    """What the last level does to the statuses of the members it is about."""

    _inherit = "gym.dunning.reminder"

    block_access = fields.Boolean(
        help="Removes the member's access when the selection is confirmed."
    )
    consequence_ids = fields.One2many(
        "gym.dunning.consequence",
        "reminder_id",
        string="Statuses Changed",
        readonly=True,
    )
    blocking_member_ids = fields.Many2many(
        "res.partner",
        string="Members Who May Be Blocked",
        compute="_compute_blocking_member_ids",
        compute_sudo=True,  # a centre blocks members whom another registered
        help="The members whom the items at the last level are about; payers who are "
        "not members are not included.",
    )
    blocking_names = fields.Char(
        string="Members",
        compute="_compute_blocking_member_ids",
        compute_sudo=True,
    )
    is_blocking = fields.Boolean(
        compute="_compute_blocking_member_ids",
        search="_search_is_blocking",
        compute_sudo=True,
        help="There is somebody whose access can be removed.",
    )
    blocking_statuses = fields.Char(
        string="Member Status",
        compute="_compute_access_granted",
        compute_sudo=True,
    )
    has_blocked = fields.Boolean(
        compute="_compute_has_blocked",
        compute_sudo=True,
        help="It took somebody's access, who has not got it back.",
    )
    access_granted = fields.Boolean(
        compute="_compute_access_granted",
        compute_sudo=True,
        help="One of the members at least still passes the turnstile.",
    )

    # not on the members' statuses: a change of one would look for lines by member
    @api.depends("is_last_level", "line_ids.level_id", "line_ids.member_id")
    def _compute_blocking_member_ids(self):
        for reminder in self:
            at_level = reminder._members_at_level() if reminder.is_last_level else ()
            members = reminder.partner_id.browse(
                [member.id for member in at_level if member.member_status_id]
            )
            reminder.blocking_member_ids = members
            reminder.blocking_names = ", ".join(sorted(members.mapped("display_name")))
            reminder.is_blocking = bool(members)

    @api.model
    def _search_is_blocking(self, operator, value):
        if operator != "in":
            return NotImplemented
        blocking = Domain("is_last_level", "=", True) & Domain(
            "id",
            "in",
            SQL(
                """(SELECT line.reminder_id
                      FROM gym_dunning_reminder_line line
                      JOIN gym_dunning_reminder reminder
                        ON reminder.id = line.reminder_id
                       AND reminder.level_id = line.level_id
                      JOIN res_partner member ON member.id = line.member_id
                     WHERE reminder.is_last_level
                       AND member.member_status_id IS NOT NULL)"""
            ),
        )
        return Domain.OR(blocking if wanted else ~blocking for wanted in value)

    @api.depends("blocking_member_ids")
    def _compute_access_granted(self):
        for reminder in self:
            members = reminder.blocking_member_ids
            reminder.access_granted = any(members.mapped("access_granted"))
            statuses = members.member_status_id.mapped("name")
            reminder.blocking_statuses = ", ".join(statuses)

    @api.depends("consequence_ids.member_status_id")
    def _compute_has_blocked(self):
        for reminder in self:
            blocked = reminder.consequence_ids.mapped("member_status_id")
            reminder.has_blocked = bool(blocked)

    def _members_to_block(self):
        """Return who may lose access by these reminders and did not yet."""
        blocked = self.consequence_ids.filtered("member_status_id").member_id
        return (self.blocking_member_ids - blocked).filtered(
            lambda member: (
                member.member_status_id != self.run_id.policy_id.last_member_status_id
            )
        )

    def action_unblock(self):
        """Give the members back the access that these reminders took.

        :return: a message that names them
        :raise UserError: nobody is blocked by these reminders
        """
        self.check_access("write")
        blocking = self.consequence_ids.filtered("member_status_id")
        members = blocking.member_id
        if not members:
            raise NothingToDo(
                self.env._(
                    "Nobody is blocked by %s: nothing to take back.",
                    ", ".join(self.mapped("display_name")),
                )
            )
        # sudo: a clerk of one centre gives back what was taken in the name of another
        blocking.sudo()._give_access_back(self.env._("Blocking taken back by hand."))
        return self.run_id[:1]._told_action(
            self.env._("Access given back: %s.", ", ".join(members.mapped("name")))
        )

    def _block(self, members=None):
        """Take access away from the members whom these reminders are about.

        Who pays without being a member keeps what he or she has.

        :param members: only these of them; None: all
        """
        changes = {}
        for reminder in self.filtered(lambda one: one.state == "issued"):
            status = reminder.run_id.policy_id.last_member_status_id
            reason = self.env._("Blocked after reminder %s.", reminder.display_name)
            for member in reminder._members_to_block():
                if members is None or member in members:
                    changes[reminder, member] = {
                        "member_status_id": status.id,
                        "member_status_before_id": member.member_status_id.id,
                    }
                    member._gym_set_member_status(status, reason)
        self.env["gym.dunning.consequence"]._note(changes)

    def _set_last_client_status(self):
        """Give all who reached the last level the policy's client status (AMB-12)."""
        changes = {}
        for reminder in self.filtered("is_last_level"):
            status = reminder.run_id.policy_id.last_client_status_id
            for member in reminder._members_at_level() if status else ():
                if not member._gym_has_client_status(status, reminder.date):
                    changes[reminder, member] = {
                        "client_status_id": status.id,
                        "client_status_before_id": member.client_status_id.id,
                        "client_status_until_before": member.client_status_until,
                    }
                    member.write(
                        {"client_status_id": status.id, "client_status_until": False}
                    )
        self.env["gym.dunning.consequence"]._note(changes)

    def _restore_statuses(self):
        """Undo the statuses that these reminders set, if they still stand."""
        for reminder in self:
            reason = self.env._("Reminder %s was cancelled.", reminder.display_name)
            reminder.consequence_ids._give_client_status_back()
            reminder.consequence_ids._give_access_back(reason)

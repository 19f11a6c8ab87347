from odoo import api, fields, models
from odoo.fields import Domain


class GymDunningConsequence(models.Model):
    """What a reminder of the last level changed at a member, so that it can be undone.

    A status that is set was given by the reminder and still stands; it is empty where
    the reminder gave none, and where somebody gave another status since.
    """

    _name = "gym.dunning.consequence"
    _description = "Consequence of a Reminder"
    _rec_name = "member_id"

    reminder_id = fields.Many2one(
        "gym.dunning.reminder", required=True, ondelete="cascade"
    )
    member_id = fields.Many2one(
        "res.partner", required=True, ondelete="cascade", index=True
    )
    member_status_id = fields.Many2one(
        "gym.member.status", string="Member Status Given", ondelete="restrict"
    )
    member_status_before_id = fields.Many2one(
        "gym.member.status", ondelete="restrict", help="Restored with the access."
    )
    lifted_status_id = fields.Many2one(
        "gym.member.status",
        string="Lifted by a Payment",
        ondelete="restrict",
        help="Given again where that payment is taken back.",
    )
    client_status_id = fields.Many2one(
        "gym.client.status", string="Client Status Given", ondelete="restrict"
    )
    client_status_before_id = fields.Many2one("gym.client.status", ondelete="restrict")
    client_status_until_before = fields.Date(help="Last day of the status before.")

    _once = models.UniqueIndex(
        "(reminder_id, member_id)",
        "What a reminder changed at a member is noted once.",
    )

    # === NOTING === #

    @api.model
    def _note(self, changes):
        """Note what reminders changed.

        :param dict changes: values by pair of reminder and member
        """
        # sudo: a clerk blocks, the program notes what stood before
        known = self.sudo().search(
            [("reminder_id", "in", [reminder.id for reminder, __ in changes])]
        )
        rows = {(row.reminder_id, row.member_id): row for row in known}
        for pair in changes.keys() & rows.keys():
            rows[pair].write(changes[pair])
        known.create(
            [
                {"reminder_id": reminder.id, "member_id": member.id} | vals
                for (reminder, member), vals in changes.items()
                if (reminder, member) not in rows
            ]
        )

    @api.model
    def _forget_other_statuses(self, members):
        """Who got another status since is not blocked by a reminder any more: a later
        ban for another reason is not lifted by a payment."""
        # sudo: whoever changes the status
        known = self.sudo().search(
            Domain("member_id", "in", members.ids)
            & (
                Domain("member_status_id", "!=", False)
                | Domain("lifted_status_id", "!=", False)
            )
        )
        known.filtered(
            lambda one: one.member_id.member_status_id != one.member_status_id
        ).member_status_id = False
        known.filtered(
            lambda one: one.member_id.member_status_id != one.member_status_before_id
        ).lifted_status_id = False

    # === UNDOING === #

    def _give_access_back(self, reason):
        """Give the members their status back, where the reminder's still stands."""
        for consequence in self.filtered("member_status_id"):
            member = consequence.member_id
            if member.member_status_id == consequence.member_status_id:
                member._gym_set_member_status(
                    consequence.member_status_before_id, reason
                )

    def _give_client_status_back(self):
        """The same for the client status; an end set since was set by somebody."""
        for consequence in self.filtered("client_status_id"):
            member = consequence.member_id
            if (
                member.client_status_id == consequence.client_status_id
                and not member.client_status_until
            ):
                member.write(
                    {
                        "client_status_id": consequence.client_status_before_id.id,
                        "client_status_until": consequence.client_status_until_before,
                    }
                )
        # sudo: see `_note`
        self.sudo().client_status_id = False

    @api.model
    def _unblock_who_paid(self, lines):
        """Give access back to whom these items were about, where the centre wants that
        and nothing late is left (E-58: off).

        Only who was blocked by a reminder: a ban for other reasons stays.

        :param lines: journal items that were paid or credited, in part or whole
        """
        # sudo: the bank clerk who books the payment may not write statuses
        for blocking in self.sudo()._standing(lines):
            if not blocking._has_overdue_items():
                lifted = blocking.member_status_id
                blocking._give_access_back(
                    self.env._("Nothing is overdue any more: unblocked.")
                )
                blocking.lifted_status_id = lifted

    @api.model
    def _lifted(self, lines):
        """Return what payments have lifted of those whom these items are about, to be
        asked before the items go.

        :param lines: journal items, those that were paid or those that paid them
        """
        customers = lines.filtered(lambda line: line.account_id._gym_is_of_customers())
        if not customers:
            return self.browse()
        # sudo: see `_unblock_who_paid`
        return self.sudo().search(
            Domain("lifted_status_id", "!=", False) & self._about(customers)
        )

    def _block_again(self):
        """Block again whom a payment had unblocked that was no payment, unless somebody
        gave another status since."""
        for consequence in self:
            if consequence._has_overdue_items():
                status = consequence.lifted_status_id
                consequence.member_id._gym_set_member_status(
                    status, self.env._("The payment was taken back: blocked again.")
                )
                consequence.write(
                    {"member_status_id": status.id, "lifted_status_id": False}
                )

    @api.model
    def _about(self, lines):
        """Return the domain of consequences at the debtors of items, and at the members
        whom these are about."""
        debtors = lines.partner_id
        concerned = debtors | lines.move_id._gym_concerned_members()
        return Domain("reminder_id.state", "=", "issued") & (
            Domain("reminder_id.partner_id", "in", debtors.ids)
            | Domain("member_id", "in", concerned.ids)
        )

    def _standing(self, lines):
        """Return the latest reminder that blocked each member these items concern."""
        found = self.search(
            Domain("member_status_id", "!=", False)
            & Domain("reminder_id.company_id.dunning_auto_unblock", "=", True)
            & self._about(lines)
        )
        ordered = found.sorted(lambda one: (one.reminder_id.date, one.id))
        latest = {one.member_id: one for one in ordered}
        return self.union(*latest.values())

    def _has_overdue_items(self):
        """Tell whether anything late about the member is left in this gym."""
        self.ensure_one()
        company = self.reminder_id.company_id
        overdue = self.env["gym.open.item"]._read_group(
            Domain("member_id", "=", self.member_id.id)
            & self.member_id._gym_ledger_domain()
            & Domain("company_id", "child_of", company.root_id.id)
            & (Domain("days_overdue", ">", 0) | Domain("amount_residual", "<", 0)),
            [],
            ["amount_residual_company:sum"],
        )
        return company.currency_id.compare_amounts(overdue[0][0] or 0.0, 0) > 0

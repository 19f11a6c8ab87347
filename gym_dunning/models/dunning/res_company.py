from odoo import fields, models

REMINDER_SEQUENCE = "gym.dunning.reminder"


class ResCompany(models.Model):
    """How a centre reminds: its numbers, and who gets access back by himself."""

    _inherit = "res.company"

    dunning_auto_unblock = fields.Boolean(
        string="Unblock Members Who Paid",
        help="Members blocked by a reminder get their access back as soon as nothing"
        " overdue is left. Off: somebody unblocks them by hand.",
    )

    # === NUMBERS === #

    def _next_reminder_numbers(self, count, date):
        """Draw `count` reminder numbers of this centre at once.

        :return: list of names
        """
        self.ensure_one()
        if not count:
            return []
        # sudo: numbers are drawn by whoever issues, sequences are set-up
        return self.sudo()._reminder_sequence()._gym_draw(count, date)

    def _reminder_sequence(self):
        """Return the centre's own sequence, made on first use."""
        sequences = self.env["ir.sequence"]
        mine = sequences.search(
            [("code", "=", REMINDER_SEQUENCE), ("company_id", "=", self.id)], limit=1
        )
        return mine or sequences.create(
            {
                "name": self.env._("Reminders of %s", self.name),
                "code": REMINDER_SEQUENCE,
                "company_id": self.id,
                "prefix": self._reminder_prefix(),
                "padding": 5,
            }
        )

    def _reminder_prefix(self):
        """Branches are paid on one account: a number must name one reminder only."""
        branch = self.id if self.parent_id else ""
        return f"REM{branch}/%(year)s/"

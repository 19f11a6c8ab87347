from odoo import api, fields, models

REMINDER_SEQUENCE = "gym.dunning.reminder"
LONELY_FEES = [
    ("keep", "Keep It Open"),
    ("waive", "Waive It"),
    ("debit", "Collect It with the Next Direct Debit"),
]


class ResCompany(models.Model):
    """How a centre reminds: its numbers, and who gets access back by himself."""

    _inherit = "res.company"

    dunning_auto_unblock = fields.Boolean(
        string="Unblock Members Who Paid",
        help="Members blocked by a reminder get their access back as soon as nothing"
        " overdue is left. Off: somebody unblocks them by hand.",
    )

    dunning_lonely_fee = fields.Selection(
        LONELY_FEES,
        string="A Fee Left Alone",
        default="keep",
        help="What becomes of a reminder fee that is open when everything else of the"
        " reminder was paid; nobody is reminded of a fee alone.",
    )
    dunning_lonely_fee_days = fields.Integer(
        string="Days before It Is Waived",
        default=30,
        help="After the last item of the reminder was paid.",
    )
    _dunning_lonely_fee_days_positive = models.Constraint(
        "CHECK (dunning_lonely_fee_days >= 0)",
        "A fee cannot be waived before the rest is paid: enter 0 days or more.",
    )

    @api.model
    def _gym_never_empty(self):
        # EXTENDS base: one of the three happens
        return [*super()._gym_never_empty(), "dunning_lonely_fee"]

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

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import exact, total


class GymDunningReminderLine(models.Model):
    """An open item in a reminder, as it was on the reminder's date.

    Items that the reminder raises have a level; credits (negative) and earlier
    fees are carried along without one.
    """

    _name = "gym.dunning.reminder.line"
    _description = "Reminder Line"
    _order = "reminder_id, date_maturity, id"
    # Two keys less to check for each of many thousand rows; who made a line is
    # who made its reminder.
    _log_access = False

    reminder_id = fields.Many2one(
        "gym.dunning.reminder", required=True, ondelete="cascade", index=True
    )
    # Odoo makes receivable lines anew when a draft's due date changes, and that
    # must not be refused nor erase what was demanded.
    move_line_id = fields.Many2one(
        "account.move.line", string="Open Item", ondelete="set null"
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Document")
    member_id = fields.Many2one(
        "res.partner",
        string="About",
        ondelete="restrict",
        help="The member whose contract or invoice it was when the reminder was made.",
    )
    name = fields.Char(string="Document Number", help="As printed on the reminder.")
    date_maturity = fields.Date(string="Due Date")
    currency_id = fields.Many2one(related="reminder_id.currency_id")
    amount_original = fields.Monetary(string="Original Amount")
    amount = fields.Monetary(string="Open", help="On the reminder's date.")
    amount_paid = fields.Monetary(string="Paid", compute="_compute_amount_paid")
    days_overdue = fields.Integer()
    level_before_id = fields.Many2one("gym.dunning.level", ondelete="restrict")
    level_id = fields.Many2one("gym.dunning.level", ondelete="restrict")
    is_fee = fields.Boolean(string="Earlier Fee")
    # what the reminder claims for this item besides
    amount_interest = fields.Monetary(string="Interest")
    interest_from = fields.Date(help="Interest is claimed from the day after.")
    interest_until = fields.Date(help="The last day that interest was claimed for.")
    amount_lump_sum = fields.Monetary(
        string="Lump Sum", help="Of the invoice, for companies; once."
    )
    state = fields.Selection(related="reminder_id.state", store=True)

    _item_idx = models.Index("(move_line_id)")
    _interest_idx = models.Index("(move_line_id) WHERE interest_until IS NOT NULL")
    _proposed_once = models.UniqueIndex(
        # a credit may be split over letters of centres
        "(move_line_id) WHERE state = 'proposed' AND level_id IS NOT NULL",
        "An item is already in the estimate of another run. Open that run, generate "
        "or discard it, then estimate again.",
    )

    def _init_column(self, column_name):
        # EXTENDS base: earlier lines were all about the debtor of their letter
        if column_name != "member_id":
            return super()._init_column(column_name)
        self.env.cr.execute(
            SQL(
                """UPDATE gym_dunning_reminder_line line
                      SET member_id = reminder.partner_id
                     FROM gym_dunning_reminder reminder
                    WHERE reminder.id = line.reminder_id"""
            )
        )
        return None

    # === WHAT IS CLAIMED BESIDES === #

    @api.model
    def _claimed_sql(self):
        """Whether what a `line` claims besides is owed by now: its letter is issued, and
        it stands in the books. What is on a letter only is carried by no other, so the
        next one claims it again."""
        return SQL(
            """(line.state = 'issued' AND EXISTS (
                   SELECT FROM gym_dunning_reminder letter
                    WHERE letter.id = line.reminder_id
                      AND letter.fee_move_id IS NOT NULL))"""
        )

    @api.model
    def _interest_claimed_sql(self):
        """Return a query of until when letters have claimed interest: (move_line_id,
        until)."""
        return SQL(
            """SELECT line.move_line_id, max(line.interest_until) AS until
                 FROM gym_dunning_reminder_line line
                WHERE line.interest_until IS NOT NULL AND %s
                GROUP BY line.move_line_id""",
            self._claimed_sql(),
        )

    @api.model
    def _interest_claimed(self, items):
        """Return until when letters have claimed interest, by id of the journal item."""
        self.flush_model()
        self.env["gym.dunning.reminder"].flush_model(["fee_move_id", "state"])
        query = SQL(
            "SELECT move_line_id, until FROM (%s) claimed WHERE move_line_id = ANY(%s)",
            self._interest_claimed_sql(),
            items.ids,
        )
        return dict(self.env.execute_query(query))

    def _interest_parts(self):
        """Return the interest of an item as the letter lists it: (days, percent a
        year, amount), the percent `None` where the rates were changed since."""
        self.ensure_one()
        if not self.amount_interest:
            return []
        letter = self.reminder_id
        parts = (
            self.env["gym.dunning.profile"]
            ._of(letter.company_id)
            ._interest_parts(
                self.amount,
                self.interest_from,
                self.interest_until,
                letter.partner_id.is_company,
                letter.currency_id,
            )
        )
        found = total(amount for __, __, amount in parts)
        if exact(found) != exact(self.amount_interest):
            days = (self.interest_until - self.interest_from).days
            return [(days, None, self.amount_interest)]
        return parts

    def _compute_amount_paid(self):
        for line in self:
            line.amount_paid = line.amount_original - line.amount

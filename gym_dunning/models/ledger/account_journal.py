from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .gym_bank_books import DAYS_OPEN


class AccountJournal(models.Model):
    """How far the bookings of a bank are known."""

    _inherit = "account.journal"

    gym_is_watched = fields.Boolean(
        string="Ask for Its Bookings",
        default=True,
        help="Reminders are not generated unasked when the newest booking of this bank is"
        " too long ago. Off: for an account that is not used any more, or seldom.",
    )
    gym_newest_booking = fields.Date(
        string="Newest Booking Known",
        compute="_compute_gym_newest_booking",
        help="From the bank's files and from statements, whoever imported them.",
    )

    @api.depends("type")
    @api.depends_context("dunning_date")
    def _compute_gym_newest_booking(self):
        banks = self.filtered(lambda journal: journal.type == "bank")
        days = self.env["gym.bank.books"]._newest_days(banks)
        for journal in self:
            journal.gym_newest_booking = days.get(journal.id, False)

    def _init_column(self, column_name):
        # EXTENDS base: statements that nobody went on with are nothing to wait for
        super()._init_column(column_name)
        if column_name != "gym_is_watched":
            return
        self.env.cr.execute(
            SQL(
                """UPDATE account_journal journal SET gym_is_watched = FALSE
                     FROM (SELECT line.journal_id, max(move.date) AS day
                             FROM account_bank_statement_line line
                             JOIN account_move move ON move.id = line.move_id
                            GROUP BY line.journal_id) newest
                    WHERE newest.journal_id = journal.id
                      AND newest.day < CURRENT_DATE - %s""",
                DAYS_OPEN,
            )
        )

    def _gym_open_day(self, company, day):
        """Return the day, or the first after it that the books of a centre are open for
        this journal."""
        self.ensure_one()
        locked = company._get_user_fiscal_lock_date(self)
        return max(day, locked + timedelta(days=1))

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

# A line of a list shows so many; the receipts themselves have all.
SHOWN = 3


class GymDunningReminder(models.Model):
    """Proposals of members who may have paid: money came in that is nobody's yet, and
    may be theirs. It is looked at when it is read, and never stored."""

    _inherit = "gym.dunning.reminder"

    maybe_paid = fields.Char(
        string="May Have Paid",
        compute="_compute_maybe_paid",
        help="Money that came in, is not assigned to anybody, and may be theirs.",
    )
    is_maybe_paid = fields.Boolean(
        string="Payment May Be Theirs",
        compute="_compute_maybe_paid",
        search="_search_is_maybe_paid",
    )
    warnings = fields.Char(
        compute="_compute_warnings",
        help="What to look at before generating.",
    )

    @api.depends("state")
    @api.depends_context("dunning_date", "lang")
    def _compute_maybe_paid(self):
        money = self._money_waiting()
        for reminder in self:
            mine = money[reminder._origin.id]
            sentences = [reminder._money_sentence(*one) for one in mine[:SHOWN]]
            sentences += ["..."] if len(mine) > SHOWN else []
            reminder.maybe_paid = "; ".join(sentences) or False
            reminder.is_maybe_paid = bool(mine)

    def _money_waiting(self):
        """Return (day, amount, currency) of what may be theirs, by reminder id; of all
        of them in one query."""
        proposed = self._origin.filtered(lambda reminder: reminder.state == "proposed")
        found = defaultdict(list)
        if not proposed:
            return found
        letters = SQL("SELECT unnest(%s)", proposed.ids)
        for letter_id, *money in self._maybe_paid_rows(letters, proposed.company_id):
            found[letter_id].append(money)
        return found

    @api.model
    def _maybe_paid_rows(self, letters, companies):
        books = self.env["gym.bank.books"]
        return self.env.execute_query(books._maybe_paid_sql(letters, companies))

    def _money_sentence(self, day, amount, currency_id):
        currency = self.env["res.currency"].browse(currency_id) or self.currency_id
        return self.env._(
            "%(amount)s of %(day)s may be theirs",
            amount=currency.format(amount),
            day=format_date(self.env, day) or "?",
        )

    @api.depends("warning", "maybe_paid")
    def _compute_warnings(self):
        for reminder in self:
            told = filter(None, (reminder.maybe_paid, reminder.warning))
            reminder.warnings = "; ".join(told) or False

    def _search_is_maybe_paid(self, operator, value):
        if operator != "in":
            return NotImplemented
        letters = SQL(
            """SELECT id FROM gym_dunning_reminder
                WHERE state = 'proposed' AND company_id = ANY(%s)""",
            self.env.companies.ids,
        )
        rows = self._maybe_paid_rows(letters, self.env.companies)
        found = Domain("id", "in", list({letter_id for letter_id, *__ in rows}))
        return Domain.OR(found if wanted else ~found for wanted in value)

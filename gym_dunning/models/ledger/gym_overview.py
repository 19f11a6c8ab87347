from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, get_lang

from ..base.gym_overview import Part, Tile

# So many working days without a booking of the bank, and who paid may be reminded.
OLD_DAYS = 3
# So many weeks are shown of what came in.
WEEKS = 12
# Who sees what.
CHARTS = {
    "ageing": "gym_dunning.group_debt_manager",
    "received": "gym_dunning.group_dunning_user",
}


class GymOverview(models.AbstractModel):
    """How far the bank is known, what of its money is nobody's, and how old the open
    items are."""

    _inherit = "gym.overview"

    @api.model
    def _tiles(self):
        # EXTENDS base
        bank = Tile(
            "bank",
            10,
            self.env._("Money Not Assigned"),
            self.env._("All money is assigned"),
            "account.bank.statement.line",
            icon="fa-bank",
        )
        return [*super()._tiles(), bank]

    @api.model
    def _query_of(self, part):
        # EXTENDS base: of the ledger all items are added up
        ledger = self.env["gym.open.item"]
        if self._model_of(part) != ledger._name:
            return super()._query_of(part)
        return ledger._all_at_once()._search(part.domain)

    @api.model
    def _parts_bank(self):
        """Upper rooms put before it what they read of the bank's files."""
        companies = self.env.companies
        return {
            "statements": Part(
                self.env._("Bank Statements Not Reconciled"),
                "gym_dunning.account_bank_statement_line_action_waiting",
                self.env["gym.bank.books"]._waiting_lines_domain(companies),
                "amount",
            )
        }

    @api.model
    def _note_bank(self):
        banks = self.env["gym.bank.books"]._banks(self.env.companies)
        if not banks:
            return self.env._("No booking of a bank is known yet."), False
        oldest = banks[0]
        return (
            self.env._(
                "Bank known until %(date)s, working days since then: %(days)s",
                date=format_date(self.env, oldest.day),
                days=oldest.working_days,
            ),
            oldest.working_days > OLD_DAYS,
        )

    # === CHARTS === #

    @api.model
    @api.readonly
    def charts(self):
        """Return the charts that the user may see: dicts of `name` and `title`."""
        titles = {
            "ageing": self.env._("Open by Age"),
            "received": self.env._("Came in per Week"),
        }
        return [
            {"name": name, "title": titles[name]}
            for name, group in CHARTS.items()
            if self.env.user.has_group(group)
        ]

    @api.model
    def _check_chart(self, name):
        if not self.env.user.has_group(CHARTS[name]):
            raise AccessError(self.env._("You may not see this part of the overview."))

    @api.model
    @api.readonly
    def read_ageing(self):
        """Return how old the open debts of the ticked centres are, credits left out.

        :return: a list of dicts, one for each currency of companies: `currency_id`,
            `labels` (the centres), `parts` (dicts of `name`, an age, and `amounts`, one
            for each centre); empty where nothing is open
        :raise AccessError: the user may not see this chart
        """
        self._check_chart("ageing")
        ages = self.env["gym.receivable.ageing"]._debt_ages()
        charts = defaultdict(lambda: defaultdict(lambda: defaultdict(float)))
        for company_id, currency_id, age, amount in self._ages():
            charts[currency_id][company_id][age] = amount
        # sudo: what a centre is called that the user works in
        companies = self.env["res.company"].sudo()
        return [
            {
                "currency_id": currency_id,
                "labels": companies.browse(chart).mapped("name"),
                "parts": [
                    {"name": name, "amounts": [owed[age] for owed in chart.values()]}
                    for age, name in enumerate(ages)
                ],
            }
            for currency_id, chart in charts.items()
        ]

    @api.model
    def _ages(self):
        """Return rows of company, its currency, age and what is owed; read once."""
        ledger = self.env["gym.open.item"].with_context(dunning_date=self._today())
        query = ledger._search(
            Domain("company_id", "in", self.env.companies.ids)
            & Domain("amount_residual", ">", 0)
        )
        owed, *keys = (
            SQL.identifier(query.table, name)
            for name in (
                "amount_residual_company",
                "company_id",
                "company_currency_id",
            )
        )
        age = self.env["gym.receivable.ageing"]._age_sql(query.table)
        query.groupby = query.order = SQL("1, 2, 3")
        return self.env.execute_query(query.select(*keys, age, SQL("sum(%s)", owed)))

    @api.model
    @api.readonly
    def read_received(self):
        """Return what came in on bank and cash for customers' debts in the last weeks.

        What the bank took back lessens the week it was taken back in.

        :return: as `read_ageing`: `labels` are the first days of the weeks; one part
        :raise AccessError: the user may not see this chart
        """
        self._check_chart("received")
        weeks = self._weeks()
        rows = self.env["account.move.line"]._read_group(
            Domain("company_id", "in", self.env.companies.ids)
            & Domain("account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
            & Domain("journal_id.type", "in", ("bank", "cash"))
            & Domain("date", ">=", weeks[0])
            & Domain("date", "<=", self._today()),
            ["company_currency_id", "date:week"],
            ["balance:sum"],
        )
        charts = defaultdict(dict)
        for currency, week, balance in rows:
            charts[currency][week] = -balance
        return [
            {
                "currency_id": currency.id,
                "labels": [self._week_name(week) for week in weeks],
                "parts": [
                    {
                        "name": self.env._("Came In"),
                        "amounts": [currency.round(chart.get(day, 0)) for day in weeks],
                    }
                ],
            }
            for currency, chart in charts.items()
        ]

    @api.model
    def _week_name(self, day):
        return format_date(self.env, day, date_format="d MMM")

    @api.model
    def _weeks(self):
        """Return the first days of the last weeks, as Odoo groups by week."""
        first = int(get_lang(self.env).week_start) - 1
        today = self._today()
        this_week = today - timedelta(days=(today.weekday() - first) % 7)
        return [this_week - timedelta(weeks=ago) for ago in reversed(range(WEEKS))]

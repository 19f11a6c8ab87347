from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.not_compiled import not_compiled
from .gym_receivable_ageing import BUCKETS, ages_sql

MONTHS = 24
# How far back sales are looked at for the days of sales that are open.
MONTHS_OF_SALES = 60
# Days after the due date that make a debt one at risk.
AT_RISK = BUCKETS["amount_90"]
# A rate is the quotient of two sums.
RATES = {
    "cei": ("amount_collected", "amount_collectable"),
    "roll_30": ("amount_30", "before_not_due"),
    "roll_60": ("amount_60", "before_30"),
    "roll_90": ("amount_90", "before_60"),
    "at_risk_rate": ("amount_at_risk", "amount_invoiced"),
}


# The id of a row is of centre and month.
AS_SEEN = {"readonly": True, "depends_context": ("date", "gym_by_holding")}


class GymReceivableMonth(models.Model):
    """Receivables at the ends of the last 24 months, of each centre: ageing, what rolled
    on, how much of what could be collected was, and the days of sales that are open.

    In company currency, from what was booked until then: sums of bookings and of
    settlements by month, so that no item is looked up for any of the days. With the
    context key `gym_by_holding` the centres that are ticked are one row.
    """

    _name = "gym.receivable.month"
    _description = "Receivables by Month"
    _auto = False
    _order = "date desc, company_id"
    _rec_name = "date"
    _depends = {
        "account.account": ["account_type", "non_trade"],
        "account.move": ["move_type"],
        "account.move.line": [
            "account_id",
            "amount_residual",
            "balance",
            "company_id",
            "date",
            "date_maturity",
            "display_type",
            "invoice_date",
            "journal_id",
            "parent_state",
            "partner_id",
            "payment_id",
            "reconciled",
        ],
        "account.partial.reconcile": [
            "amount",
            "credit_move_id",
            "debit_move_id",
            "max_date",
        ],
        "res.company": ["currency_id", "parent_path"],
    }

    date = fields.Date(string="Month End", readonly=True)
    company_id = fields.Many2one("res.company", string="Centre", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_not_due = fields.Monetary(string="Not Due", **AS_SEEN)
    amount_30 = fields.Monetary(string="1 to 30 Days", **AS_SEEN)
    amount_60 = fields.Monetary(string="31 to 60 Days", **AS_SEEN)
    amount_90 = fields.Monetary(string="61 to 90 Days", **AS_SEEN)
    amount_older = fields.Monetary(string="Over 90 Days", **AS_SEEN)
    amount_credit = fields.Monetary(string="Credits", **AS_SEEN)
    amount = fields.Monetary(
        string="Total", **AS_SEEN, help="What was open, credits taken off."
    )
    before_not_due = fields.Monetary(string="Not Due a Month before", **AS_SEEN)
    before_30 = fields.Monetary(string="1 to 30 Days a Month before", **AS_SEEN)
    before_60 = fields.Monetary(string="31 to 60 Days a Month before", **AS_SEEN)
    amount_invoiced = fields.Monetary(
        string="Invoiced", **AS_SEEN, help="Invoices of the month, tax included."
    )
    amount_sales = fields.Monetary(
        string="Sales", **AS_SEEN, help="Invoices less credit notes of the month."
    )
    amount_collected = fields.Monetary(
        string="Collected",
        **AS_SEEN,
        help="Open a month before, and the sales, less what is open.",
    )
    amount_collectable = fields.Monetary(
        string="Collectable",
        **AS_SEEN,
        help="Open a month before, and the sales, less what is not due yet.",
    )
    amount_at_risk = fields.Monetary(
        string="At Risk",
        **AS_SEEN,
        help="Of the invoices of this month, what is open today and more than 90 days"
        " late.",
    )
    cei = fields.Float(
        string="Collection Effectiveness",
        **AS_SEEN,
        aggregator="avg",
        help="CEI: collected of what was collectable. 80 % is good, 50 % is poor.",
    )
    roll_30 = fields.Float(
        string="Not Due to 1-30",
        **AS_SEEN,
        aggregator="avg",
        help="1 to 30 days late now, of what was not due a month before.",
    )
    roll_60 = fields.Float(
        string="1-30 to 31-60",
        **AS_SEEN,
        aggregator="avg",
        help="31 to 60 days late now, of what was 1 to 30 days late a month before.",
    )
    roll_90 = fields.Float(
        string="31-60 to 61-90",
        **AS_SEEN,
        aggregator="avg",
        help="61 to 90 days late now, of what was 31 to 60 days late a month before.",
    )
    at_risk_rate = fields.Float(
        **AS_SEEN,
        aggregator="avg",
        help="At risk of what was invoiced in this month.",
    )
    # no average of centres: the days of a holding are not that of its centres' days
    dso = fields.Float(
        string="Days of Sales Open",
        **AS_SEEN,
        aggregator=None,
        digits=(16, 1),
        help="DSO, counted back: the sales of whole months are taken off what is open,"
        " beginning with the last one, and their days are counted.",
    )

    def action_print(self):
        """Print these month ends, of the centres or of the holding as they are listed.

        :raise AccessError: one of them is of a centre that is not the user's
        """
        self.check_access("read")
        ask = self.env["gym.receivable.ask"].create(
            {
                "date": self._today(),
                "printed_ids": self.ids,
                "is_by_holding": bool(self.env.context.get("gym_by_holding")),
            }
        )
        return ask._print("gym_dunning.action_report_receivable_month")

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS base: rates of sums
        rate = RATES.get(aggregate_spec.removesuffix(":avg"))
        if not rate:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = rate
        return SQL(
            "COALESCE(SUM(%s)::float / NULLIF(SUM(%s), 0)::float, 0.0)",
            SQL.identifier(self._table, part),
            SQL.identifier(self._table, whole),
        )

    @api.model
    def _today(self):
        date = self.env.context.get("date")
        return fields.Date.to_date(date) or fields.Date.context_today(self)

    # === QUERY === #

    @property
    def _table_query(self):
        not_compiled(self.env)
        return SQL(
            """WITH month_ends AS (%(ends)s), lines AS MATERIALIZED (%(lines)s),
                    booked AS MATERIALIZED (%(booked)s),
                    beyond_credits AS MATERIALIZED (%(beyond_credits)s),
                    sold AS MATERIALIZED (
                        SELECT company_id, month, SUM(amount) AS amount
                          FROM booked WHERE kind = 'sale' GROUP BY 1, 2),
                    cells AS (%(cells)s), figures AS (%(figures)s)
               SELECT figure.*, %(rates)s, %(dso)s AS dso
                 FROM figures figure
                WHERE figure.date >= %(first)s AND (%(shown)s)""",
            ends=self._ends_sql(),
            lines=self._every_line_sql(),
            booked=self._booked_sql(),
            beyond_credits=self._beyond_credits_sql(),
            cells=self._cells_sql(),
            figures=self._figures_sql(),
            rates=SQL(", ").join(
                SQL(
                    "COALESCE(figure.%s::float / NULLIF(figure.%s, 0)::float, 0) AS %s",
                    *map(SQL.identifier, (part, whole, name)),
                )
                for name, (part, whole) in RATES.items()
            ),
            dso=self._dso_sql(),
            first=self._end_sql(MONTHS - 1),
            shown=self._shown_sql(),
        )

    def _shown_sql(self):
        """Whether there is anything to be said: a holding whose centres do all business
        has money that was booked for them, and nothing else."""
        names = (*BUCKETS, "amount_credit", "amount_sales", "amount_collectable")
        return SQL(" OR ").join(
            SQL("figure.%s <> 0", SQL.identifier(name)) for name in names
        )

    def _end_sql(self, months):
        """The end of the last whole month, or so many months before."""
        return SQL(
            """(date_trunc('month', %s::date + 1) - make_interval(months => %s)
                - interval '1 day')::date""",
            self._today(),
            months,
        )

    def _ends_sql(self):
        """One month more than is shown: for what was open the month before."""
        return SQL(
            "SELECT %s AS day FROM generate_series(0, %s) back",
            self._end_sql(SQL("back")),
            MONTHS,
        )

    def _every_line_sql(self):
        """All that customers ever owed and paid."""
        return SQL(
            """SELECT line.*, line.balance < 0 OR line.is_paid_out AS is_credit
                 FROM (SELECT aml.id, aml.company_id, aml.date, aml.balance,
                              %(due)s AS due,
                              aml.balance > 0 AND %(paid_out)s AS is_paid_out,
                              CASE WHEN aml.display_type = 'payment_term'
                                   THEN 'sale' ELSE 'entry' END AS kind
                         FROM account_move_line aml
                        WHERE aml.account_id IN %(accounts)s
                          AND aml.parent_state = 'posted'
                          AND aml.partner_id IS NOT NULL
                       OFFSET 0) line""",
            due=self.env["gym.open.item"]._due_sql(),
            paid_out=self.env["gym.open.item"]._is_paid_out_sql(SQL("aml")),
            accounts=self.env["account.account"]._gym_customer_sql(),
        )

    def _booked_sql(self):
        """What was booked (invoices, money) and what was settled of it, summed up by
        centre, month and due date: a few thousand rows of any number of items."""
        return SQL(
            """SELECT centre.owner AS company_id, due, is_credit, kind, month,
                      SUM(amount) AS amount
                 FROM (SELECT company_id, due, is_credit, kind,
                              date_trunc('month', date)::date AS month, balance AS amount
                         FROM lines
                        UNION ALL
                       SELECT lines.company_id, due, is_credit, 'settled',
                              date_trunc('month', paid.max_date)::date, - paid.amount
                         FROM lines JOIN account_partial_reconcile paid
                           ON paid.debit_move_id = lines.id
                        UNION ALL
                       SELECT lines.company_id, due, is_credit, 'settled',
                              date_trunc('month', paid.max_date)::date, paid.amount
                         FROM lines JOIN account_partial_reconcile paid
                           ON paid.credit_move_id = lines.id) booking
                 JOIN (%s) centre ON centre.id = booking.company_id
                GROUP BY 1, 2, 3, 4, 5""",
            self._centres_sql(),
        )

    def _centres_sql(self):
        """Return each centre with whose row it is in: its own, or its holding's."""
        if not self.env.context.get("gym_by_holding"):
            return SQL("SELECT id, id AS owner FROM res_company")
        return SQL(
            """SELECT id, split_part(parent_path, '/', 1)::int AS owner
                 FROM res_company WHERE id = ANY(%s)""",
            self.env.companies.ids,
        )

    def _cells_sql(self):
        """What was open at each month end, by age."""
        beyond = SQL(
            """COALESCE((SELECT beyond.amount FROM beyond_credits beyond
                          WHERE beyond.company_id = booked.company_id
                            AND beyond.day = month_end.day), 0)"""
        )
        ages = ages_sql(SQL("(month_end.day - booked.due)"))
        columns = [
            SQL(
                """COALESCE(SUM(booked.amount)
                            FILTER (WHERE NOT booked.is_credit AND %s), 0) AS %s""",
                condition,
                SQL.identifier(name),
            )
            for name, condition in ages.items()
        ]
        return SQL(
            """SELECT booked.company_id, month_end.day AS date, %(columns)s,
                      COALESCE(SUM(booked.amount) FILTER (WHERE booked.is_credit), 0)
                        + %(beyond)s AS amount_credit,
                      COALESCE(SUM(booked.amount), 0) + %(beyond)s AS amount,
                      COALESCE(SUM(booked.amount) FILTER (
                          WHERE booked.kind = 'sale' AND NOT booked.is_credit
                            AND booked.month = date_trunc('month', month_end.day)), 0)
                        AS amount_invoiced,
                      COALESCE(SUM(booked.amount) FILTER (
                          WHERE booked.kind = 'sale'
                            AND booked.month = date_trunc('month', month_end.day)), 0)
                        AS amount_sales
                 FROM booked JOIN month_ends month_end ON booked.month <= month_end.day
                GROUP BY booked.company_id, month_end.day""",
            columns=SQL(", ").join(columns),
            beyond=beyond,
        )

    def _figures_sql(self):
        return SQL(
            """SELECT cells.company_id * 100000
                        + EXTRACT(YEAR FROM cells.date)::int * 12
                        + EXTRACT(MONTH FROM cells.date)::int AS id,
                      cells.*, company.currency_id,
                      COALESCE(earlier.amount_not_due, 0) AS before_not_due,
                      COALESCE(earlier.amount_30, 0) AS before_30,
                      COALESCE(earlier.amount_60, 0) AS before_60,
                      COALESCE(earlier.amount, 0) + cells.amount_sales - cells.amount
                        AS amount_collected,
                      COALESCE(earlier.amount, 0) + cells.amount_sales
                        - cells.amount_not_due AS amount_collectable,
                      COALESCE(late.amount, 0) AS amount_at_risk
                 FROM cells
                 JOIN res_company company ON company.id = cells.company_id
                 LEFT JOIN cells earlier ON earlier.company_id = cells.company_id
                  AND earlier.date = date_trunc('month', cells.date)::date - 1
                 LEFT JOIN (%s) late ON late.company_id = cells.company_id
                  AND late.month = date_trunc('month', cells.date)::date""",
            self._late_sql(),
        )

    def _late_sql(self):
        """What of the invoices of each month is open and long late."""
        return SQL(
            """SELECT centre.owner AS company_id,
                      date_trunc('month', aml.date)::date AS month,
                      SUM(aml.amount_residual) AS amount
                 FROM account_move_line aml
                 JOIN (%s) centre ON centre.id = aml.company_id
                WHERE aml.account_id IN %s AND aml.parent_state = 'posted'
                  AND aml.reconciled IS NOT TRUE AND aml.amount_residual > 0
                  AND aml.display_type = 'payment_term' AND aml.partner_id IS NOT NULL
                  AND %s::date - %s > %s
                GROUP BY 1, 2""",
            self._centres_sql(),
            self.env["account.account"]._gym_customer_sql(),
            self._today(),
            self.env["gym.open.item"]._due_sql(),
            AT_RISK,
        )

    def _dso_sql(self):
        """Whole months of sales are taken off what is open, the last one first; of the
        month in which it is used up, the days in proportion. A month without sales is
        passed over with its days; before the first sale nothing is counted."""
        return SQL(
            """COALESCE((
               SELECT SUM(CASE WHEN rest <= 0 THEN 0
                               WHEN sales <= 0 THEN days
                               ELSE days * LEAST(1, rest / sales) END)
                 FROM (SELECT sales, days,
                              figure.amount - COALESCE(SUM(sales) OVER (
                                  ORDER BY month DESC
                                  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
                                AS rest
                         FROM (SELECT month::date AS month,
                                      EXTRACT(DAY FROM month + interval '1 month'
                                                       - interval '1 day')::numeric
                                        AS days,
                                      COALESCE((SELECT sold.amount FROM sold
                                                 WHERE sold.company_id = figure.company_id
                                                   AND sold.month = back.month), 0)
                                        AS sales
                                 FROM generate_series(
                                      GREATEST(
                                        (SELECT MIN(sold.month) FROM sold
                                          WHERE sold.company_id = figure.company_id),
                                        date_trunc('month', figure.date)
                                        - make_interval(months => %s)),
                                      date_trunc('month', figure.date),
                                      interval '1 month') back(month)) months) counted),
               0)""",
            MONTHS_OF_SALES,
        )

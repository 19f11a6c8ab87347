from odoo import fields, models
from odoo.tools import SQL

from .mail_activity_type import CASE_STATES

# a rate is the quotient of two sums, not the average of the cases' rates
RATES = {
    "settlement_rate": ("settled_count", "completed_count"),
    "promise_rate": ("promise_kept_count", "promise_due_count"),
    "recovery_rate": ("amount_recovered", "amount_debt"),
}


class GymCaseAnalysis(models.Model):
    """What working the cases brings: a row for each case (G-05).

    Amounts are those of the items, in company currency at the rate each item was
    booked with; an amount that is not posted is in none of them.
    """

    _name = "gym.case.analysis"
    _description = "Figures of Collection Cases"
    _auto = False
    _order = "date_start desc, id desc"
    _rec_name = "case_id"
    _depends = {
        "account.move.line": [
            "amount_currency",
            "amount_residual_currency",
            "balance",
            "parent_state",
        ],
        "account.partial.reconcile": [
            "create_date",
            "debit_amount_currency",
            "debit_move_id",
            "max_date",
        ],
        "gym.collection.case": [
            "company_id",
            "date_completed",
            "date_start",
            "debt_manager_id",
            "other_amount",
            "other_collected",
            "partner_id",
            "state",
        ],
        "gym.collection.case.item": ["amount", "case_id", "move_line_id"],
        "mail.activity": ["promise_state", "res_id", "res_model"],
        "res.company": ["currency_id"],
        "res.currency": ["rounding"],
    }

    case_id = fields.Many2one("gym.collection.case", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", string="Centre", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    debt_manager_id = fields.Many2one("res.users", readonly=True)
    state = fields.Selection(CASE_STATES, readonly=True)
    date_start = fields.Date(string="Start", readonly=True)
    date_completed = fields.Date(string="Completed on", readonly=True)
    case_count = fields.Integer(string="Cases", readonly=True)
    completed_count = fields.Integer(string="Completed", readonly=True)
    settled_count = fields.Integer(
        string="Settled", readonly=True, help="Completed, with everything collected."
    )
    settlement_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of the completed cases that were settled.",
    )
    promise_due_count = fields.Integer(
        string="Promises Due",
        readonly=True,
        help="Kept, partly kept and broken promises; not running or replaced ones.",
    )
    promise_kept_count = fields.Integer(string="Promises Kept", readonly=True)
    promise_partial_count = fields.Integer(string="Promises Partly Kept", readonly=True)
    promise_rate = fields.Float(
        string="Promise-Kept Rate",
        readonly=True,
        aggregator="avg",
        help="Share of the promises due that were kept in full.",
    )
    amount_debt = fields.Monetary(
        string="Debt", readonly=True, help="The items as they were added."
    )
    amount_recovered = fields.Monetary(
        string="Recovered",
        readonly=True,
        help="What has been paid on the items since they were added; for a completed "
        "case, until it was completed.",
    )
    recovery_rate = fields.Float(
        readonly=True, aggregator="avg", help="Share of the debt that was recovered."
    )

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS base: rates of sums
        rate = RATES.get(aggregate_spec.removesuffix(":avg"))
        if not rate:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = rate
        return SQL(
            "COALESCE(SUM(%s)::float / NULLIF(SUM(%s), 0)::float, 0.0)",
            self._field_to_sql(self._table, part, query),
            self._field_to_sql(self._table, whole, query),
        )

    # === QUERY === #

    @property
    def _table_query(self):
        return SQL(
            """SELECT figures.*,
                      COALESCE(settled_count::float / NULLIF(completed_count, 0), 0)
                        AS settlement_rate,
                      COALESCE(promise_kept_count::float
                               / NULLIF(promise_due_count, 0), 0) AS promise_rate,
                      COALESCE(amount_recovered / NULLIF(amount_debt, 0), 0)
                        AS recovery_rate
                 FROM (%s) AS figures""",
            self._cases_sql(),
        )

    def _cases_sql(self):
        return SQL(
            """SELECT owner.id, owner.id AS case_id, owner.partner_id,
                      owner.company_id, company.currency_id, owner.debt_manager_id,
                      owner.state, owner.date_start, owner.date_completed,
                      1 AS case_count,
                      (owner.state = 'completed')::int AS completed_count,
                      (%(settled)s)::int AS settled_count,
                      COALESCE(promises.due, 0)::int AS promise_due_count,
                      COALESCE(promises.kept, 0)::int AS promise_kept_count,
                      COALESCE(promises.partial, 0)::int AS promise_partial_count,
                      COALESCE(debts.amount, 0) AS amount_debt,
                      COALESCE(debts.amount - debts.amount_left, 0)
                        AS amount_recovered
                 FROM gym_collection_case owner
                 JOIN res_company company ON company.id = owner.company_id
                 JOIN res_currency currency ON currency.id = company.currency_id
                 LEFT JOIN LATERAL %(debts)s debts ON TRUE
                 LEFT JOIN LATERAL %(promises)s promises ON TRUE""",
            settled=self._settled_sql(),
            debts=self._debts_sql(),
            promises=self._promises_sql(),
        )

    def _settled_sql(self):
        """Completed, something was owed, and nothing of it is missing (AMB-35)."""
        return SQL(
            """owner.state = 'completed'
               AND (debts.amount IS NOT NULL OR owner.other_amount > 0)
               AND COALESCE(debts.missing, 0) = 0
               AND COALESCE(owner.other_collected, 0) >= COALESCE(owner.other_amount, 0)
            """
        )

    def _debts_sql(self):
        """Sum up a case: the debt, what is left of it, the items not wholly paid."""
        return SQL(
            """(SELECT SUM(%(amount)s) AS amount, SUM(%(left)s) AS amount_left,
                       COUNT(*) FILTER (WHERE %(open)s > 0
                                          OR aml.parent_state <> 'posted') AS missing
                  FROM gym_collection_case_item item
                  JOIN account_move_line aml ON aml.id = item.move_line_id
                 WHERE item.case_id = owner.id)""",
            amount=self._company_sql(SQL("item.amount")),
            left=self._company_sql(self._open_sql()),
            open=self._open_sql(),
        )

    def _company_sql(self, amount):
        """An amount in the item's currency, at the rate the item was booked with."""
        return SQL(
            """ROUND((%s * aml.balance / NULLIF(aml.amount_currency, 0))::numeric
                     / currency.rounding::numeric) * currency.rounding::numeric""",
            amount,
        )

    def _open_sql(self):
        """What is open of an item, in its currency.

        Of a completed case what was open on that day: what is paid to reminders, to
        another case or to the agency afterwards is no success of this one. A payment
        counts by its date, or by the day it was noted, whichever is earlier.
        """
        return SQL(
            """(CASE WHEN aml.parent_state <> 'posted' THEN item.amount
                     WHEN owner.state <> 'completed'
                     THEN aml.amount_residual_currency
                     ELSE aml.amount_currency - COALESCE((
                          SELECT SUM(paid.debit_amount_currency)
                            FROM account_partial_reconcile paid
                           WHERE paid.debit_move_id = aml.id
                             AND LEAST(paid.max_date, paid.create_date::date)
                                 <= owner.date_completed), 0) END)"""
        )

    def _promises_sql(self):
        return SQL(
            """(SELECT COUNT(*) FILTER (
                           WHERE promise.promise_state IN ('kept', 'partial', 'broken')
                       ) AS due,
                       COUNT(*) FILTER (WHERE promise.promise_state = 'kept') AS kept,
                       COUNT(*) FILTER (WHERE promise.promise_state = 'partial')
                         AS partial
                  FROM mail_activity promise
                 WHERE promise.res_model = 'gym.collection.case'
                   AND promise.res_id = owner.id
                   AND promise.promise_state IS NOT NULL)"""
        )

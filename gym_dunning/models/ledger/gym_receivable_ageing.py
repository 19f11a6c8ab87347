from odoo import api, fields, models
from odoo.tools import SQL

from .gym_open_item_as_of import AS_OF_KEY

OF_THE_DAY = {"readonly": True, "depends_context": ("date",)}
# Column, and how many days after the due date its last day is.
BUCKETS = {
    "amount_not_due": 0,
    "amount_30": 30,
    "amount_60": 60,
    "amount_90": 90,
    "amount_older": None,
}


def ages_sql(days):
    """Return by the name of its column when a debt is in a bucket.

    :param days: SQL of the days after its due date
    """
    conditions, before = {}, None
    for name, last in BUCKETS.items():
        limits = [SQL("%s > %s", days, before)] if before is not None else []
        limits += [SQL("%s <= %s", days, last)] if last is not None else []
        conditions[name] = SQL(" AND ").join(limits)
        before = last
    return conditions


class GymReceivableAgeing(models.Model):
    """What was open at the end of a day and how late: a row for each item, in company
    currency.

    The context key `date` gives the day. Without it, or for a day that is not past, the
    rows are those of the ledger, to the cent; for a past day what the ledger would have
    said, as the books know that day by now.
    """

    _name = "gym.receivable.ageing"
    _description = "Ageing of Receivables"
    _auto = False
    _order = "date_maturity, id"
    _rec_name = "move_id"
    _depends = {"gym.open.item": ["amount_residual_company"]}

    move_line_id = fields.Many2one(
        "account.move.line", string="Journal Item", readonly=True
    )
    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Debtor", readonly=True)
    company_id = fields.Many2one("res.company", string="Centre", readonly=True)
    holding_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date_maturity = fields.Date(string="Due Date", readonly=True)
    days_overdue = fields.Integer(
        aggregator="max", help="Zero and less: not due on that day.", **OF_THE_DAY
    )
    bucket = fields.Selection(
        [
            ("a_not_due", "Not Due"),
            ("b_30", "1 to 30 Days"),
            ("c_60", "31 to 60 Days"),
            ("d_90", "61 to 90 Days"),
            ("e_older", "Over 90 Days"),
            ("f_credit", "Credits"),
        ],
        string="Age",
        **OF_THE_DAY,
    )
    amount = fields.Monetary(
        string="Total", help="What was open, credits taken off.", **OF_THE_DAY
    )
    amount_not_due = fields.Monetary(
        string="Not Due", help="Due on that day or later.", **OF_THE_DAY
    )
    amount_30 = fields.Monetary(string="1 to 30 Days", **OF_THE_DAY)
    amount_60 = fields.Monetary(string="31 to 60 Days", **OF_THE_DAY)
    amount_90 = fields.Monetary(string="61 to 90 Days", **OF_THE_DAY)
    amount_older = fields.Monetary(string="Over 90 Days", **OF_THE_DAY)
    amount_credit = fields.Monetary(
        string="Credits",
        help="Payments and credit notes that pay nothing yet; not spread over the"
        " debts.",
        **OF_THE_DAY,
    )

    def action_print(self):
        """Print these items as of the day they are listed of.

        :raise AccessError: one of them is of a centre that is not the user's
        """
        self.check_access("read")
        ask = self.env["gym.receivable.ask"].create(
            {"date": self._date(), "printed_ids": self.ids}
        )
        return ask.action_print()

    @api.model
    def _date(self):
        """Return the day the rows are of."""
        date = self.env.context.get("date")
        return fields.Date.to_date(date) or fields.Date.context_today(self)

    @api.model
    def _newly_overdue(self, start, end):
        """Return what became overdue in the days after `start` up to `end` and was open at
        the end of the last; of the centres that are ticked, in company currency.

        An item is overdue from the day after its due date.

        :raise AccessError: the user may not read the ageing
        """
        domain = [
            ("date_maturity", ">=", start),
            ("date_maturity", "<", end),
            ("bucket", "!=", "f_credit"),
        ]
        rows = self.with_context(date=end)._read_group(domain, [], ["amount:sum"])
        return rows[0][0] or 0

    @property
    def _table_query(self):
        return SQL(
            """SELECT id, id AS move_line_id, move_id, partner_id, company_id,
                      (SELECT split_part(centre.parent_path, '/', 1)::int
                         FROM res_company centre WHERE centre.id = item.company_id)
                        AS holding_id,
                      company_currency_id AS currency_id, date_maturity, days_overdue,
                      amount_residual_company AS amount, %s
                 FROM (%s) item""",
            self._bucket_columns(),
            self._ledger()._table_query,
        )

    def _ledger(self):
        """Return the ledger of that day, without what nobody asks for here."""
        date = self._date()
        key = {AS_OF_KEY: date if date < fields.Date.context_today(self) else None}
        ledger = self.env["gym.open.item"]._amounts_only()
        return ledger.with_context(dunning_date=date, **key)

    def _bucket_columns(self):
        age = self._age_sql()
        amounts = [
            SQL(
                "CASE WHEN %s = %s THEN amount_residual_company ELSE 0 END AS %s",
                age,
                position,
                SQL.identifier(name),
            )
            for position, name in enumerate([*BUCKETS, "amount_credit"])
        ]
        names = [value for value, __ in self._fields["bucket"].selection]
        bucket = SQL("(%s::text[])[%s + 1] AS bucket", names, age)
        return SQL(", ").join([*amounts, bucket])

    @api.model
    def _age_sql(self, table="item"):
        """The position of an item's bucket in `bucket`; credits come last.

        :param table: alias of the ledger's rows
        """
        days = SQL.identifier(table, "days_overdue")
        return SQL(
            "CASE WHEN %s < 0 THEN %s %s END",
            SQL.identifier(table, "amount_residual_company"),
            len(BUCKETS),
            SQL(" ").join(
                SQL("WHEN %s THEN %s", condition, position)
                for position, condition in enumerate(ages_sql(days).values())
            ),
        )

    @api.model
    def _debt_ages(self):
        """Return what the buckets of debts are called, the youngest first."""
        names = self._fields["bucket"]._description_selection(self.env)
        return [name for __, name in names[: len(BUCKETS)]]

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.not_compiled import not_compiled

# A rate is the quotient of two sums, not the average of the letters' rates: what is
# divided, and by what.
RATES = {
    "recovery_rate": ("amount_paid", "amount_reminded"),
    "in_time_rate": ("amount_in_time", "amount_reminded"),
    "month_rate": ("amount_month", "amount_reminded"),
    "settled_rate": ("settled_count", "reminder_count"),
    "days_to_pay": ("amount_days", "amount_paid"),
    "fee_rate": ("fee_paid", "fee_charged"),
}
# What settles an item and is no money that came in.
NO_MONEY = ("credit_note", "other")
# Set by the query that has looked.
FOREIGN_KEY = "gym_outcome_foreign"
AGES = [
    ("a_minor", "Under 18"),
    ("b_25", "18 to 25"),
    ("c_40", "26 to 40"),
    ("d_60", "41 to 60"),
    ("e_older", "Over 60"),
    ("f_unknown", "Age Not Known"),
]


class GymDunningOutcome(models.Model):
    """What came of each issued reminder: of what it demanded, how much was settled
    after its date, how fast and in which way.

    A settlement is the last reminder's that demanded the item before it, and of none
    that is not older than the money. Amounts are in company currency, of an item in
    another one at the rate it was booked with, so that a moving rate is no success.
    """

    _name = "gym.dunning.outcome"
    _description = "Outcome of Reminders"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "reminder_id"
    _depends = {
        "account.account": ["account_type", "non_trade"],
        "account.journal": ["type"],
        "account.move": ["move_type", "state"],
        "account.move.line": [
            "account_id",
            "amount_currency",
            "balance",
            "journal_id",
            "move_id",
            "payment_id",
        ],
        "account.partial.reconcile": [
            "amount",
            "credit_move_id",
            "debit_amount_currency",
            "debit_move_id",
            "max_date",
        ],
        "gym.dunning.level": ["policy_id"],
        "gym.dunning.reminder": [
            "amount_charges",
            "amount_credit",
            "amount_fee",
            "amount_interest",
            "amount_open",
            "company_id",
            "currency_id",
            "date",
            "date_due",
            "fee_move_id",
            "level_id",
            "member_id",
            "state",
        ],
        "gym.dunning.reminder.line": [
            "amount",
            "level_id",
            "move_line_id",
            "reminder_id",
            "state",
        ],
        "res.company": ["currency_id"],
        "res.currency": ["decimal_places"],
        "res.partner": ["birthdate_date", "lang"],
    }

    reminder_id = fields.Many2one("gym.dunning.reminder", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True)
    member_id = fields.Many2one("res.partner", string="About", readonly=True)
    company_id = fields.Many2one("res.company", string="Centre", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    policy_id = fields.Many2one(
        "gym.dunning.policy", string="Reminder Policy", readonly=True
    )
    level_id = fields.Many2one("gym.dunning.level", readonly=True)
    date = fields.Date(readonly=True)
    date_due = fields.Date(string="Deadline", readonly=True)
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        readonly=True,
        help="Of who got the reminder, as it is today.",
    )
    age_class = fields.Selection(
        AGES, string="Age", readonly=True, help="Of the member, on the reminder's date."
    )
    has_fee = fields.Boolean(string="With a Fee", readonly=True)
    way = fields.Selection(
        [
            ("payment", "Payment"),
            ("credit_note", "Credit Note"),
            ("other", "Other Entry"),
            ("mixed", "Several Ways"),
            ("nothing", "Nothing Yet"),
        ],
        string="Settled by",
        readonly=True,
    )
    reminder_count = fields.Integer(string="Reminders", readonly=True)
    settled_count = fields.Integer(
        string="Settled",
        readonly=True,
        help="Nothing is left of what they demanded; credit notes settle, too.",
    )
    in_time_count = fields.Integer(
        string="Settled in Time", readonly=True, help="By the deadline."
    )
    amount_reminded = fields.Monetary(
        string="Reminded",
        readonly=True,
        help="The items that the reminder raised, less the credits it named; without"
        " fees.",
    )
    amount_paid = fields.Monetary(
        string="Recovered",
        readonly=True,
        help="The money that came in for these items after the reminder's date and"
        " until the next reminder of the item.",
    )
    amount_in_time = fields.Monetary(string="Recovered by the Deadline", readonly=True)
    amount_month = fields.Monetary(string="Recovered within 30 Days", readonly=True)
    amount_way_payment = fields.Monetary(
        string="By Payment",
        readonly=True,
        help="Transfers, cash and cards that no other column has.",
    )
    amount_way_credit_note = fields.Monetary(
        string="By Credit Note",
        readonly=True,
        help="Settled, but no money came in.",
    )
    amount_way_other = fields.Monetary(
        string="By Other Entry",
        readonly=True,
        help="Written off or settled by an entry; no money came in.",
    )
    amount_days = fields.Float(
        string="Amount times Days", readonly=True, groups="base.group_no_one"
    )
    payment_count = fields.Integer(string="Payments", readonly=True)
    fee_charged = fields.Monetary(
        string="Fees Charged",
        readonly=True,
        help="Fee, interest and bank charges that the reminder added to the debt.",
    )
    fee_paid = fields.Monetary(string="Fees Paid", readonly=True)
    fee_waived = fields.Monetary(
        string="Fees Waived", readonly=True, help="Credited, or settled by an entry."
    )
    recovery_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Recovered of what was reminded.",
    )
    in_time_rate = fields.Float(
        string="Rate by the Deadline",
        readonly=True,
        aggregator="avg",
        help="Recovered by the deadline, of what was reminded.",
    )
    month_rate = fields.Float(
        string="Rate within 30 Days",
        readonly=True,
        aggregator="avg",
        help="Recovered within 30 days of the reminder, of what was reminded.",
    )
    settled_rate = fields.Float(
        string="Share Settled",
        readonly=True,
        aggregator="avg",
        help="Settled reminders of all reminders, credit notes included.",
    )
    days_to_pay = fields.Float(
        string="Days to Pay",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="From the reminder to the money; a large sum weighs more than a small one.",
    )
    fee_rate = fields.Float(
        string="Fee Yield",
        readonly=True,
        aggregator="avg",
        help="Fees paid of fees charged.",
    )

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS base: rates of sums
        rate = self._rates().get(aggregate_spec.removesuffix(":avg"))
        if not rate:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = rate
        return SQL(
            "COALESCE(SUM(%s)::float / NULLIF(SUM(%s), 0)::float, 0.0)",
            SQL.identifier(self._table, part),
            SQL.identifier(self._table, whole),
        )

    @api.model
    def _rates(self):
        """Return what each rate divides, and by what; rooms add theirs."""
        return RATES

    # === QUERY === #
    # Each part is a join that gives one row at most by what it is grouped by:
    # PostgreSQL leaves out those of which nobody asks for a column.

    @property
    def _table_query(self):
        not_compiled(self.env)
        rows = self.with_context(**{FOREIGN_KEY: self._find_foreign()})
        return SQL("SELECT %s FROM %s", rows._select(), rows._from())

    def _select(self):
        columns = self._columns()
        columns |= {
            name: SQL(
                "COALESCE((%s)::float / NULLIF(%s, 0)::float, 0)",
                columns[part],
                columns[whole],
            )
            for name, (part, whole) in self._rates().items()
        }
        return SQL(", ").join(
            SQL("%s AS %s", column, SQL.identifier(name))
            for name, column in columns.items()
        )

    def _columns(self):
        """Return the expression of each column, by its name."""
        return {
            "id": SQL("letter.id"),
            "reminder_id": SQL("letter.id"),
            **{
                name: SQL("letter.%s", SQL.identifier(name))
                for name in (
                    "partner_id",
                    "member_id",
                    "company_id",
                    "level_id",
                    "date",
                    "date_due",
                )
            },
            "currency_id": SQL("company.currency_id"),
            "policy_id": SQL("level.policy_id"),
            "lang": SQL(
                """(SELECT receiver.lang FROM res_partner receiver
                     WHERE receiver.id = letter.addressee_id)"""
            ),
            "age_class": self._age_sql(),
            "has_fee": SQL("%s <> 0", self._fee_sql()),
            "way": self._way_of_letter_sql(),
            "reminder_count": SQL("1"),
            "settled_count": self._settled_sql(SQL("settled.amount")),
            "in_time_count": self._settled_sql(SQL("settled.amount_by_deadline")),
            "amount_reminded": self._demanded_sql(),
            "amount_paid": SQL("COALESCE(settled.amount_money, 0)"),
            "amount_in_time": SQL("COALESCE(settled.amount_in_time, 0)"),
            "amount_month": SQL("COALESCE(settled.amount_month, 0)"),
            **{
                f"amount_way_{way}": SQL(
                    "COALESCE(settled.%s, 0)", SQL.identifier(f"way_{way}")
                )
                for way in self._ways()
            },
            "amount_days": SQL("COALESCE(settled.amount_days, 0)"),
            "payment_count": SQL("COALESCE(settled.payments, 0)::int"),
            "fee_charged": self._fee_sql(),
            "fee_paid": SQL("COALESCE(fees.paid, 0)"),
            "fee_waived": SQL("COALESCE(fees.waived, 0)"),
        }

    def _from(self):
        return SQL(
            """gym_dunning_reminder letter
               JOIN res_company company ON company.id = letter.company_id
               LEFT JOIN gym_dunning_level level ON level.id = letter.level_id
               LEFT JOIN (%(carried)s) carried ON carried.reminder_id = letter.id
               LEFT JOIN (%(settled)s) settled ON settled.reminder_id = letter.id
               LEFT JOIN (%(fees)s) fees ON fees.reminder_id = letter.id
              WHERE letter.state = 'issued'""",
            carried=self._carried_sql(),
            settled=self._settled_by_letter_sql(),
            fees=self._fees_sql(),
        )

    # === WHAT WAS DEMANDED === #

    def _demanded_sql(self):
        """What a `letter` raised, less the credits it named; without what it carried
        along, as earlier fees."""
        plain = SQL(
            """GREATEST(COALESCE(letter.amount_open, 0) - COALESCE(letter.amount_credit, 0)
                        - COALESCE(carried.amount, 0), 0)"""
        )
        if not self._has_foreign():
            return plain
        return SQL(
            """CASE WHEN letter.currency_id = company.currency_id THEN %s
                    ELSE GREATEST((SELECT SUM(%s)
                                     FROM gym_dunning_reminder_line line
                                     JOIN account_move_line item
                                       ON item.id = line.move_line_id
                                    WHERE line.reminder_id = letter.id
                                      AND (line.level_id IS NOT NULL OR line.amount < 0)),
                                  0) END""",
            plain,
            self._company_sql(SQL("line.amount")),
        )

    def _carried_sql(self):
        return SQL(
            """SELECT line.reminder_id, SUM(line.amount) AS amount
                 FROM gym_dunning_reminder_line line
                WHERE line.level_id IS NULL AND line.amount > 0
                  AND line.state = 'issued'
                GROUP BY line.reminder_id"""
        )

    def _company_sql(self, amount):
        """An amount in the currency of an `item` in that of its company, at the rate
        the item was booked with."""
        return SQL(
            """ROUND(%s * item.balance / NULLIF(item.amount_currency, 0),
                     (SELECT coin.decimal_places FROM res_currency coin
                       WHERE coin.id = item.company_currency_id))""",
            amount,
        )

    # === FEES === #

    def _fee_sql(self):
        """What the letter adds to the debt, in company currency."""
        costs = SQL(
            """(COALESCE(letter.amount_fee, 0) + COALESCE(letter.amount_interest, 0)
                + COALESCE(letter.amount_charges, 0))"""
        )
        return SQL(
            """CASE WHEN letter.currency_id = company.currency_id
                      OR letter.fee_move_id IS NULL THEN %(costs)s
                    ELSE (SELECT COALESCE(SUM(aml.balance), %(costs)s)
                            FROM account_move_line aml
                           WHERE aml.move_id = letter.fee_move_id
                             AND aml.partner_id = letter.partner_id
                             AND aml.account_id IN %(accounts)s) END""",
            costs=costs,
            accounts=self.env["account.account"]._gym_customer_sql(),
        )

    def _fees_sql(self):
        """What of the documents of fees was paid, and what was waived. An entry has the
        fees of many letters: each line bears the number of its own."""
        return SQL(
            """SELECT fee.reminder_id,
                      SUM(fee.amount) FILTER (WHERE fee.way <> ALL(%(no_money)s)) AS paid,
                      SUM(fee.amount) FILTER (WHERE fee.way = ANY(%(no_money)s)) AS waived
                 FROM (SELECT own.id AS reminder_id, %(way)s AS way,
                              CASE WHEN item.currency_id = item.company_currency_id
                                   THEN paid.amount ELSE %(amount)s END AS amount
                         FROM gym_dunning_reminder own
                         JOIN account_move document ON document.id = own.fee_move_id
                         JOIN account_move_line item ON item.move_id = own.fee_move_id
                          AND item.account_id IN %(accounts)s
                          AND (document.move_type <> 'entry' OR item.name = own.name)
                         JOIN account_partial_reconcile paid
                           ON paid.debit_move_id = item.id
                        WHERE own.state = 'issued') fee
                GROUP BY fee.reminder_id""",
            no_money=list(NO_MONEY),
            way=self._way_sql(),
            amount=self._company_sql(SQL("paid.debit_amount_currency")),
            accounts=self.env["account.account"]._gym_customer_sql(),
        )

    def _age_sql(self):
        return SQL(
            """(SELECT CASE WHEN person.birthdate_date IS NULL THEN 'f_unknown'
                            WHEN %(age)s < 18 THEN 'a_minor'
                            WHEN %(age)s <= 25 THEN 'b_25'
                            WHEN %(age)s <= 40 THEN 'c_40'
                            WHEN %(age)s <= 60 THEN 'd_60' ELSE 'e_older' END
                  FROM res_partner person WHERE person.id = letter.member_id)""",
            age=SQL("EXTRACT(YEAR FROM age(letter.date, person.birthdate_date))"),
        )

from odoo import api, models
from odoo.tools import SQL

from .gym_dunning_outcome import FOREIGN_KEY, NO_MONEY

# A letter as one number: its date, its id, and its days to pay.
ID_BITS, TERM_BITS = 32, 12


class GymDunningOutcome(models.Model):
    """What settled the items of a letter: whose letter gets it, when and by which way."""

    _inherit = "gym.dunning.outcome"

    @api.model
    def _ways(self):
        """Return by which ways items are settled, each with its condition over what was
        `paid`; the first that holds counts. Rooms put theirs before those of money."""
        return {
            "credit_note": SQL("paid.credit_move_id IN %s", self._credit_notes_sql()),
            "other": SQL("paid.credit_move_id IN %s", self._entries_sql()),
            "payment": SQL("TRUE"),
        }

    def _credit_notes_sql(self):
        """Return the journal items of credit notes: few, and an index has them."""
        return SQL(
            """(SELECT item.id FROM account_move move
                  JOIN account_move_line item ON item.move_id = move.id
                 WHERE move.move_type = 'out_refund' AND move.state = 'posted'
                   AND item.account_id IN %s)""",
            self.env["account.account"]._gym_customer_sql(),
        )

    def _entries_sql(self):
        """Return the journal items by which no money came in."""
        # sudo: which journals there are; written out, so that PostgreSQL knows how many
        # lines they have
        journals = self.env["account.journal"].sudo().with_context(active_test=False)
        return SQL(
            """(SELECT item.id FROM account_move_line item
                 WHERE item.journal_id = ANY(%s) AND item.balance < 0
                   AND item.account_id IN %s)""",
            journals.search([("type", "=", "general")]).ids,
            self.env["account.account"]._gym_customer_sql(),
        )

    def _payment_sql(self, condition):
        """Whether the money came by a `payment` of this kind."""
        return SQL(
            """(SELECT %s FROM account_move_line item
                  JOIN account_payment payment ON payment.id = item.payment_id
                 WHERE item.id = paid.credit_move_id) IS TRUE""",
            condition,
        )

    def _way_sql(self):
        return SQL(
            "CASE %s END",
            SQL(" ").join(
                SQL("WHEN %s THEN %s", condition, way)
                for way, condition in self._ways().items()
            ),
        )

    def _is_money_sql(self):
        """Whether money came in, without looking up by which way."""
        ways = self._ways()
        return SQL(
            "NOT (%s)", SQL(" OR ").join(SQL("%s", ways[way]) for way in NO_MONEY)
        )

    def _settled_by_letter_sql(self):
        """What settled the items of each letter, in company currency."""
        ways = SQL(", ").join(
            SQL(
                "SUM(amount) FILTER (WHERE way = %s) AS %s",
                way,
                SQL.identifier(f"way_{way}"),
            )
            for way in self._ways()
        )
        parts = SQL("").join(
            SQL(
                ", SUM(amount * %s) FILTER (WHERE is_money) AS %s",
                *map(SQL.identifier, (name, name)),
            )
            for name in self._parts_of_money()
        )
        return SQL(
            """SELECT reminder_id, SUM(amount) AS amount,
                      SUM(amount) FILTER (WHERE day <= date_due) AS amount_by_deadline,
                      SUM(amount) FILTER (WHERE is_money) AS amount_money,
                      SUM(amount) FILTER (WHERE is_money AND day <= date_due)
                        AS amount_in_time,
                      SUM(amount) FILTER (WHERE is_money AND day <= date + 30)
                        AS amount_month,
                      SUM(amount * (day - date)) FILTER (WHERE is_money)
                        AS amount_days,
                      COUNT(DISTINCT credit_id) FILTER (WHERE is_money) AS payments,
                      MIN(way) AS first_way, MAX(way) AS last_way, %(ways)s %(parts)s
                 FROM (%(settlements)s OFFSET 0) settlement
                GROUP BY reminder_id""",
            ways=ways,
            parts=parts,
            settlements=self._settlements_sql(),
        )

    def _settlements_sql(self):
        """Return a row for each settlement of an item after a letter."""
        return SQL(
            """SELECT (paid.letter >> %(term)s) & %(ids)s AS reminder_id,
                      %(date)s AS date,
                      %(date)s + (paid.letter & %(days)s)::int AS date_due,
                      paid.max_date AS day,
                      paid.credit_move_id AS credit_id, %(amount)s AS amount,
                      %(is_money)s AS is_money, %(way)s AS way %(parts)s
                 FROM (%(paid)s) paid""",
            parts=SQL("").join(
                SQL(", %s AS %s", part, SQL.identifier(name))
                for name, part in self._parts_of_money().items()
            ),
            amount=self._paid_sql(),
            is_money=self._is_money_sql(),
            way=self._way_sql(),
            paid=self._last_letters_sql(),
            date=SQL(
                "DATE '1970-01-01' + (paid.letter >> %s)::int", ID_BITS + TERM_BITS
            ),
            ids=2**ID_BITS - 1,
            days=2**TERM_BITS - 1,
            term=TERM_BITS,
        )

    @api.model
    def _recovered(self, start, end):
        """Return the money of the days after `start` up to `end` that came in after a
        reminder, whenever that was; of the centres that are ticked, in company currency.

        :raise AccessError: the user may not read outcomes
        """
        self.check_access("read")
        for name, columns in self._depends.items():
            self.env[name].flush_model(columns)
        rows = self.with_context(**{FOREIGN_KEY: self._find_foreign()})
        query = SQL(
            """SELECT COALESCE(SUM(settlement.amount), 0)
                 FROM (%s) settlement
                 JOIN gym_dunning_reminder letter ON letter.id = settlement.reminder_id
                WHERE settlement.is_money AND letter.state = 'issued'
                  AND settlement.day > %s AND settlement.day <= %s
                  AND letter.company_id = ANY(%s)""",
            rows._settlements_sql(),
            start,
            end,
            self.env.companies.ids,  # what the rule of centres says of rows
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _parts_of_money(self):
        """Return by name what part of the money is to be summed up besides, over what was
        `paid`; rooms add theirs."""
        return {}

    def _paid_sql(self):
        """The part of an item that was paid, in company currency."""
        if not self._has_foreign():
            return SQL("paid.debit_amount_currency")
        return SQL(
            """(SELECT CASE WHEN item.currency_id = item.company_currency_id
                            THEN paid.debit_amount_currency ELSE %s END
                  FROM account_move_line item WHERE item.id = paid.debit_move_id)""",
            self._company_sql(SQL("paid.debit_amount_currency")),
        )

    def _has_foreign(self):
        """Tell whether there may be a letter in another currency than its company's: most
        gyms have none, and need not look each item up for it."""
        return self.env.context.get(FOREIGN_KEY, True)

    def _find_foreign(self):
        self.env["gym.dunning.reminder"].flush_model(["company_id", "currency_id"])
        query = SQL(
            """SELECT FROM gym_dunning_reminder letter
                 JOIN res_company company ON company.id = letter.company_id
                WHERE letter.currency_id <> company.currency_id LIMIT 1"""
        )
        return bool(self.env.execute_query(query))

    def _last_letters_sql(self):
        """Return what settled items, each with the last letter before it that raised
        the item. Its date, id and days to pay are one number: finding the greatest is
        quicker than sorting hundreds of thousands, and no letter is looked up again."""
        return SQL(
            """SELECT paid.id, paid.max_date, paid.debit_move_id, paid.credit_move_id,
                      paid.debit_amount_currency,
                      MAX((((raised.date - DATE '1970-01-01')::bigint << %(id)s)
                           + raised.id << %(term)s)
                          + LEAST(GREATEST(raised.date_due - raised.date, 0), %(days)s))
                        AS letter
                 FROM gym_dunning_reminder_line line
                 JOIN gym_dunning_reminder raised ON raised.id = line.reminder_id
                 JOIN account_partial_reconcile paid
                   ON paid.debit_move_id = line.move_line_id
                  AND paid.max_date > raised.date
                WHERE line.state = 'issued' AND line.level_id IS NOT NULL
                GROUP BY paid.id""",
            id=ID_BITS,
            term=TERM_BITS,
            days=2**TERM_BITS - 1,
        )

    def _settled_sql(self, amount):
        return SQL("(COALESCE(%s, 0) >= %s)::int", amount, self._demanded_sql())

    def _way_of_letter_sql(self):
        return SQL(
            """CASE WHEN settled.first_way IS NULL THEN 'nothing'
                    WHEN settled.first_way <> settled.last_way THEN 'mixed'
                    ELSE settled.first_way END"""
        )

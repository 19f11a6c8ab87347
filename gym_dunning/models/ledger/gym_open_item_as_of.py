from odoo import fields, models
from odoo.tools import SQL

# Set by who reads what was open at the end of a past day.
AS_OF_KEY = "gym_ledger_as_of"
# What the ledger reads of a journal item and no payment changes.
COLUMNS = (
    "id",
    "account_id",
    "amount_currency",
    "balance",
    "company_currency_id",
    "company_id",
    "currency_id",
    "date",
    "date_maturity",
    "display_type",
    "invoice_date",
    "journal_id",
    "move_id",
    "move_name",
    "name",
    "no_followup",
    "parent_state",
    "partner_id",
    "payment_id",
)


class GymOpenItem(models.Model):
    """The ledger as it was at the end of a past day, by what the books say today: what
    was settled later is open again, and what was booked later is not there yet."""

    _inherit = "gym.open.item"
    _depends = {
        "account.partial.reconcile": [
            "amount",
            "credit_amount_currency",
            "credit_move_id",
            "debit_amount_currency",
            "debit_move_id",
            "max_date",
        ]
    }

    def _lines_sql(self, whole=False):
        """Return the journal items that the ledger reads, as a table.

        :param whole: all of them are read, so that none is looked up twice
        """
        if not self.env.context.get(AS_OF_KEY):
            return SQL("account_move_line")
        return SQL(
            """(SELECT %(columns)s, FALSE AS reconciled,
                       line.amount_currency
                       - COALESCE(%(debit_currency)s, 0)
                       + COALESCE(%(credit_currency)s, 0) AS amount_residual_currency,
                       line.balance - COALESCE(%(debit)s, 0)
                       + COALESCE(%(credit)s, 0) AS amount_residual
                  FROM account_move_line line
                 WHERE line.date <= %(day)s AND line.parent_state = 'posted'
                   AND line.account_id = ANY(%(accounts)s)
                   AND (line.reconciled IS NOT TRUE OR line.id IN (%(settled)s))
                 %(fence)s)""",
            columns=SQL(", ").join(
                SQL("line.%s", SQL.identifier(name)) for name in COLUMNS
            ),
            debit_currency=self._settled_until_sql("debit", "debit_amount_currency"),
            credit_currency=self._settled_until_sql("credit", "credit_amount_currency"),
            debit=self._settled_until_sql("debit", "amount"),
            credit=self._settled_until_sql("credit", "amount"),
            day=self._as_of_sql(),
            accounts=self._accounts_sql(),
            settled=self._settled_later_sql(),
            fence=SQL("OFFSET 0") if whole else SQL(),
        )

    def _as_of_sql(self):
        return SQL("%s::date", fields.Date.to_date(self.env.context[AS_OF_KEY]))

    def _settled_until_sql(self, side, amount):
        """What of a `line` was settled by that day."""
        return SQL(
            """(SELECT SUM(paid.%s) FROM account_partial_reconcile paid
                 WHERE paid.%s = line.id AND paid.max_date <= %s)""",
            SQL.identifier(amount),
            SQL.identifier(f"{side}_move_id"),
            self._as_of_sql(),
        )

    def _settled_later_sql(self):
        return SQL(
            """SELECT unnest(ARRAY[paid.debit_move_id, paid.credit_move_id])
                 FROM account_partial_reconcile paid WHERE paid.max_date > %s""",
            self._as_of_sql(),
        )

    def _rare_sql(self):
        # EXTENDS ledger: what was used up since was open then
        found = super()._rare_sql()
        if self.env.context.get(AS_OF_KEY):
            found |= dict.fromkeys(("credits", "paid_out"), SQL("SELECT TRUE"))
        return found

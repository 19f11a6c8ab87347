from odoo import models
from odoo.tools import SQL

from ...tools.not_compiled import NOT_COMPILED
from .account_move_line import DUE, OPEN
from .gym_open_item_as_of import AS_OF_KEY

RARE_ROWS_KEY = "gym_ledger_rare"
ACCOUNTS_KEY = "gym_ledger_accounts"
MONEY_JOURNALS = ("bank", "cash", "credit")


class GymOpenItem(models.Model):
    """What is owed, and since when: a customer's debt, defined once.

    Every method returns one scalar expression over the ledger's rows.
    """

    _inherit = "gym.open.item"

    def _due_sql(self):
        """The day an item is due: entries without one on their own date, and an
        invoice not before it was made.

        Of the journal item's columns only, as its index `gym_due_idx` has it: Odoo
        refuses an invoice whose receivable is no `payment_term`, and takes its date over.
        """
        return SQL(DUE, aml=SQL("aml"))

    def _open_sql(self):
        """What is not paid, as the index `gym_due_idx` says it."""
        return SQL(OPEN, aml=SQL("aml"))

    def _is_paid_out_sql(self, line):
        """Whether a positive `line` is money paid out to the customer: by a payment,
        or straight from the bank.

        A payment that is taken back (a returned debit) is none: what it had paid is
        owed again.
        """
        if not self._may_have("paid_out"):
            return SQL("FALSE")
        return SQL(
            """(%(maybe)s
                AND (SELECT bool_or(payment.payment_type = 'outbound'
                                    OR cash.balance < 0
                                    AND account.account_type IN (
                                        'asset_cash', 'liability_credit_card')
                                    AND journal.type IN %(money)s)
                       FROM account_move entry
                       JOIN account_journal journal ON journal.id = %(line)s.journal_id
                       JOIN account_move_line cash ON cash.move_id = entry.id
                       JOIN account_account account ON account.id = cash.account_id
                       LEFT JOIN account_payment payment
                              ON payment.id = entry.origin_payment_id
                      WHERE entry.id = %(line)s.move_id AND entry.move_type = 'entry'
                        AND entry.reversed_entry_id IS NULL) IS TRUE)""",
            maybe=SQL("(%s OR %s)", *self._payment_sql(line)),
            line=line,
            money=MONEY_JOURNALS,
        )

    def _payment_sql(self, line):
        """Whether a line may be of a payment: one made it, or a journal of money holds
        it. What neither did, as nearly all lines, is not looked at further."""
        of_payment = SQL("%s.payment_id IS NOT NULL", line)
        of_bank = SQL(
            """(%(line)s.display_type IS DISTINCT FROM 'payment_term'
                AND %(line)s.journal_id = ANY(ARRAY(
                    SELECT id FROM account_journal WHERE type IN %(money)s)))""",
            line=line,
            money=MONEY_JOURNALS,
        )
        return of_payment, of_bank

    def _open_payments_sql(self, columns):
        """Return the positive lines that may be of a payment and are open, each way by
        its index."""
        line = SQL("line")
        ways = (
            SQL(
                """SELECT %(columns)s FROM account_move_line line
                    WHERE line.account_id = ANY(%(accounts)s) AND %(open)s
                      AND line.amount_residual_currency > 0 AND %(way)s""",
                accounts=self._accounts_sql(),
                columns=columns,
                open=SQL(OPEN, aml=line),
                way=way,
            )
            for way in self._payment_sql(line)
        )
        return SQL(" UNION ALL ").join(ways)

    def _is_owed_sql(self):
        """Whether an open line is a debt or a credit of which something is left."""
        if not self._may_have("paid_out"):
            return SQL("TRUE")
        return SQL(
            "CASE WHEN aml.amount_residual_currency > 0 THEN NOT %s ELSE %s < 0 END",
            self._is_paid_out_sql(SQL("aml")),
            self._credit_sql(),
        )

    def _owed_sql(self):
        """What a row adds to what is owed, in its currency; credits are negative and
        without what was paid out of them."""
        if not self._may_have("paid_out"):
            return SQL("aml.amount_residual_currency")
        return SQL(
            """CASE WHEN aml.amount_residual_currency > 0
                    THEN aml.amount_residual_currency ELSE %s END""",
            self._credit_sql(),
        )

    def _owed_company_sql(self):
        """The same in the company's currency, in proportion."""
        if not self._may_have("paid_out"):
            return SQL("aml.amount_residual")
        return SQL(
            """CASE WHEN aml.amount_residual_currency > 0 THEN aml.amount_residual
                    ELSE round(
                        aml.amount_residual * %s / aml.amount_residual_currency,
                        (SELECT currency.decimal_places FROM res_currency currency
                          WHERE currency.id = aml.company_currency_id)) END""",
            self._credit_sql(),
        )

    def _credit_sql(self):
        """What is left of a credit, negative; zero when all of it was paid out. Where
        nothing can have been paid out, nobody looks."""
        whole = SQL("LEAST(0, aml.amount_residual_currency)")
        if not self._may_have("credits") or not self._may_have("paid_out"):
            return whole
        return SQL(
            """CASE WHEN %(purse)s THEN LEAST(0, GREATEST(
                        aml.amount_residual_currency, %(left)s))
                    ELSE %(whole)s END""",
            purse=self._may_be_of_paid_out_sql(),
            left=self._credits_left_sql(),
            whole=whole,
        )

    def _may_be_of_paid_out_sql(self):
        """Whether something may have been paid out to the debtor, or to somebody of the
        same company or family: looked up once, and kept as a hash."""
        if self.env.context.get(AS_OF_KEY):
            return SQL("TRUE")  # what was open then is not what is open now
        return SQL(
            """aml.partner_id IN (
                   SELECT one.id FROM res_partner one
                     JOIN res_partner paid
                       ON paid.commercial_partner_id = one.commercial_partner_id
                    WHERE paid.id IN (%s))""",
            self._open_payments_sql(SQL("line.partner_id")),
        )

    def _credits_left_sql(self):
        """What was paid out to this person, less his credits up to this one.

        The oldest credits are eaten first. Company and branches are one purse.
        """
        other, document = SQL("other"), SQL("document")
        return SQL(
            """(SELECT sum(other.amount_residual_currency)
                  FROM %(lines)s other
                  JOIN account_move document ON document.id = other.move_id
                  JOIN res_partner person ON person.id = other.partner_id
                 WHERE person.commercial_partner_id = (
                       SELECT payer.commercial_partner_id FROM res_partner payer
                        WHERE payer.id = aml.partner_id)
                   AND other.account_id = ANY(%(accounts)s)
                   AND other.reconciled IS NOT TRUE
                   AND other.parent_state = 'posted'
                   AND other.currency_id = aml.currency_id
                   AND other.company_id IN (
                       SELECT branch.id FROM res_company branch, res_company company
                        WHERE company.id = aml.company_id
                          AND split_part(branch.parent_path, '/', 1)
                              = split_part(company.parent_path, '/', 1))
                   AND COALESCE(%(owner)s, other.partner_id) = %(person)s
                   AND CASE WHEN other.amount_residual_currency > 0 THEN %(paid_out)s
                            ELSE (other.date, other.id) <= (aml.date, aml.id) END)""",
            accounts=self._accounts_sql(),
            lines=self._lines_sql(),
            person=self._person_of_item_sql(),
            owner=self._invoiced_member_sql(other, document, SQL("person")),
            paid_out=self._is_paid_out_sql(other),
        )

    # === RARE === #
    # What many gyms do not have need not be planned and asked row by row: planning the
    # evaluation would take longer than running it.

    def _knowing_what_is_rare(self):
        """Return the ledger that knows what the database holds at this moment; whatever
        a caller says in the context is overwritten.

        PostgreSQL is told on the way not to compile the queries of this transaction: the
        ledger's take seconds to compile, and less to run.
        """
        for model, names in self._depends.items():
            self.env[model].flush_model(names)
        found = self._rare_sql()
        answers = SQL(", ").join(SQL("EXISTS (%s)", rows) for rows in found.values())
        accounts = self.env["account.account"]._gym_customer_sql()
        ((ids, __, *row),) = self.env.execute_query(
            SQL("SELECT ARRAY%s, %s, %s", accounts, NOT_COMPILED, answers)
        )
        names = tuple(
            name for name, is_there in zip(found, row, strict=True) if is_there
        )
        return self.with_context(**{RARE_ROWS_KEY: names, ACCOUNTS_KEY: tuple(ids)})

    def _accounts_sql(self):
        """The accounts of customers, as an array. Written out where they are known:
        PostgreSQL then expects as many items as there are."""
        if ACCOUNTS_KEY in self.env.context:
            return SQL("%s::int[]", list(self.env.context[ACCOUNTS_KEY]))
        return SQL("ARRAY%s", self.env["account.account"]._gym_customer_sql())

    def _may_have(self, name):
        """Tell whether there may be any; who did not look takes it that there are."""
        return (
            RARE_ROWS_KEY not in self.env.context
            or name in self.env.context[RARE_ROWS_KEY]
        )

from odoo import models
from odoo.tools import SQL


class GymReceivableMonth(models.Model):
    """Money paid out at month ends: it is no debt, but lessens the credits of who got it,
    as in the ledger (`gym.open.item._credit_sql`).

    Read for those alone to whom something was ever paid out. The tables `lines` and
    `month_ends` are those of the query.
    """

    _inherit = "gym.receivable.month"
    _depends = {
        "account.account": ["account_type"],
        "account.journal": ["type"],
        "account.move": [
            "move_type",
            "origin_payment_id",
            "partner_id",
            "reversed_entry_id",
        ],
        "account.move.line": [
            "amount_currency",
            "currency_id",
            "move_id",
            "name",
        ],
        "account.partial.reconcile": [
            "credit_amount_currency",
            "debit_amount_currency",
        ],
        "account.payment": ["payment_type"],
        "gym.dunning.reminder": ["fee_move_id", "member_id", "name", "partner_id"],
        "res.partner": ["commercial_partner_id", "member_status_id", "parent_id"],
    }

    def _beyond_credits_sql(self):
        """Return by `company_id` (whose row it is) and `day` what the credits and what
        was paid out, as they were booked, are less than in the ledger; in the company's
        currency, to the cent."""
        return SQL(
            """WITH purse AS MATERIALIZED (%(purses)s),
                    open AS (%(open)s), compared AS (%(compared)s)
               SELECT centre.owner AS company_id, compared.day,
                      SUM(compared.owed - compared.balance) AS amount
                 FROM compared JOIN (%(centres)s) centre
                   ON centre.id = compared.company_id
                GROUP BY 1, 2""",
            purses=self._purses_sql(),
            open=self._open_of_purses_sql(),
            compared=self._compared_sql(),
            centres=self._centres_sql(),
        )

    def _purses_sql(self):
        """The credits of whom something was paid out to, and what was; those of one
        person, currency, and company with its branches are a purse."""
        line, document, partner = SQL("line"), SQL("document"), SQL("partner")
        ledger = self.env["gym.open.item"]
        return SQL(
            """SELECT line.id, line.date, line.company_id, line.balance,
                      line.amount_currency, lines.is_paid_out, currency.decimal_places,
                      dense_rank() OVER (
                          ORDER BY split_part(company.parent_path, '/', 1),
                                   partner.commercial_partner_id,
                                   COALESCE(%(owner)s, line.partner_id),
                                   line.currency_id) AS number
                 FROM lines
                 JOIN account_move_line line ON line.id = lines.id
                 JOIN account_move document ON document.id = line.move_id
                 JOIN res_partner partner ON partner.id = line.partner_id
                 JOIN res_company company ON company.id = line.company_id
                 JOIN res_currency currency ON currency.id = line.company_currency_id
                WHERE lines.is_credit AND partner.commercial_partner_id IN (
                      SELECT paid.commercial_partner_id
                        FROM lines
                        JOIN account_move_line line ON line.id = lines.id
                        JOIN res_partner paid ON paid.id = line.partner_id
                       WHERE lines.is_paid_out)""",
            owner=ledger._invoiced_member_sql(line, document, partner),
        )

    def _open_of_purses_sql(self):
        """What of each line was not settled at each month end."""
        return SQL(
            """SELECT booking.id, month_end.day, SUM(booking.amount_currency) AS amount,
                      SUM(booking.balance) AS balance
                 FROM (SELECT id, date, amount_currency, balance FROM purse
                        UNION ALL
                       SELECT purse.id, paid.max_date, - paid.debit_amount_currency,
                              - paid.amount
                         FROM purse JOIN account_partial_reconcile paid
                           ON paid.debit_move_id = purse.id
                        UNION ALL
                       SELECT purse.id, paid.max_date, paid.credit_amount_currency,
                              paid.amount
                         FROM purse JOIN account_partial_reconcile paid
                           ON paid.credit_move_id = purse.id) booking
                 JOIN month_ends month_end ON booking.date <= month_end.day
                GROUP BY 1, 2 HAVING SUM(booking.amount_currency) <> 0"""
        )

    def _compared_sql(self):
        """Beside what was open of each line what the ledger would have said of it: the
        oldest credits are eaten first, and nobody owes what was paid out."""
        return SQL(
            """SELECT company_id, day, balance,
                      CASE WHEN is_paid_out THEN 0
                           ELSE round(balance * LEAST(0, GREATEST(amount, rest)) / amount,
                                      decimal_places) END AS owed
                 FROM (SELECT purse.company_id, purse.is_paid_out, purse.decimal_places,
                              open.day, open.balance, open.amount,
                              SUM(open.amount) OVER (
                                  PARTITION BY purse.number, open.day
                                  ORDER BY purse.is_paid_out DESC, purse.date, purse.id)
                                AS rest
                         FROM open JOIN purse ON purse.id = open.id) line"""
        )

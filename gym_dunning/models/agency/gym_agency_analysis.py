from odoo import fields, models
from odoo.tools import SQL

from .gym_agency_handover_line import FILE_STATES, RETURNED


class GymAgencyAnalysis(models.Model):
    """What agencies bring: a row for every line that was ever handed over.

    Amounts are in company currency, at the rate of the hand-over, so that a
    moving rate is no success: handed over = recovered + open + returned.
    """

    _name = "gym.agency.analysis"
    _description = "Recovered by Agencies"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "line_id"
    _depends = {
        "account.move.line": ["amount_residual_currency"],
        "gym.agency.claim": ["line_id", "move_line_id"],
        "gym.agency.handover": ["date_anonymised"],
        "gym.agency.handover.line": [
            "agency_id",
            "amount",
            "amount_company",
            "amount_open_kept",
            "company_id",
            "date",
            "file_state",
            "handover_id",
        ],
        "res.company": ["currency_id"],
        "res.currency": ["rounding"],
    }

    line_id = fields.Many2one(
        "gym.agency.handover.line", string="Posting Number", readonly=True
    )
    handover_id = fields.Many2one(
        "gym.agency.handover", string="Hand-Over", readonly=True
    )
    agency_id = fields.Many2one("gym.collection.agency", readonly=True)
    company_id = fields.Many2one("res.company", string="Centre", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(string="Hand-Over Date", readonly=True)
    file_state = fields.Selection(FILE_STATES, string="File Status", readonly=True)
    amount_handed = fields.Monetary(string="Handed Over", readonly=True)
    amount_recovered = fields.Monetary(
        string="Recovered",
        readonly=True,
        help="What is no longer open, no matter who was paid; the whole of a file "
        "that the agency reports as paid.",
    )
    amount_open = fields.Monetary(string="Open", readonly=True)
    amount_returned = fields.Monetary(
        string="Taken Back or Refused",
        readonly=True,
        help="What was open when the claim was returned.",
    )
    rate = fields.Float(
        string="Recovery Rate",
        readonly=True,
        aggregator="avg",
        help="Share of the amount handed over that was recovered.",
    )

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS base: a rate of sums, not the average of the lines' rates
        if aggregate_spec != "rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "COALESCE(SUM(%s) / NULLIF(SUM(%s), 0.0), 0.0)",
            self._field_to_sql(self._table, "amount_recovered", query),
            self._field_to_sql(self._table, "amount_handed", query),
        )

    # === QUERY === #

    @property
    def _table_query(self):
        return SQL(
            """SELECT id, id AS line_id, handover_id, agency_id, company_id,
                      currency_id, date, file_state, amount_handed,
                      amount_handed - amount_left AS amount_recovered,
                      CASE WHEN returned THEN 0 ELSE amount_left END AS amount_open,
                      CASE WHEN returned THEN amount_left ELSE 0 END
                        AS amount_returned,
                      COALESCE((amount_handed - amount_left)
                               / NULLIF(amount_handed, 0), 0) AS rate
                 FROM (%s) AS line""",
            self._lines_sql(),
        )

    def _lines_sql(self):
        """Return the lines, and what of them did not come in."""
        return SQL(
            """SELECT line.id, line.handover_id, line.agency_id, line.company_id,
                      company.currency_id, line.date, line.file_state,
                      line.file_state IN %(returned)s AS returned,
                      line.amount_company AS amount_handed,
                      ROUND((%(left)s * line.amount_company
                            / NULLIF(line.amount, 0))::numeric
                            / currency.rounding::numeric)
                            * currency.rounding::numeric AS amount_left
                 FROM gym_agency_handover_line line
                 JOIN gym_agency_handover handover ON handover.id = line.handover_id
                 JOIN res_company company ON company.id = line.company_id
                 JOIN res_currency currency ON currency.id = company.currency_id
                 LEFT JOIN LATERAL %(books)s books ON TRUE
                WHERE line.file_state IS NOT NULL""",
            returned=RETURNED,
            left=self._left_sql(),
            books=self._books_sql(),
        )

    def _left_sql(self):
        """What did not come in, in the line's currency.

        What came back, and what is anonymised, keeps the figure of that day; a
        paid file is paid before the agency's transfer is booked.
        """
        return SQL(
            """CASE WHEN line.file_state = 'paid' THEN 0
                    WHEN line.file_state IN %s OR handover.date_anonymised IS NOT NULL
                    THEN COALESCE(line.amount_open_kept, 0)
                    ELSE COALESCE(books.amount, 0) END""",
            RETURNED,
        )

    def _books_sql(self):
        return SQL(
            """(SELECT SUM(aml.amount_residual_currency) AS amount
                  FROM gym_agency_claim claim
                  JOIN account_move_line aml ON aml.id = claim.move_line_id
                 WHERE claim.line_id = line.id)"""
        )

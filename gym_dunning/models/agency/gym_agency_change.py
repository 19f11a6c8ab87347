from odoo import api, fields, models
from odoo.tools import SQL

from .gym_agency_handover_line import CLOSED, FILE_STATES

# The agency still works on the file.
OPEN_FILE_STATES = tuple(state for state, __ in FILE_STATES if state not in CLOSED)
KINDS = [
    ("payment", "Payment"),
    ("credit", "Credit Note"),
    ("withdrawn", "Taken Back"),
]


class GymAgencyChange(models.Model):
    """What the agency must hear: paid, credited or taken back since the hand-over.

    Derived from the books, so an undone payment is no change any more. `amount` is
    in the line's currency and lowers the claim.
    """

    _name = "gym.agency.change"
    _description = "Change since Hand-Over"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "line_id"
    _depends = {
        "account.move": ["move_type"],
        "account.move.line": [
            "account_id",
            "amount_residual_currency",
            "company_id",
            "currency_id",
            "date",
            "move_id",
            "parent_state",
            "partner_id",
            "reconciled",
        ],
        "account.partial.reconcile": [
            "credit_move_id",
            "debit_amount_currency",
            "debit_move_id",
        ],
        "gym.agency.claim": ["line_id", "move_line_id", "settled_mark"],
        "gym.agency.handover.line": [
            "agency_id",
            "amount",
            "company_id",
            "currency_id",
            "date_closed",
            "file_state",
            "handover_id",
            "partner_id",
        ],
    }

    line_id = fields.Many2one(
        "gym.agency.handover.line", string="Posting Number", readonly=True
    )
    handover_id = fields.Many2one(
        "gym.agency.handover", string="Hand-Over", readonly=True
    )
    agency_id = fields.Many2one("gym.collection.agency", readonly=True)
    agency_reference = fields.Char(related="line_id.agency_reference")
    partner_id = fields.Many2one("res.partner", string="Member", readonly=True)
    member_number = fields.Char(related="partner_id.member_number")
    company_id = fields.Many2one("res.company", string="Centre", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    amount = fields.Monetary(readonly=True)
    move_id = fields.Many2one("account.move", string="Document", readonly=True)

    @api.model
    @api.private
    def search_fetch(self, domain, *args, **kwargs):
        # read, never remembered: a payment of the same transaction counts at once
        self.invalidate_model(flush=False)
        return super().search_fetch(domain, *args, **kwargs)

    # === QUERY === #

    @property
    def _table_query(self):
        """Return all changes; three sources never share an `id`."""
        return SQL(
            "%s UNION ALL %s UNION ALL %s",
            self._settled_sql(),
            self._open_credits_sql(),
            self._withdrawn_sql(),
        )

    def _columns_sql(self, key, rank):
        """Return the columns that every source has.

        :param key: what is unique in this source
        :param rank: the number of this source
        """
        return SQL(
            """%s * 3 + %s AS id, line.id AS line_id, line.handover_id,
               line.agency_id, line.partner_id, line.company_id, line.currency_id""",
            key,
            rank,
        )

    def _document_sql(self):
        return SQL(
            """aml.date, CASE move.move_type
                         WHEN 'out_refund' THEN 'credit' ELSE 'payment' END AS kind"""
        )

    def _settled_sql(self):
        """What met a claim since; a member handed over again counts there.

        Credits that were handed over too lowered the claim from the start.
        """
        return SQL(
            """(SELECT DISTINCT ON (partial.id) %(columns)s, %(document)s,
                       partial.debit_amount_currency AS amount, aml.move_id
                  FROM gym_agency_handover_line line
                  JOIN gym_agency_claim claim ON claim.line_id = line.id
                  JOIN account_partial_reconcile partial
                    ON partial.debit_move_id = claim.move_line_id
                   AND partial.id > COALESCE(claim.settled_mark, 0)
                  JOIN account_move_line aml ON aml.id = partial.credit_move_id
                  JOIN account_move move ON move.id = aml.move_id
                 WHERE line.file_state IS NOT NULL
                   AND partial.debit_amount_currency <> 0
                   AND (line.date_closed IS NULL
                        OR partial.create_date::date <= line.date_closed)
                   AND NOT EXISTS (
                       SELECT 1 FROM gym_agency_claim own
                        WHERE own.line_id = line.id
                          AND own.move_line_id = partial.credit_move_id)
                 ORDER BY partial.id, line.id DESC)""",
            columns=self._columns_sql(SQL("partial.id"), 0),
            document=self._document_sql(),
        )

    def _open_credits_sql(self):
        """What came in since and is not allocated yet; those that were there are
        claims themselves."""
        return SQL(
            """(SELECT DISTINCT ON (aml.id) %(columns)s, %(document)s,
                       -aml.amount_residual_currency AS amount, aml.move_id
                  FROM gym_agency_handover_line line
                  JOIN res_partner person ON person.id = line.partner_id
                  JOIN account_move_line aml ON aml.partner_id IN (
                       person.id, person.commercial_partner_id)
                   AND aml.company_id = line.company_id
                   AND aml.currency_id = line.currency_id
                  JOIN account_move move ON move.id = aml.move_id
                  JOIN res_partner partner ON partner.id = aml.partner_id
                 WHERE line.file_state IN %(open)s
                   AND aml.account_id IN %(accounts)s
                   AND aml.reconciled IS NOT TRUE
                   AND aml.parent_state = 'posted'
                   AND aml.amount_residual_currency < 0
                   AND %(person)s = person.id
                   AND NOT EXISTS (
                       SELECT 1 FROM gym_agency_claim known
                         JOIN gym_agency_handover_line other
                           ON other.id = known.line_id
                        WHERE known.move_line_id = aml.id
                          AND other.file_state IS NOT NULL)
                 ORDER BY aml.id, line.id)""",
            columns=self._columns_sql(SQL("aml.id"), 1),
            document=self._document_sql(),
            open=OPEN_FILE_STATES,
            accounts=self.env["account.account"]._gym_customer_sql(),
            person=self.env["gym.open.item"]._person_sql(),
        )

    def _withdrawn_sql(self):
        return SQL(
            """(SELECT %(columns)s, line.date_closed AS date, 'withdrawn' AS kind,
                       line.amount, NULL::int AS move_id
                  FROM gym_agency_handover_line line
                 WHERE line.file_state = 'withdrawn')""",
            columns=self._columns_sql(SQL("line.id"), 2),
        )

    # === ACTIONS === #

    def action_open_document(self):
        """Open the payment or credit note; of what was taken back, the file."""
        self.ensure_one()
        return (self.move_id or self.line_id)._get_records_action()

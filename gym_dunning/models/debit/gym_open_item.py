from odoo import api, fields, models
from odoo.tools import SQL

from .gym_debit_mandate import USED_STATES
from .gym_debit_plan import COLLECTABLE

DEBIT_STATES = [
    ("waiting", "Waiting for a Debit"),
    ("in_flight", "Debit under Way"),
    ("retry", "Returned, to Try Again"),
    ("returned", "Returned for Good"),
    ("no_mandate", "No Usable Mandate"),
    ("refused", "The Bank Would Refuse It"),
]
# Holds that came after the debit was planned, and forbid to collect.
FORBIDDING = ("dispute", "promise", "agency", "online")


class GymOpenItem(models.Model):
    """Whether an item is collected by direct debit, and how far that went (E-35)."""

    _inherit = "gym.open.item"
    _depends = {
        "account.move": ["partner_id", "preferred_payment_method_line_id"],
        "account.payment.method.line": ["payment_method_id"],
        "gym.debit.mandate": [
            "company_id",
            "debtor_id",
            "earlier_use_date",
            "is_acceptable",
            "partner_bank_id",
            "partner_id",
            "scheme",
            "signature_date",
            "state",
        ],
        "gym.debit.order": [
            "attempt",
            "execution_date",
            "mandate_id",
            "return_code_id",
            "state",
        ],
        "gym.debit.order.line": ["in_flight", "move_line_id", "order_id"],
        "gym.debit.return.code": ["return_class"],
        "res.partner": ["type"],
        "res.partner.bank": ["active", "partner_id"],
    }

    debit_state = fields.Selection(
        DEBIT_STATES,
        string="Direct Debit",
        readonly=True,
        depends_context=("dunning_date",),
        help="Empty: the member pays this document in another way.",
    )

    @api.model
    def _part_columns(self):
        # EXTENDS the ledger
        columns = super()._part_columns()
        return columns | {"documents": (*columns["documents"], "debit_state")}

    def _document_columns(self):
        # EXTENDS the ledger
        return SQL(
            "%s, %s AS debit_state",
            super()._document_columns(),
            self._debit_state_sql(),
        )

    def _rare_sql(self):
        # EXTENDS the ledger
        debits = SQL(
            """SELECT FROM account_payment_method_line way
                 JOIN account_payment_method method
                   ON method.id = way.payment_method_id AND method.code IN %s
               UNION ALL SELECT FROM gym_debit_order_line WHERE in_flight""",
            self._debit_codes(),
        )
        return super()._rare_sql() | {"direct_debits": debits}

    def _debit_state_sql(self):
        """One scalar expression: who does not ask for it does not pay for it."""
        if not self._may_have("direct_debits"):
            return SQL("NULL::varchar")
        return SQL(
            """CASE WHEN EXISTS (
                   SELECT 1 FROM gym_debit_order_line flying
                    WHERE flying.move_line_id = aml.id AND flying.in_flight)
                   THEN 'in_flight'
               ELSE (
                   SELECT CASE
                          WHEN aml.amount_residual_currency < 0 THEN NULL
                          WHEN last.state = 'returned' AND NOT (
                               last.return_class = 'soft' AND
                               last.attempt <= allowed.retries) THEN 'returned'
                          WHEN %(accepted)s IS NOT NULL THEN CASE
                               WHEN last.state = 'returned' THEN 'retry'
                               ELSE 'waiting' END
                          WHEN last.state = 'returned' OR %(refused)s IS NULL
                          THEN 'no_mandate'
                          ELSE 'refused' END
                     FROM account_payment_method_line way
                     JOIN account_payment_method method
                       ON method.id = way.payment_method_id AND method.code IN %(codes)s
                     JOIN res_company centre ON centre.id = aml.company_id
                     JOIN (VALUES %(retries)s) AS allowed (company_id, retries)
                       ON allowed.company_id = aml.company_id
                     LEFT JOIN LATERAL (
                          SELECT debit.state, debit.attempt, code.return_class
                            FROM gym_debit_order_line line
                            JOIN gym_debit_order debit ON debit.id = line.order_id
                            LEFT JOIN gym_debit_return_code code
                                   ON code.id = debit.return_code_id
                           WHERE line.move_line_id = aml.id AND debit.state IN %(used)s
                           ORDER BY debit.id DESC LIMIT 1) last ON TRUE
                    WHERE way.id = move.preferred_payment_method_line_id) END""",
            accepted=self._mandate_sql(),
            refused=self._mandate_sql(refused=True),
            codes=self._debit_codes(),
            retries=self.env.company._debit_retries_sql(),
            used=USED_STATES,
        )

    def _mandate_sql(self, refused=False):
        return self.env["gym.debit.mandate"].usable_sql(
            SQL("aml.partner_id"),
            SQL("centre.parent_path"),
            SQL("aml.currency_id"),
            self._date_sql(),
            invoiced=SQL("move.partner_id"),
            refused=refused,
        )

    def _debit_codes(self):
        methods = self.env["account.payment.method"]
        return tuple(methods._get_sdd_payment_method_code())

    # === COLLECT === #
    # Whether an item may be collected.

    def _debtor_key(self):
        return self.company_id, self.partner_id, self.currency_id

    def _why_not_collected(self, retries=False):
        """Return the first reason that applies, or nothing.

        :param retries: further attempts are not left to the reminders
        """
        if self.debit_state == "in_flight":
            return "in_flight"
        if self.hold_reason:
            return self.hold_reason
        if self._is_kept_out():
            return "no_followup"
        if self.stopped_by:
            return "client_status"
        # what the bank would refuse is collected, too: the batch lists it with what to
        # do, and no letter has announced it
        wanted = ("refused", *COLLECTABLE) if retries else ("refused", "waiting")
        return self.debit_state not in wanted and self.debit_state

    def _is_forbidden(self):
        """Tell whether a debit that is planned must not collect the item any more."""
        return (
            self.hold_reason in FORBIDDING
            or self._is_kept_out()
            or bool(self.stopped_by)
        )

    def _is_kept_out(self):
        """Tell whether somebody set No Follow-Up; on fees booked as entries Odoo
        did so by itself, as on everything in a general journal."""
        is_entry = self.journal_id.type == "general"
        return self.no_followup and not (self.is_dunning_fee and is_entry)

    def _why_reserved(self, document):
        # EXTENDS ledger
        if self.debit_state == "in_flight":
            return self.env._(
                "%s is collected by a direct debit: wait for the bank's answer, or"
                " cancel the debit if it is a draft.",
                document,
            )
        return super()._why_reserved(document)

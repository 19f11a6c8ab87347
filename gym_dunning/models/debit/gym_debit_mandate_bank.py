from odoo import api, fields, models
from odoo.tools import SQL

from ...reports.debit import debit_file
from .reasons import OF_DEBIT

# What the bank looks at, of debtor, account and creditor.
LOOKED_AT = (
    *("name", "scheme", "signature_date"),
    *("partner_bank_id.active", "partner_bank_id.sanitized_acc_number"),
    *("partner_bank_id.acc_holder_name", "partner_bank_id.bank_id.bic"),
    *("debtor_id.name", "debtor_id.city", "debtor_id.country_id"),
    *("creditor_id.name", "creditor_id.debit_format", "creditor_id.debit_journal_id"),
    "creditor_id.debit_creditor_identifier",
    "creditor_id.debit_journal_id.bank_account_id.sanitized_acc_number",
    "creditor_id.debit_journal_id.bank_account_id.acc_holder_name",
    "creditor_id.debit_journal_id.bank_account_id.bank_id.bic",
)


class GymDebitMandate(models.Model):
    """A mandate as banks see it: whether they take its debits, who is debited, and when
    it lapses."""

    _inherit = "gym.debit.mandate"

    # stored, because the ledger asks it of every item, and check digits, letters and
    # lists of countries are no matter of SQL; it follows from what the bank looks at
    is_acceptable = fields.Boolean(
        string="Accepted by Banks", compute="_compute_is_acceptable", store=True
    )
    refusal = fields.Text(
        string="Why Not",
        compute="_compute_refusal",
        compute_sudo=True,
        help="Why the bank would refuse debits of this mandate; empty: it takes them.",
    )
    is_lapsed = fields.Boolean(
        string="Lapsed", compute="_compute_is_lapsed", search="_search_is_lapsed"
    )

    @api.depends(*LOOKED_AT)
    def _compute_is_acceptable(self):
        for (creditor, scheme), mandates in self._by_scheme():
            can_collect = not creditor._debit_reasons(scheme)
            for mandate in mandates:
                mandate.is_acceptable = can_collect and not mandate._debtor_reasons()

    @api.depends("is_acceptable", "state", *LOOKED_AT)
    @api.depends_context("lang")
    def _compute_refusal(self):
        for (creditor, scheme), mandates in self._by_scheme():
            of_creditor = creditor._debit_refusals(scheme)
            for mandate in mandates:
                mandate.refusal = (
                    mandate.state != "cancelled"
                    and bool(mandate.partner_bank_id and mandate.signature_date)
                    and "\n".join(mandate._sentences() + of_creditor)
                )

    def _by_scheme(self):
        return self.grouped(lambda one: (one.creditor_id, one.scheme)).items()

    def _debtor_reasons(self):
        """Return what the writer of the file has against debits of this mandate.

        :return: list of `Reason`
        """
        self.ensure_one()
        if not self.partner_bank_id.active:
            return [debit_file.Reason("mandate_without_account")]
        creditor = self.creditor_id
        return debit_file.debtor_reasons(
            creditor._debit_format_code(self.scheme),
            self._to_party(),
            creditor._gym_to_creditor().iban,
            self.name or "",
            self.signature_date or None,
        )

    def _sentences(self):
        known = {"member": self.partner_id.display_name, "mandate": self.name}
        return [
            self.env._(OF_DEBIT[reason.code]) % (reason.params | known)
            for reason in self._debtor_reasons()
        ]

    def _tell_refusals(self):
        refused = self.filtered("refusal")
        return bool(refused) and {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "The bank would refuse debits of this mandate: letters announce"
                    " none. %(reasons)s",
                    reasons="\n".join(refused.mapped("refusal")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === FILE === #
    # Who is debited, as the bank is told.

    def _to_party(self):
        account = self.partner_bank_id
        debtor = self.debtor_id
        return debit_file.Party(
            name=account.acc_holder_name or debtor.name or "",
            iban=account.sanitized_acc_number or "",
            bic=account.bank_bic or None,
            street=debtor.street or "",
            zip=debtor.zip or "",
            city=debtor.city or "",
            country=debtor.country_id.code or "",
        )

    # === LAPSE === #
    # Mandates that nobody may use any more, because nobody did for 36 months.

    @api.depends("lapse_date")
    @api.depends_context("dunning_date")
    def _compute_is_lapsed(self):
        today = self.env["gym.debit.plan"]._today()
        for mandate in self:
            mandate.is_lapsed = bool(mandate.lapse_date and mandate.lapse_date <= today)

    def _search_is_lapsed(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model()
        self.env["gym.debit.order"].flush_model()
        day = SQL("%s::date", self.env["gym.debit.plan"]._today())
        query = SQL(
            "(SELECT mandate.id FROM gym_debit_mandate mandate WHERE %s)",
            self._lapsed_sql(day),
        )
        return [("id", "in" if True in value else "not in", query)]

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .gym_debit_mandate import SCHEMES

SATURDAY = 5


class ResCompany(models.Model):
    """Who the creditor is to the banks, and how often a debit is tried again.

    Set on the holding, for all its centres: it owns the account.
    """

    _inherit = "res.company"

    debit_scheme = fields.Selection(
        SCHEMES, string="Direct Debit Scheme", default="sepa_core", required=True
    )
    debit_journal_id = fields.Many2one(
        "account.journal",
        string="Bank of Direct Debits",
        domain="[('type', '=', 'bank')]",
        help="The account that direct debits are credited to.",
    )
    debit_creditor_identifier = fields.Char(
        string="Creditor Identifier",
        help="SEPA creditor identifier, LSV+ identification or CH-DD participant"
        " number, as the bank gave it.",
    )
    debit_notice_days = fields.Integer(
        string="Days of Pre-Notification",
        default=14,
        help="Between the announcement and the debit; 14 unless agreed otherwise.",
    )
    debit_retries = fields.Integer(
        string="Further Attempts",
        default=1,
        help="How often a debit returned for want of funds is tried again.",
    )
    debit_retry_days = fields.Integer(
        string="Days until the Next Attempt",
        default=5,
        help="Between a return and the next debit, at least.",
    )
    debit_review_after = fields.Integer(
        string="Returns until Review",
        default=4,
        help="After so many returns in a row a mandate waits for somebody to look at"
        " it; 0: never.",
    )

    _debit_days_positive = models.Constraint(
        "CHECK (debit_notice_days >= 0 AND debit_retries >= 0"
        " AND debit_retry_days >= 0 AND debit_review_after >= 0)",
        "Days and numbers of direct debits cannot be negative.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._allow_direct_debits()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "debit_journal_id" in vals:
            self._allow_direct_debits()
        return result

    def _allow_direct_debits(self):
        """The bank chosen for direct debits offers them as a way to pay."""
        for company in self.filtered("debit_journal_id"):
            company.debit_journal_id._allow_direct_debits()

    def _debit_date(self, date, returned_date=None):
        """Return the first day on which a debit announced on `date` may be executed:
        after the notice, some days after the last return, on a working day."""
        creditor = self.sudo().root_id  # a centre collects by the holding's rules
        first = date + timedelta(days=creditor.debit_notice_days)
        if returned_date:
            pause = timedelta(days=creditor.debit_retry_days)
            first = max(first, returned_date + pause)
        weekday = first.weekday()
        return first + timedelta(days=max(0, 7 - weekday) * (weekday >= SATURDAY))

    def _debit_retries_sql(self):
        """How many further attempts each company allows, as a list of rows."""
        # sudo: scheduled actions read all centres, whatever is ticked
        companies = self.sudo().search([])
        return SQL(", ").join(
            SQL("(%s::int, %s::int)", company.id, company.root_id.debit_retries)
            for company in companies
        )

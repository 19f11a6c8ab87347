from datetime import date as Date
from datetime import timedelta

from stdnum.eu import at_02

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .gym_debit_mandate import SCHEMES

SATURDAY = 5
# From then on the settings warn of the end of LSV+.
LSV_WARNING = Date(2028, 1, 1)


def working_day(day):
    """Return the day, or the Monday after it on a weekend.

    >>> working_day(Date(2026, 3, 14)).isoformat()
    '2026-03-16'
    """
    return day + timedelta(days=max(0, 7 - day.weekday()) * (day.weekday() >= SATURDAY))


class ResCompany(models.Model):
    """Who the creditor is to the banks, and how often a debit is tried again.

    Set on the holding, for all its centres: it owns the account.
    """

    _inherit = "res.company"

    debit_scheme = fields.Selection(
        SCHEMES, string="Direct Debit Scheme", default="sepa_core"
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
    debit_format = fields.Selection(
        [
            ("pain.008.001.08", "pain.008.001.08"),
            ("pain.008.001.02", "pain.008.001.02"),
        ],
        string="SEPA File Version",
        default="pain.008.001.08",
        help="The older one only where the bank does not take the newer yet.",
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

    @api.model
    def _never_empty(self):
        # EXTENDS: every mandate has a scheme, every file a version
        return [*super()._never_empty(), "debit_scheme", "debit_format"]

    @api.constrains("debit_creditor_identifier", "debit_scheme")
    def _check_creditor_identifier(self):
        """A wrong one is found by the bank only, with the first file."""
        for company in self.filtered(lambda one: one.debit_scheme == "sepa_core"):
            number = company.debit_creditor_identifier
            if number and not at_02.is_valid(number):
                raise ValidationError(
                    self.env._(
                        "The creditor identifier %(number)s of %(creditor)s is wrong: its"
                        " check digits do not fit. Copy it from the bank's letter.",
                        number=number,
                        creditor=company.name,
                    )
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
        return working_day(first)

    def _debit_warning(self, day):
        """Return what the holding must know of its scheme on that day, if anything."""
        creditor = self.sudo().root_id  # its own holding
        if creditor.debit_scheme != "lsv_plus" or day < LSV_WARNING:
            return False
        return self.env._(
            "LSV+ ends on 30 September 2028 (in EUR on 31 August 2027): later debits are"
            " refused. Have the members sign mandates of another scheme in time."
        )

    def _debit_retries_sql(self):
        """How many further attempts each company allows, as a list of rows."""
        # sudo: scheduled actions read all centres, whatever is ticked
        companies = self.sudo().search([])
        return SQL(", ").join(
            SQL("(%s::int, %s::int)", company.id, company.root_id.debit_retries)
            for company in companies
        )

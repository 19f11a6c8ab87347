from datetime import timedelta

from stdnum.eu import at_02

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date

from ...reports.debit import debit_file
from ..base.gym_bank_holiday import SATURDAY
from .account_payment_method import DEBIT_CODE
from .gym_debit_mandate import SCHEMES
from .reasons import OF_BATCH

SWISS_SCHEMES = ("lsv_plus", "ch_dd")


def working_day(day, is_holiday=lambda day: False):
    """Return the day, or the next on which banks work: no weekend, no holiday.

    >>> from datetime import date
    >>> working_day(date(2026, 3, 14)).isoformat()
    '2026-03-16'
    >>> working_day(date(2026, 4, 3), lambda day: day.month == 4).isoformat()
    '2026-05-01'
    """
    while day.weekday() >= SATURDAY or is_holiday(day):
        day += timedelta(days=1)
    return day


class ResCompany(models.Model):
    """Who the creditor is to the banks, and how often a debit is tried again.

    Set on the holding, for all its centres: it owns the account.
    """

    _inherit = "res.company"

    debit_scheme = fields.Selection(
        SCHEMES, string="Direct Debit Scheme", default="sepa_core"
    )
    debit_lsv_before_2026 = fields.Boolean(
        string="LSV+ Identification from before 2026",
        help="Banks have issued no new LSV+ identifications since 2026. Tick this if "
        "yours is older.",
    )
    debit_journal_id = fields.Many2one(
        "account.journal",
        string="Bank of Direct Debits",
        domain="[('type', '=', 'bank')]",
        help="The account that direct debits are credited to.",
    )
    debit_charge_account_id = fields.Many2one(
        "account.account",
        string="Account of Bank Charges",
        check_company=True,
        domain="[('internal_group', '=', 'expense')]",
        help="The expense account for what the bank charges for a returned debit; the "
        "next letter claims it from the member. Empty: it is only recorded.",
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
        help="Use the older one only if the bank does not accept the newer yet. It "
        "contains no addresses, so it cannot collect from accounts outside the "
        "EEA (Switzerland, United Kingdom and others).",
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
        help="At least this long between a return and the next debit.",
    )
    debit_review_after = fields.Integer(
        string="Returns until Review",
        default=4,
        help="After this many returns in a row, a mandate has to be reviewed; 0: "
        "never.",
    )

    _debit_days_positive = models.Constraint(
        "CHECK (debit_notice_days >= 0 AND debit_retries >= 0"
        " AND debit_retry_days >= 0 AND debit_review_after >= 0)",
        "Days and numbers of direct debits cannot be negative.",
    )

    @api.model
    def _gym_never_empty(self):
        # EXTENDS base: every mandate has a scheme, every file a version
        return [*super()._gym_never_empty(), "debit_scheme", "debit_format"]

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

    def _debit_method(self):
        """Return the direct debit of the bank journal that the holding collects by, as
        contacts have it for their payment method.

        :raise UserError: no bank is chosen
        """
        self.ensure_one()
        creditor = self.sudo().root_id  # whose account it is
        methods = creditor.debit_journal_id.inbound_payment_method_line_ids
        method = methods.filtered(lambda one: one.code == DEBIT_CODE)[:1]
        if not method:
            raise UserError(
                self.env._(
                    "%s has no bank for direct debits. Choose one under Configuration >"
                    " Settings > Direct debits.",
                    creditor.name,
                )
            )
        return method.sudo(False)

    def _debit_date(self, date, returned_date=None):
        """Return the first day on which a debit announced on `date` may be executed:
        after the notice, some days after the last return, on a working day."""
        creditor = self.sudo().root_id  # a centre collects by the holding's rules
        first = date + timedelta(days=creditor.debit_notice_days)
        if returned_date:
            pause = timedelta(days=creditor.debit_retry_days)
            first = max(first, returned_date + pause)
        return creditor._gym_bank_working_day(first)

    def _gym_bank_working_day(self, day, scheme=None):
        """Return the day, or the next on which the banks of a scheme work.

        :param scheme: the holding's own if none is given
        """
        creditor = self.sudo().root_id  # a centre collects by the holding's rules
        calendar = creditor._gym_bank_calendar(scheme or creditor.debit_scheme)
        holidays = self.env["gym.bank.holiday"]
        return working_day(day, lambda some: holidays._is_holiday(some, calendar))

    def _holiday_warning(self, day, scheme=None):
        """Say on which day banks execute what is due on a holiday, if it is one."""
        next_day = day and self._gym_bank_working_day(day, scheme)
        return next_day != day and self.env._(
            "Banks are closed on %(day)s: they execute the debits on %(next_day)s.",
            day=format_date(self.env, day),
            next_day=format_date(self.env, next_day),
        )

    def _gym_bank_calendar(self, scheme):
        if scheme in SWISS_SCHEMES:
            return "swiss"
        if scheme == "other":
            return self.env["gym.bank.holiday"]._calendar_of(self.country_id)
        return "target"

    def _debit_warning(self):
        """Return what the holding must know of its direct debits, if anything."""
        creditor = self.sudo().root_id  # its own holding
        scheme = creditor.debit_scheme
        # who has neither account nor number has not begun with it
        begun = creditor.debit_journal_id or creditor.debit_creditor_identifier
        sentences = creditor._debit_refusals(scheme) if begun else []
        if ending := creditor._lsv_warning(scheme):
            sentences.append(ending)
        return "\n".join(sentences) or False

    def _lsv_warning(self, scheme):
        return scheme == "lsv_plus" and self.env._(
            "LSV+ ends on 30 September 2028 (in EUR on 31 August 2027): later debits are"
            " refused. Have the members sign mandates of another scheme in time."
        )

    def _check_new_lsv(self, vals):
        """Refuse LSV+ to who has no identification of it yet: there are no new ones.

        :raise UserError: it is chosen without one from before 2026
        """
        if vals.get("debit_scheme") != "lsv_plus":
            return
        for company in self.sudo().root_id:  # its own holding
            ticked = vals.get("debit_lsv_before_2026", company.debit_lsv_before_2026)
            if not (ticked or company._has_used_lsv()):
                raise UserError(
                    self.env._(
                        "Banks have issued no new LSV+ identifications since 2026, "
                        "and the procedure ends in 2028: choose another scheme for "
                        "%(creditor)s. If yours is from before 2026, tick that first.",
                        creditor=company.name,
                    )
                )

    def _has_used_lsv(self):
        batches = self.env["gym.debit.batch"].sudo()  # of its own holding
        return self.debit_scheme == "lsv_plus" or bool(
            batches.search_count(
                [("company_id", "=", self.id), ("scheme", "=", "lsv_plus")], limit=1
            )
        )

    def _debit_retries_sql(self):
        """How many further attempts each company allows, as a list of rows."""
        # sudo: scheduled actions read all centres, whatever is ticked
        companies = self.sudo().search([])
        return SQL(", ").join(
            SQL("(%s::int, %s::int)", company.id, company.root_id.debit_retries)
            for company in companies
        )

    # === FILE === #
    # Whether the creditor is set up, as the writer of the file asks it.

    def _debit_format_code(self, scheme):
        """Return the format that the creditor's debits of a scheme are written in."""
        self.ensure_one()
        if scheme == "sepa_core":
            return self.debit_format
        return scheme if scheme in debit_file.FORMATS else "csv"

    def _gym_to_creditor(self):
        """Return the creditor as the bank is told."""
        self.ensure_one()
        account = self.debit_journal_id.bank_account_id
        return debit_file.Creditor(
            name=account.acc_holder_name or self.name,
            iban=account.sanitized_acc_number or "",
            bic=account.bank_bic or None,
            street=self.street or "",
            zip=self.zip or "",
            city=self.city or "",
            country=self.country_id.code or "",
            identifier=self.debit_creditor_identifier or "",
        )

    def _debit_reasons(self, scheme):
        """Return why no debit of the creditor's leaves the house.

        :return: list of `Reason`
        """
        self.ensure_one()
        code, creditor = self._debit_format_code(scheme), self._gym_to_creditor()
        found = debit_file.creditor_reasons(code, creditor)
        if creditor.iban:
            return found
        missing = [debit_file.Reason("creditor_account_missing")]
        return missing + [one for one in found if one.code != "creditor_iban_invalid"]

    def _debit_refusals(self, scheme):
        """Say in words what the creditor's set-up wants for direct debits."""
        known = {"creditor": self.name, "batch": ""}
        return [
            self.env._(OF_BATCH[reason.code]) % (reason.params | known)
            for reason in self._debit_reasons(scheme)
        ]

import doctest
from datetime import date

from lxml import etree

from odoo.exceptions import ValidationError
from odoo.tests import Form

from ...models.debit import amounts, res_company
from ..base.common import TODAY
from .common_debit import CREDITOR_ID
from .common_debit_batch import BatchCommon

NAMES = (
    *("debit_scheme", "debit_journal_id", "debit_charge_account_id"),
    *("debit_creditor_identifier", "debit_format"),
    *("debit_notice_days", "debit_retries", "debit_retry_days", "debit_review_after"),
)


class TestDebitSettings(BatchCommon):
    """The settings of direct debits are the holding's (debits 3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.centre = cls.env["res.company"].create(
            {"name": "Centre", "parent_id": cls.company.id}
        )

    def _settings(self, company=None, **context):
        companies = self.company | self.centre
        company = company or self.company
        env = self.env(
            context=dict(
                self.env.context,
                allowed_company_ids=[company.id, *(companies - company).ids],
                **context,
            )
        )
        return env["res.config.settings"]

    def test_saved_for_the_holding(self):
        """Debits 3: what a centre's manager enters is the holding's, for all."""
        values = {
            "debit_notice_days": 5,
            "debit_retries": 2,
            "debit_retry_days": 7,
            "debit_review_after": 3,
            "debit_format": "pain.008.001.02",
        }
        self._settings(self.centre).create(values)
        self.assertRecordValues(self.company, [values])
        page = Form(self._settings())
        for name, value in values.items():
            self.assertEqual(page[name], value)

    def test_label_and_help_are_shown(self):
        """Debits 3: a setting shows the label of the field that stands first and
        directly in it, and its own help."""
        arch = etree.fromstring(self._settings().get_view()["arch"])
        for name in NAMES:
            with self.subTest(name=name):
                self.assertTrue(arch.xpath(f"//setting[@help]/*[1][@name='{name}']"))

    def test_identifier_by_its_check_digits(self):
        """Debits 3: a SEPA creditor identifier with wrong check digits is refused."""
        wrong = CREDITOR_ID.replace("98", "99", 1)
        with self.assertRaisesRegex(ValidationError, "check digits do not fit"):
            self.company.debit_creditor_identifier = wrong
        self.company.debit_creditor_identifier = "DE98 ZZZ0 9999 9999 99"

    def test_identifier_of_other_schemes(self):
        """Debits 3: LSV+ identifications have no check digits; changing back to SEPA
        asks again."""
        self.company.write(
            {"debit_scheme": "lsv_plus", "debit_creditor_identifier": "ABC1W"}
        )
        with self.assertRaisesRegex(ValidationError, "check digits do not fit"):
            self.company.debit_scheme = "sepa_core"

    def test_end_of_lsv_plus(self):
        """Kind 10: the settings tell who has LSV+ of its end."""
        self.company.write(
            {"debit_scheme": "lsv_plus", "debit_creditor_identifier": "ABC1W"}
        )
        page = Form(self._settings())
        self.assertIn("30 September 2028", page.debit_warning)
        self.company.write(
            {"debit_scheme": "sepa_core", "debit_creditor_identifier": CREDITOR_ID}
        )
        self.assertFalse(self.company._debit_warning())

    def test_default_day(self):
        """Debits 3: the notice decides on the day; a weekend is never chosen."""
        self.company.debit_notice_days = 5
        self.assertEqual(TODAY.isoweekday(), 1)
        self.assertEqual(self.company._debit_date(TODAY), date(2026, 3, 9))

    def test_doctest(self):
        """Debits 3: the examples of working days and credits hold."""
        for module in (amounts, res_company):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted)
            self.assertFalse(result.failed)

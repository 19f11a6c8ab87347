"""The list of debits as CSV, for who types or uploads it by hand."""

import csv
import io
from dataclasses import replace
from decimal import Decimal

from ...reports.debit.debit_file import write
from .debit_files import GERMAN, SEPA_CREDITOR, debit_file, sepa_debit
from .test_debit_file_sepa import SepaCase

FORMULAS = ("=1+1", "+cmd()", "-2", "@sum", "\tx")


class TestDebitFileCsv(SepaCase):
    """A spreadsheet reads the list without surprises."""

    def _rows(self, *debits, **values):
        content = write("csv", debit_file(*debits, scheme="sepa", **values))
        self.assertTrue(content.startswith(b"\xef\xbb\xbf"))
        text = content.decode("utf-8-sig")
        self.assertEqual(text.count("\r\n"), len(debits) + 1)
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))

    def test_columns(self):
        """Debits 6: ISO dates, decimal point, letters as they are."""
        debtor = replace(GERMAN, name="Jürg; Müßig")
        (row,) = self._rows(sepa_debit(7, debtor=debtor, amount=Decimal("10.50")))
        for column, value in {
            "message_id": "MSG-2026-17",
            "execution_date": "2026-03-28",
            "scheme": "sepa",
            "creditor_identifier": "DE98ZZZ09999999999",
            "end_to_end_id": "E-7",
            "amount": "10.50",
            "currency": "EUR",
            "mandate_reference": "M-7",
            "mandate_date": "2025-03-01",
            "debtor_name": "Jürg; Müßig",
            "debtor_iban": GERMAN.iban,
            "debtor_bic": "",
        }.items():
            with self.subTest(column):
                self.assertEqual(row[column], value)

    def test_no_formula_is_run(self):
        """Faults: names and texts like formulas do no harm."""
        for formula in FORMULAS:
            debtor = replace(GERMAN, name=f"{formula}x", city=formula)
            (row,) = self._rows(sepa_debit(debtor=debtor, text=formula))
            with self.subTest(formula):
                self.assertEqual(row["debtor_name"], f"'{formula}x")
                self.assertEqual(row["debtor_city"], f"'{formula}")
                self.assertEqual(row["text"], f"'{formula}")

    def test_any_currency_and_no_mandate(self):
        """Debits 6: the list is for schemes without a format, too."""
        debit = sepa_debit(currency="GBP", mandate_reference="", mandate_date=None)
        creditor = replace(SEPA_CREDITOR, identifier="", bic=None)
        (row,) = self._rows(debit, creditor=creditor)
        self.assertEqual((row["currency"], row["mandate_date"]), ("GBP", ""))

    def test_refused(self):
        """Debits 6: wrong accounts, amounts and duplicates are not listed."""
        wrong = sepa_debit(2, debtor=replace(GERMAN, iban="DE1"))
        debits = [sepa_debit(1), sepa_debit(1), wrong, sepa_debit(3, amount=Decimal(0))]
        self.assertEqual(
            self._reasons("csv", debit_file(*debits)),
            [
                ("end_to_end_id_duplicate", "E-1"),
                ("debtor_iban_invalid", "E-2"),
                ("amount_not_positive", "E-3"),
            ],
        )

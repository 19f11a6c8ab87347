"""Swiss direct debit files: LSV+ and CH-DD, held against the schema of SIX."""

import doctest
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from lxml import etree

from ...reports.debit.debit_file import _iban, payment_blocks, write
from .debit_files import (
    GERMAN,
    POSTFINANCE,
    QRR,
    SWISS,
    SWISS_CREDITOR,
    debit_file,
    swiss_debit,
)
from .test_debit_file_sepa import NAMES, SepaCase

SCHEMA = Path("shared/data/pain.008.001.02.ch.03.xsd")
PID = replace(SWISS_CREDITOR, identifier="CH1312300000012345")


def find_schema():
    """Return the schema beside the project, or nothing: SIX does not let us ship it."""
    for folder in Path(__file__).resolve().parents:
        if (folder / SCHEMA).is_file():
            return folder / SCHEMA
    return None


class SwissCase(SepaCase):
    """Writes files of a Swiss gym."""

    def _file(self, *debits, creditor=SWISS_CREDITOR, **values):
        return debit_file(*debits, creditor=creditor, **values)

    def _write(self, format_code, *debits, **values):
        return self._read(write(format_code, self._file(*debits, **values)))


class TestDebitFileSwiss(SwissCase):
    """The file says what the banks' procedure wants, and nothing of mandates."""

    def test_lsv_plus(self):
        """Debits 6: codes, identification and banks of LSV+."""
        root = self._write("lsv_plus", swiss_debit(7))
        for path, text in {
            "SvcLvl/Prtry": "CHTA",
            "LclInstrm/Prtry": "LSV+",
            "InitgPty/Id/OrgId/Othr/Id": "ABC1W",
            "CdtrSchmeId/Id/PrvtId/Othr/Id": "ABC1W",
            "CdtrSchmeId/Id/PrvtId/Othr/SchmeNm/Prtry": "CHLS",
            "CdtrAgt/FinInstnId/ClrSysMmbId/MmbId": "81232",
            "DbtrAgt/FinInstnId/ClrSysMmbId/MmbId": "4835",
            "EndToEndId": "E-7",
            "CdtrRefInf/Tp/CdOrPrtry/Prtry": "QRR",
            "CdtrRefInf/Ref": QRR,
            "Ustrd": "Membership 7",
            "Cdtr/Nm": "Fit Club Zürich AG",
        }.items():
            with self.subTest(path):
                self.assertEqual(self._texts(root, path), [text])
        self.assertFalse(self._texts(root, "MndtRltdInf"))

    def test_ch_dd(self):
        """Debits 6: codes and identification of PostFinance."""
        debit = swiss_debit(debtor=POSTFINANCE, reference="RF18539007547034")
        root = self._write("ch_dd", debit, creditor=PID)
        for path, text in {
            "SvcLvl/Prtry": "CHDD",
            "LclInstrm/Prtry": "DDCOR1",
            "CdtrSchmeId/Id/PrvtId/Othr/SchmeNm/Prtry": "CHDD",
            "DbtrAgt/FinInstnId/ClrSysMmbId/MmbId": "9000",
            "CdtrRefInf/Tp/CdOrPrtry/Prtry": "SCOR",
        }.items():
            with self.subTest(path):
                self.assertEqual(self._texts(root, path), [text])

    def test_clearing_number_of_the_creditor(self):
        """Debits 6: a clearing number that is set goes before the IBAN's."""
        creditor = replace(SWISS_CREDITOR, clearing="00700")
        root = self._write("lsv_plus", swiss_debit(), creditor=creditor)
        self.assertEqual(self._texts(root, "CdtrAgt//MmbId"), ["700"])

    def test_a_block_for_each_currency(self):
        """Debits 6: francs and euros are not mixed in one block."""
        debits = [swiss_debit(1, currency="EUR"), swiss_debit(2), swiss_debit(3)]
        root = self._write("lsv_plus", *debits)
        blocks = payment_blocks("lsv_plus", self._file(*debits))
        self.assertEqual(self._texts(root, "PmtInfId"), list(blocks))
        self.assertEqual([len(block) for block in blocks.values()], [2, 1])

    def test_doctests(self):
        """The examples of account and clearing numbers are true."""
        result = doctest.testmod(_iban)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)


class TestDebitFileSwissRefused(SwissCase):
    """What a Swiss bank would refuse is not written."""

    def _codes(self, format_code, *debits, **values):
        reasons = self._reasons(format_code, self._file(*debits, **values))
        return [code for code, _debit in reasons]

    def test_currency(self):
        """Debits 6: francs and euros only."""
        for format_code, debtor in (("lsv_plus", SWISS), ("ch_dd", POSTFINANCE)):
            debit = swiss_debit(currency="USD", debtor=debtor)
            with self.subTest(format_code):
                self.assertEqual(
                    self._codes(format_code, debit), ["currency_not_allowed"]
                )

    def test_accounts(self):
        """Debits 6: LSV+ takes CH and LI, CH-DD only accounts at PostFinance."""
        liechtenstein = replace(SWISS, iban="LI21088100002324013AA")
        write("lsv_plus", self._file(swiss_debit(debtor=liechtenstein)))
        self.assertEqual(
            self._codes("lsv_plus", swiss_debit(debtor=GERMAN)),
            ["debtor_iban_country"],
        )
        self.assertEqual(self._codes("ch_dd", swiss_debit()), ["debtor_iban_bank"])
        german = replace(SWISS_CREDITOR, iban=GERMAN.iban)
        self.assertEqual(
            self._codes("lsv_plus", swiss_debit(), creditor=german),
            ["creditor_iban_country"],
        )

    def test_identification(self):
        """Debits 6: without LSV identification there is no file."""
        for identifier, code in (
            ("", "creditor_identifier_missing"),
            ("X" * 36, "creditor_identifier_invalid"),
        ):
            creditor = replace(SWISS_CREDITOR, identifier=identifier)
            self.assertEqual(
                self._codes("lsv_plus", swiss_debit(), creditor=creditor), [code]
            )

    def test_clearing_number(self):
        """Debits 6: a clearing number is of up to five digits."""
        for clearing in ("CH-700", "123456"):
            creditor = replace(SWISS_CREDITOR, clearing=clearing)
            self.assertEqual(
                self._codes("lsv_plus", swiss_debit(), creditor=creditor),
                ["creditor_clearing_invalid"],
            )

    def test_reference(self):
        """Debits 6: a reference with a wrong check digit is not written."""
        for reference in (
            QRR[:-1] + "8",
            "RF19539007547034",
            "RF18-539007547034",
            "INV/7",
        ):
            with self.subTest(reference):
                self.assertEqual(
                    self._codes("lsv_plus", swiss_debit(reference=reference)),
                    ["reference_invalid"],
                )

    def test_last_day_of_lsv_plus(self):
        """Standards 3.2: francs until 29 September 2028, euros 30 August 2027."""
        for currency, last, after in (
            ("CHF", date(2028, 9, 29), date(2028, 9, 30)),
            ("EUR", date(2027, 8, 30), date(2027, 8, 31)),
        ):
            debit = swiss_debit(currency=currency)
            with self.subTest(currency):
                write("lsv_plus", self._file(debit, execution_date=last))
                self.assertEqual(
                    self._codes("lsv_plus", debit, execution_date=after),
                    ["scheme_ended"],
                )

    def test_ch_dd_does_not_end(self):
        """Standards 3.2: PostFinance's own procedure stays."""
        debit = swiss_debit(debtor=POSTFINANCE)
        write("ch_dd", self._file(debit, execution_date=date(2029, 1, 15)))


class TestDebitFileSwissSchema(SwissCase):
    """The files are valid by the schema of SIX, which stands beside the project."""

    def setUp(self):
        super().setUp()
        path = find_schema()
        if not path:
            self.skipTest(f"{SCHEMA} is not beside the project; SIX publishes it")
        self.schema = etree.XMLSchema(etree.parse(str(path)))

    def _assert_valid(self, format_code, *debits, **values):
        content = write(format_code, self._file(*debits, **values))
        self.schema.assertValid(etree.fromstring(content))

    def test_files_are_valid(self):
        """Debits 6: LSV+ and CH-DD, with and without reference, text, address."""
        bare = replace(SWISS, city="", country="")
        full = replace(SWISS, street="Weg 1", zip="8004")
        self._assert_valid(
            "lsv_plus",
            swiss_debit(1, reference="", text=""),
            swiss_debit(2, debtor=bare, text="", amount=Decimal("999999999.99")),
            swiss_debit(3, debtor=full, currency="EUR", amount=Decimal("0.01")),
            swiss_debit(4, reference="RF18 5390 0754 7034"),
        )
        self._assert_valid(
            "ch_dd",
            swiss_debit(1, debtor=POSTFINANCE),
            swiss_debit(2, debtor=POSTFINANCE, currency="EUR"),
            creditor=PID,
        )

    def test_any_letters(self):
        """Faults: names of all alphabets are valid; the umlauts stay."""
        for name in NAMES:
            debtor = replace(SWISS, name=name, street=name, zip=name, city=name)
            with self.subTest(name):
                self._assert_valid("lsv_plus", swiss_debit(debtor=debtor, text=name))
        root = self._write("lsv_plus", swiss_debit(text="Zürich {1}; Łódź"))
        self.assertEqual(self._texts(root, "Ustrd"), ["Zürich {1}; Lódz"])

"""SEPA direct debit files, held against the schemas of ISO 20022."""

import doctest
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from importlib import resources

from lxml import etree

from odoo.tests import BaseCase

from ...reports.debit.debit_file import (
    REASONS,
    DebitFileError,
    Party,
    _charset,
    payment_blocks,
    write,
)
from ..base.common import TODAY
from .debit_files import GERMAN, SEPA_CREDITOR, debit_file, sepa_debit

VERSIONS = ("pain.008.001.08", "pain.008.001.02")
# What a bank must be able to read, whatever the member is called.
NAMES = {
    "Jürgen Müßig": "Juergen Muessig",
    "François Œuvrard-Ñandú": "Francois Oeuvrard-Nandu",
    "Łukasz Żółć": "Lukasz Zolc",
    "Ελένη Παπαδοπούλου": "Eleni Papadopoyloy",
    "Σίσυφος Ωδή": "Sisyfos Odi",
    "Иван Щерев": "Ivan Shterev",
    "Đorđe Čabarkapa": "Dorde Cabarkapa",
    "Þóra Æsa Ðalsgård": "Thora Aesa Dalsgard",
    "Şule Işık İnan": "Sule Isik Inan",
    "ÄÖÜ ẞ": "AeOeUe SS",
    "Nguyễn Văn Ân": "Nguyen Van An",
    "O’Neill & “Sons” <x>": "O'Neill + 'Sons' (x)",
    "Paul\tKent\r\n\x00\u200b": "Paul Kent",
    "Kent 山田": "Kent ..",
    "Kent 😀": "Kent .",
    "ﬁtness ½": "fitness 1/2",
    "x" * 200: "x" * 70,
    "ß" * 60: "s" * 70,
}


class SepaCase(BaseCase):
    """Reads a written file back."""

    def _read(self, content):
        root = etree.fromstring(content)
        for element in root.iter():
            element.tag = etree.QName(element).localname
        return root

    def _texts(self, root, path):
        return [element.text for element in root.findall(f".//{path}")]

    def _validate(self, version, content):
        name = f"schemas/{version}.xsd"
        with resources.files("sepaxml").joinpath(name).open("rb") as file:
            etree.XMLSchema(etree.parse(file)).assertValid(etree.fromstring(content))

    def _reasons(self, format_code, file):
        with self.assertRaises(DebitFileError) as caught:
            write(format_code, file)
        reasons = caught.exception.reasons
        for reason in reasons:
            self.assertIn(reason.code, REASONS)
        return [(reason.code, reason.end_to_end_id) for reason in reasons]


class TestDebitFileSepa(SepaCase):
    """Both versions are what banks take."""

    def test_files_are_valid(self):
        """Debits 6: each version is valid by its schema, with all sequences."""
        debits = [
            sepa_debit(1, sequence="FRST"),
            sepa_debit(2),
            sepa_debit(3, sequence="OOFF"),
            sepa_debit(4, debtor=replace(GERMAN, bic="COBADEFF", street="Weg 1")),
            sepa_debit(5, text=""),
        ]
        for version in VERSIONS:
            with self.subTest(version):
                self._validate(version, write(version, debit_file(*debits)))

    def test_sums_of_file_and_of_blocks(self):
        """Debits 6: count and sum of the file and of each block are exact."""
        debits = [sepa_debit(1, amount=Decimal("534.96"), sequence="FRST")]
        debits += [sepa_debit(n, amount=Decimal("1148.1")) for n in (2, 3)]
        root = self._read(write("pain.008.001.08", debit_file(*debits)))
        self.assertEqual(self._texts(root, "GrpHdr/NbOfTxs"), ["3"])
        self.assertEqual(self._texts(root, "GrpHdr/CtrlSum"), ["2831.16"])
        self.assertEqual(self._texts(root, "PmtInf/NbOfTxs"), ["1", "2"])
        self.assertEqual(self._texts(root, "PmtInf/CtrlSum"), ["534.96", "2296.20"])
        self.assertEqual(self._texts(root, "SeqTp"), ["FRST", "RCUR"])
        self.assertEqual(
            self._texts(root, "InstdAmt"), ["534.96", "1148.10", "1148.10"]
        )

    def test_blocks_are_named(self):
        """Debits 6: a refused block is known by its id in the file."""
        file = debit_file(
            sepa_debit(1), sepa_debit(2, sequence="FRST"), message_id="M" * 35
        )
        blocks = payment_blocks("pain.008.001.08", file)
        root = self._read(write("pain.008.001.08", file))
        self.assertEqual(self._texts(root, "PmtInfId"), list(blocks))
        self.assertEqual(
            [[debit.end_to_end_id for debit in debits] for debits in blocks.values()],
            [["E-2"], ["E-1"]],
        )
        self.assertLessEqual(max(map(len, blocks)), 35)

    def test_mandate_creditor_and_bank(self):
        """Debits 6: mandate, creditor id, SEPA Core, and a bank if it is known."""
        root = self._read(write("pain.008.001.08", debit_file(sepa_debit(7))))
        for path, text in {
            "MndtId": "M-7",
            "DtOfSgntr": "2025-03-01",
            "EndToEndId": "E-7",
            "SvcLvl/Cd": "SEPA",
            "LclInstrm/Cd": "CORE",
            "ChrgBr": "SLEV",
            "ReqdColltnDt": "2026-03-28",
            "CdtrSchmeId/Id/PrvtId/Othr/Id": "DE98ZZZ09999999999",
            "CdtrSchmeId/Id/PrvtId/Othr/SchmeNm/Prtry": "SEPA",
            "CdtrAgt/FinInstnId/BICFI": "COBADEFFXXX",
            "DbtrAgt/FinInstnId/Othr/Id": "NOTPROVIDED",
            "Ustrd": "Membership 7",
        }.items():
            with self.subTest(path):
                self.assertEqual(self._texts(root, path), [text])

    def test_address(self):
        """Kind 10: in its parts in the new version, none at all in the old one."""
        file = debit_file(sepa_debit(1))
        root = self._read(write("pain.008.001.08", file))
        self.assertEqual(self._texts(root, "Cdtr/PstlAdr/StrtNm"), ["Hauptstr. 1"])
        self.assertEqual(self._texts(root, "Cdtr/PstlAdr/TwnNm"), ["Berlin"])
        self.assertFalse(self._texts(root, "AdrLine"))
        root = self._read(write("pain.008.001.02", file))
        self.assertFalse(root.findall(".//PstlAdr"))

    def test_half_an_address_is_left_out(self):
        """Faults: without town or country there is no structured address."""
        for missing in ({"city": ""}, {"country": ""}, {"country": "Germany"}):
            debtor = replace(GERMAN, street="Weg 1", **missing)
            content = write("pain.008.001.08", debit_file(sepa_debit(debtor=debtor)))
            with self.subTest(missing):
                self._validate("pain.008.001.08", content)
                self.assertFalse(self._texts(self._read(content), "Dbtr/PstlAdr"))

    def test_empty_fields_of_odoo(self):
        """Faults: an empty field of a contact, which Odoo gives as False."""
        empty = dict.fromkeys(("bic", "street", "zip", "city", "country"), False)
        debtor = replace(GERMAN, **empty)
        for values in ({}, {"country": "DE"}, {"country": "DE", "zip": "10115"}):
            file = debit_file(sepa_debit(debtor=replace(debtor, **values), text=False))
            for version in VERSIONS:
                with self.subTest(values, version=version):
                    content = write(version, file)
                    self._validate(version, content)
                    self.assertNotIn(b"False", content)

    def test_any_letters(self):
        """Faults: names of all alphabets are written with letters banks take."""
        for name, written in NAMES.items():
            debtor = Party(name, GERMAN.iban, None, name, name, name, "DE")
            file = debit_file(sepa_debit(debtor=debtor, text=name * 3))
            for version in VERSIONS:
                with self.subTest(name, version=version):
                    content = write(version, file)
                    self._validate(version, content)
                    root = self._read(content)
                    self.assertEqual(self._texts(root, "Dbtr/Nm"), [written])
                    texts = "".join(root.find(".//DrctDbtTxInf").itertext())
                    self.assertLessEqual(set(texts), _charset.SEPA)

    def test_numbers_as_people_write_them(self):
        """Faults: numbers with spaces are written as banks want them."""
        debtor = replace(
            GERMAN, iban="de02 1203 0000 0000 2020 51", bic="coba-deff xxx"
        )
        creditor = replace(SEPA_CREDITOR, identifier="DE98 ZZZ-0 9999 9999 99")
        file = debit_file(sepa_debit(debtor=debtor), creditor=creditor)
        root = self._read(write("pain.008.001.08", file))
        self.assertEqual(self._texts(root, "DbtrAcct/Id/IBAN"), [GERMAN.iban])
        self.assertEqual(self._texts(root, "DbtrAgt//BICFI"), ["COBADEFFXXX"])
        self.assertEqual(
            self._texts(root, "CdtrSchmeId//Othr/Id"), [SEPA_CREDITOR.identifier]
        )

    def test_doctests(self):
        """The examples of the letters are true."""
        result = doctest.testmod(_charset)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)


class TestDebitFileRefused(SepaCase):
    """What a bank would refuse is not written, and told by codes."""

    DEBITS = {
        "currency_not_allowed": {"currency": "CHF"},
        "debtor_iban_invalid": {"debtor": replace(GERMAN, iban=GERMAN.iban[:-1] + "2")},
        "debtor_bic_invalid": {"debtor": replace(GERMAN, bic="X")},
        "debtor_name_missing": {"debtor": replace(GERMAN, name="山田")},
        "amount_not_positive": {"amount": Decimal(0)},
        "amount_decimals": {"amount": Decimal("9.999")},
        "amount_too_high": {"amount": Decimal("1e9")},
        "mandate_reference_missing": {"mandate_reference": ""},
        "mandate_reference_too_long": {"mandate_reference": "M" * 36},
        "mandate_reference_characters": {"mandate_reference": "Bär"},
        "mandate_date_missing": {"mandate_date": None},
        "mandate_date_future": {"mandate_date": TODAY + timedelta(days=1)},
        "sequence_unknown": {"sequence": "FNAL"},
        "end_to_end_id_missing": {"end_to_end_id": ""},
        "end_to_end_id_too_long": {"end_to_end_id": "E" * 36},
        "end_to_end_id_characters": {"end_to_end_id": "E//1"},
    }
    FILES = {
        "message_id_missing": {"message_id": ""},
        "message_id_too_long": {"message_id": "M" * 36},
        "message_id_characters": {"message_id": "M_1"},
        "creditor_name_missing": {"creditor": replace(SEPA_CREDITOR, name="")},
        "creditor_iban_invalid": {"creditor": replace(SEPA_CREDITOR, iban="")},
        "creditor_bic_invalid": {"creditor": replace(SEPA_CREDITOR, bic="COBA")},
        "creditor_identifier_missing": {
            "creditor": replace(SEPA_CREDITOR, identifier="")
        },
        "creditor_identifier_invalid": {
            "creditor": replace(SEPA_CREDITOR, identifier="DE99ZZZ09999999999")
        },
    }

    def test_one_fault_of_a_debit(self):
        """Debits 6: each fault of a debit is named, with the debit."""
        for code, values in self.DEBITS.items():
            bad = sepa_debit(2, **values)
            with self.subTest(code):
                self.assertEqual(
                    self._reasons("pain.008.001.08", debit_file(sepa_debit(1), bad)),
                    [(code, bad.end_to_end_id)],
                )

    def test_one_fault_of_the_file(self):
        """Debits 6: each fault of the file is named."""
        for code, values in self.FILES.items():
            with self.subTest(code):
                self.assertEqual(
                    self._reasons(
                        "pain.008.001.02", debit_file(sepa_debit(1), **values)
                    ),
                    [(code, None)],
                )

    def test_params(self):
        """Debits 6: a reason carries what its sentence needs."""
        iban = GERMAN.iban[:-1] + "2"
        debit = sepa_debit(
            amount=Decimal(-1),
            currency="CHF",
            debtor=replace(GERMAN, iban=iban, bic="X"),
            mandate_reference="M" * 36,
            mandate_date=TODAY + timedelta(days=1),
        )
        with self.assertRaises(DebitFileError) as caught:
            write("pain.008.001.08", debit_file(debit))
        mandate = {"mandate": "M" * 36}
        self.assertEqual(
            {reason.code: reason.params for reason in caught.exception.reasons},
            {
                "amount_not_positive": {"amount": Decimal(-1)},
                "currency_not_allowed": {"currency": "CHF", "allowed": "EUR"},
                "debtor_iban_invalid": {"iban": iban},
                "debtor_bic_invalid": {"bic": "X"},
                "mandate_reference_too_long": {**mandate, "limit": 35},
                "mandate_date_future": {**mandate, "date": debit.mandate_date},
            },
        )

    def test_mandate_of_today(self):
        """Debits 6: a mandate signed on the day of the file is good."""
        write("pain.008.001.08", debit_file(sepa_debit(mandate_date=TODAY)))

    def test_all_faults_at_once(self):
        """Debits 6: all there is to put right is told in one go."""
        file = debit_file(
            sepa_debit(1, currency="CHF", mandate_reference=""),
            sepa_debit(2, amount=Decimal(-1)),
        )
        self.assertEqual(
            Counter(self._reasons("pain.008.001.08", file)),
            Counter(
                [
                    ("currency_not_allowed", "E-1"),
                    ("mandate_reference_missing", "E-1"),
                    ("amount_not_positive", "E-2"),
                ]
            ),
        )

    def test_no_debits_and_duplicates(self):
        """Debits 6: neither an empty file nor the same debit twice."""
        self.assertEqual(
            self._reasons("pain.008.001.08", debit_file()), [("no_debits", None)]
        )
        self.assertEqual(
            self._reasons("pain.008.001.08", debit_file(sepa_debit(), sepa_debit())),
            [("end_to_end_id_duplicate", "E-1")],
        )

    def test_floats_and_odd_numbers(self):
        """Faults: an amount that is no exact number is never written."""
        for amount in (49.9, 50, Decimal("NaN"), Decimal("Infinity"), None):
            with self.subTest(amount=amount):
                self.assertEqual(
                    self._reasons(
                        "pain.008.001.08", debit_file(sepa_debit(amount=amount))
                    ),
                    [("amount_decimals", "E-1")],
                )

    def test_unknown_format(self):
        """Debits 6: a format nobody writes is told, too."""
        self.assertEqual(
            self._reasons("mt101", debit_file(sepa_debit())),
            [("unknown_format", None)],
        )

    def test_a_thousand_debits(self):
        """Debits 6: a large gym's file is valid and complete."""
        debits = [sepa_debit(number) for number in range(1000)]
        content = write("pain.008.001.08", debit_file(*debits))
        self._validate("pain.008.001.08", content)
        root = self._read(content)
        self.assertEqual(len(set(self._texts(root, "EndToEndId"))), 1000)
        self.assertEqual(self._texts(root, "GrpHdr/CtrlSum"), ["49900.00"])

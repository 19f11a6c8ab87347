"""Files of returned debits: camt.054, camt.053 and pain.002 of several versions."""

from datetime import date, datetime
from decimal import Decimal

from odoo.tests import BaseCase

from ..reports.debit_file import (
    MAX_SIZE,
    UNREADABLE,
    UnreadableFile,
    read_returns,
    write,
)
from .common import TODAY
from .debit_files import (
    CREATED,
    GERMAN,
    QRR,
    camt053,
    camt054,
    debit_file,
    pain002,
    sepa_debit,
)

ENTRY = {
    "end_to_end_id": "E-1",
    "mandate_reference": "M-1",
    "amount": "49.90",
    "code": "AM04",
    "info": "Insufficient\n funds",
    "charges": "3.50",
    "name": "Paul Kent",
    "iban": GERMAN.iban,
    "booking": "BANK-77",
    "reference": QRR,
}
BUILDERS = (
    ("camt.054", camt054, "02"),
    ("camt.054", camt054, "08"),
    ("camt.053", camt053, "02"),
    ("camt.053", camt053, "08"),
)


class ReturnsCase(BaseCase):
    """Reads the bank's files."""

    def _only(self, content):
        (entry,) = read_returns(content).entries
        return entry

    def _keys(self, content):
        return [entry.key for entry in read_returns(content).entries]

    def _assert_unreadable(self, code, content, **limits):
        with self.assertRaises(UnreadableFile) as caught:
            read_returns(content, **limits)
        self.assertEqual(caught.exception.code, code)
        self.assertIn(code, UNREADABLE)
        return caught.exception.params


class TestReturnsBooked(ReturnsCase):
    """What the bank has booked back."""

    def test_all_that_is_said_of_a_return(self):
        """Debits 7: the same is read of both kinds in both versions."""
        for kind, build, version in BUILDERS:
            file = read_returns(build([ENTRY], version=version, message_id="X-1"))
            with self.subTest(kind, version=version):
                self.assertEqual(
                    (file.kind, file.message_id, file.created), (kind, "X-1", CREATED)
                )
                (entry,) = file.entries
                self.assertEqual(entry.end_to_end_id, "E-1")
                self.assertEqual(entry.mandate_reference, "M-1")
                self.assertEqual(entry.amount, Decimal("49.90"))
                self.assertEqual(entry.currency, "EUR")
                self.assertEqual(entry.code, "AM04")
                self.assertEqual(entry.info, "Insufficient funds")
                self.assertEqual(entry.charges, Decimal("3.50"))
                self.assertEqual(entry.charges_currency, "EUR")
                self.assertEqual(entry.booking_date, TODAY)
                self.assertEqual(entry.debtor_name, "Paul Kent")
                self.assertEqual(entry.debtor_iban, GERMAN.iban)
                self.assertEqual(entry.reference, QRR)
                self.assertEqual(entry.whole, "")

    def test_other_bookings_are_passed_over(self):
        """Debits 7: neither receipts, nor transfers, nor what is not booked."""
        others = [
            {"direction": "CRDT", "bank_code": ("RCDT", "ESCT")},
            {"bank_code": ("ICDT", "ESCT")},
            {"bank_code": ("RDDT", "ESDD")},
            {"direction": "CRDT", "bank_code": ("ICDT", "RRTN"), "code": "AC04"},
            {"bank_code": ("RCDT", "RRTN"), "code": "AC04"},
            {"direction": "CRDT"},
            {"status": "PDNG"},
            {"status": "INFO"},
        ]
        for kind, build, version in BUILDERS:
            for other in others:
                with self.subTest(kind, version=version, other=other):
                    file = read_returns(build([other, ENTRY], version=version))
                    self.assertEqual(
                        [entry.end_to_end_id for entry in file.entries], ["E-1"]
                    )
        self.assertEqual(read_returns(camt053([])).entries, ())

    def test_a_reason_or_a_bank_code_is_enough(self):
        """Debits 7: banks say in either way that a debit came back."""
        for entry in (
            {**ENTRY, "bank_code": ("OTHR", "OTHR")},
            {"end_to_end_id": "E-1", "bank_code": ("IDDT", "PRDD")},
            {"end_to_end_id": "E-1", "bank_code": ("RDDT", "RCDD")},
        ):
            with self.subTest(entry):
                read = self._only(camt054([entry]))
                self.assertEqual(read.end_to_end_id, "E-1")
                self.assertEqual(read.code, entry.get("code", ""))

    def test_several_in_one_booking(self):
        """Debits 7: a booking of several returns is taken apart."""
        entries = [
            {"end_to_end_id": f"E-{n}", "amount": f"{n}.10", "booking": "B-1"}
            for n in (1, 2, 3)
        ]
        for kind, build, version in BUILDERS:
            content = build(entries, version=version, is_batch=True)
            with self.subTest(kind, version=version):
                self.assertEqual(
                    [
                        (entry.end_to_end_id, f"{entry.amount}")
                        for entry in read_returns(content).entries
                    ],
                    [("E-1", "1.10"), ("E-2", "2.10"), ("E-3", "3.10")],
                )
                self.assertEqual(len(set(self._keys(content))), 3)

    def test_charges_that_are_not_named(self):
        """Debits 7: booked more than collected: the rest is the bank's charge."""
        content = camt054([{**ENTRY, "charges": "4.20"}], version="02")
        start, end = content.index(b"<Chrgs>"), content.index(b"</Chrgs>")
        entry = self._only(content[:start] + content[end + len(b"</Chrgs>") :])
        self.assertEqual(entry.amount, Decimal("49.90"))
        self.assertEqual(
            (entry.charges, entry.charges_currency), (Decimal("4.20"), "EUR")
        )

    def test_charges_in_the_amount(self):
        """Debits 7: charges the bank calls included are not collected again."""
        content = camt054([ENTRY]).replace(
            b"</CdtDbtInd></Rcrd>",
            b"</CdtDbtInd><ChrgInclInd>true</ChrgInclInd></Rcrd>",
        )
        start, end = content.index(b"<AmtDtls>"), content.index(b"</AmtDtls>")
        entry = self._only(content[:start] + content[end + len(b"</AmtDtls>") :])
        self.assertEqual(entry.amount, Decimal("49.90"))
        self.assertEqual(entry.charges, Decimal("3.50"))

    def test_booking_without_details(self):
        """Debits 7: a booking without details is still a return, to be assigned."""
        content = camt053([ENTRY])
        start, end = content.index(b"<NtryDtls>"), content.index(b"</NtryDtls>")
        entry = self._only(content[:start] + content[end + len(b"</NtryDtls>") :])
        self.assertEqual((entry.end_to_end_id, entry.amount), ("", Decimal("53.40")))
        self.assertEqual(entry.booking_date, TODAY)

    def test_instruction_instead_of_end_to_end_id(self):
        """Debits 7: LSV+ gives back the instruction, which we write the same."""
        for given in ("NOTPROVIDED", ""):
            entry = self._only(
                camt054([{"end_to_end_id": given, "instruction_id": "E-9"}])
            )
            self.assertEqual(entry.end_to_end_id, "E-9")
        self.assertEqual(self._only(camt054([{}])).end_to_end_id, "")

    def test_currency_and_time_of_booking(self):
        """Debits 7: any currency; a booking date may be a time."""
        content = camt054([{**ENTRY, "currency": "CHF"}]).replace(
            f"<BookgDt><Dt>{TODAY}</Dt>".encode(),
            b"<BookgDt><DtTm>2026-03-02T23:59:00+01:00</DtTm>",
        )
        entry = self._only(content)
        self.assertEqual(entry.currency, "CHF")
        self.assertEqual(entry.booking_date, date(2026, 3, 2))

    def test_time_of_the_file(self):
        """Debits 7: a time with a zone is read as UTC, as Odoo keeps times."""
        content = camt054([ENTRY]).replace(
            CREATED.isoformat().encode(), b"2026-03-02T08:30:00.123+01:00"
        )
        self.assertEqual(read_returns(content).created, datetime(2026, 3, 2, 7, 30))


class TestReturnsIdentity(ReturnsCase):
    """A return is known again, so that nothing is booked twice."""

    def test_same_in_all_files(self):
        """Debits 7: the same return in advice, statement, other versions."""
        for entry in (ENTRY, {**ENTRY, "booking": None}, {"booking": "B-1"}):
            keys = {
                key
                for _kind, build, version in BUILDERS
                for message_id in ("A-1", "A-2")
                for key in self._keys(
                    build([entry], version=version, message_id=message_id)
                )
            }
            with self.subTest(entry):
                self.assertEqual(len(keys), 1)

    def test_different_returns(self):
        """Debits 7: another booking or debit is another return."""
        for booking in ("BANK-77", None):
            first = {**ENTRY, "booking": booking}
            others = [{**first, "end_to_end_id": "E-2"}]
            if booking:
                others.append({**first, "booking": "BANK-78"})
            else:
                others.append({**first, "date": date(2026, 3, 9)})
                others.append({**first, "amount": "49.91"})
            for other in others:
                with self.subTest(booking=booking, other=other):
                    self.assertEqual(len(set(self._keys(camt054([first, other])))), 2)

    def test_without_any_identification(self):
        """Debits 7: equal returns of one booking without ids are two returns."""
        content = camt054([{"booking": "B-1"}, {"booking": "B-1"}], is_batch=True)
        self.assertEqual(len(set(self._keys(content))), 2)


class TestReturnsRejected(ReturnsCase):
    """What the bank did not even book."""

    def test_single_debits(self):
        """Debits 7: what is rejected of a file, with the reason."""
        entries = [ENTRY, {"end_to_end_id": "E-2", "status": "ACSP"}]
        for version in ("03", "10"):
            file = read_returns(pain002(entries, version=version))
            with self.subTest(version):
                self.assertEqual((file.kind, file.message_id), ("pain.002", "STATUS-1"))
                self.assertEqual(file.original_message_id, "MSG-2026-17")
                self.assertFalse(file.whole_file)
                (entry,) = file.entries
                self.assertEqual((entry.end_to_end_id, entry.code), ("E-1", "AM04"))
                self.assertEqual(
                    (entry.amount, entry.currency), (Decimal("49.90"), "EUR")
                )
                self.assertEqual(entry.mandate_reference, "M-1")
                self.assertEqual(entry.payment_id, "MSG-2026-17-RCUR")
                self.assertEqual(entry.debtor_name, "Paul Kent")

    def test_whole_file(self):
        """Debits 7: a rejected file is one entry, whatever stands below."""
        file = read_returns(pain002([ENTRY], group=("RJCT", "FF01")))
        self.assertTrue(file.whole_file)
        (entry,) = file.entries
        self.assertEqual((entry.whole, entry.code), ("file", "FF01"))

    def test_whole_block(self):
        """Debits 7: a rejected block is one entry with the block's id."""
        file = read_returns(
            pain002([ENTRY], group=("PART", ""), payment=("M-FRST", "RJCT", "DT01"))
        )
        self.assertFalse(file.whole_file)
        self.assertEqual(file.payment_ids, ("M-FRST",))
        (entry,) = file.entries
        self.assertEqual(
            (entry.whole, entry.payment_id, entry.code), ("payment", "M-FRST", "DT01")
        )

    def test_reason_only_further_down(self):
        """Debits 7: the reason of a whole file may stand with its debits."""
        for values in (
            {"group": ("RJCT", "")},
            {"payment": ("M-RCUR", "RJCT", "")},
        ):
            with self.subTest(values):
                self.assertEqual(self._only(pain002([ENTRY], **values)).code, "AM04")

    def test_accepted(self):
        """Debits 7: an accepted file rejects nothing."""
        file = read_returns(
            pain002([{**ENTRY, "status": "ACCP", "code": ""}], group=("ACCP", ""))
        )
        self.assertEqual((file.entries, file.whole_file), ((), False))

    def test_known_again(self):
        """Debits 7: the same rejection in another message is the same."""
        for values in ({}, {"group": ("RJCT", "")}, {"payment": ("P", "RJCT", "")}):
            with self.subTest(values):
                self.assertEqual(
                    self._keys(pain002([ENTRY], **values)),
                    self._keys(
                        pain002([ENTRY], version="03", message_id="S-2", **values)
                    ),
                )
        other = pain002([ENTRY], original="MSG-2026-18")
        self.assertNotEqual(self._keys(pain002([ENTRY])), self._keys(other))


class TestReturnsUnreadable(ReturnsCase):
    """Whatever else is uploaded is refused by a code, never by a traceback."""

    def test_no_file_of_returns(self):
        """Debits 7: another file is told as such."""
        for code, content in (
            ("empty", b""),
            ("empty", b" \n"),
            ("not_xml", b"E-1;49.90\r\n"),
            ("not_xml", camt054([ENTRY])[:-9]),
            ("not_xml", b"\x89PNG\r\n\x1a\n"),
            ("not_xml", camt054([ENTRY]).replace(b"UTF-8", b"x-none")),
            ("not_xml", camt054([{**ENTRY, "name": "Jürg"}]).replace(b"\xc3", b"")),
            ("unknown_format", b"<Document/>"),
            ("unknown_format", b"<html><body/></html>"),
            ("unknown_format", camt054([]).replace(b"BkToCstmrDbtCdtNtfctn", b"X")),
        ):
            with self.subTest(content[:30]):
                self._assert_unreadable(code, content)

    def test_size(self):
        """Debits 7: a file over the limit is not even parsed."""
        content = camt054([ENTRY])
        limit = len(content) - 1
        self.assertEqual(
            self._assert_unreadable("too_large", content, max_size=limit),
            {"size": limit + 1, "limit": limit},
        )
        self._assert_unreadable("too_large", b" " * (MAX_SIZE + 1))

    def test_declared_documents_and_entities(self):
        """Debits 7: no declaration is read, in no encoding: it could read files."""
        bomb = '<!DOCTYPE Document [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        text = camt054([ENTRY]).decode()
        body = text.partition("?>")[2].replace("Paul Kent", "&a;")
        for encoding in ("utf-8", "utf-16", "utf-16-le", "iso-8859-1", "cp037"):
            head = f"<?xml version='1.0' encoding='{encoding}'?>"
            content = (head + bomb + body).encode(encoding)
            with self.subTest(encoding), self.assertRaises(UnreadableFile) as caught:
                read_returns(content)
            self.assertIn(caught.exception.code, ("has_doctype", "not_xml"))
        self._assert_unreadable("has_doctype", (bomb + body).encode())
        self._assert_unreadable("not_xml", body.encode())

    def test_depth_and_number_of_elements(self):
        """Debits 7: neither deep nor endless files keep the server busy."""
        for depth, code in ((100, "too_deep"), (100_000, "not_xml")):
            bomb = b"<Nm>" * depth + b"</Nm>" * depth
            content = camt054([ENTRY]).replace(b"<Nm>Paul Kent</Nm>", bomb)
            self._assert_unreadable(code, content)
        self._assert_unreadable("too_many_elements", b"<a>" + b"<b/>" * 1_000_001)

    def test_bad_values(self):
        """Debits 7: an amount or date that is none is not guessed."""
        content = camt054([{**ENTRY, "amount": "49.90", "charges": None}])
        for amount in (
            b"",
            b"4,90",
            b"-4.90",
            b"NaN",
            b"1e9",
            b"9" * 30,
            "٤٩".encode(),
        ):
            with self.subTest(amount):
                self._assert_unreadable(
                    "bad_amount", content.replace(b">49.90<", b">" + amount + b"<")
                )
        for currency in (b"", b"E", b"12A"):
            with self.subTest(currency):
                self._assert_unreadable(
                    "no_currency",
                    content.replace(b'Ccy="EUR"', b'Ccy="' + currency + b'"'),
                )
        for old, new in (
            (f"<BookgDt><Dt>{TODAY}".encode(), b"<BookgDt><Dt>2026-02-30"),
            (CREATED.isoformat().encode(), b"yesterday"),
            (CREATED.isoformat().encode(), b"0001-01-01T00:00:00+14:00"),
        ):
            with self.subTest(new):
                self._assert_unreadable("bad_date", content.replace(old, new))

    def test_our_own_file_is_no_return(self):
        """Debits 7: the file to the bank, uploaded by mistake, is told as such."""
        content = write("pain.008.001.08", debit_file(sepa_debit()))
        self.assertEqual(
            self._assert_unreadable("unknown_format", content),
            {"root": "CstmrDrctDbtInitn"},
        )

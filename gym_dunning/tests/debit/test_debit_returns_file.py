"""Files of returned debits: camt.054 and camt.053 of several versions."""

from datetime import date, datetime
from decimal import Decimal

from odoo.tests import BaseCase

from ...tools.bank_file import read_returns
from ..base.common import TODAY
from .debit_files import CREATED, GERMAN, QRR, camt053, camt054

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

    def test_charges_of_several_returns(self):
        """Debits 7: a charge for several returns is no single member's."""
        entries = [{"end_to_end_id": f"E-{n}", "amount": "5.00"} for n in (1, 2)]
        for build, total in ((camt054, "Amt"), (camt053, "TtlChrgsAndTaxAmt")):
            charge = f"<Chrgs><{total} Ccy='EUR'>7.00</{total}></Chrgs>".encode()
            for count, charges in ((1, [7]), (2, [0, 0])):
                content = build(entries[:count], is_batch=True)
                content = content.replace(b"<NtryDtls>", charge + b"<NtryDtls>")
                with self.subTest(total, count=count):
                    read = read_returns(content).entries
                    self.assertEqual([entry.charges for entry in read], charges)
                    self.assertEqual([entry.amount for entry in read], [5] * count)

    def test_charges_given_back(self):
        """Debits 7: a charge the bank pays back is none; its own currency counts."""
        content = camt054([ENTRY])
        given = content.replace(
            b"DBIT</CdtDbtInd></Rcrd>", b"CRDT</CdtDbtInd></Rcrd>"
        ).replace(b">53.40<", b">49.90<")
        self.assertEqual(self._only(given).charges, 0)
        francs = content.replace(b'"EUR">3.50', b'"CHF">3.50')
        entry = self._only(francs)
        self.assertEqual(
            (entry.charges, entry.charges_currency), (Decimal("3.5"), "CHF")
        )

    def test_text_of_the_booking(self):
        """Debits 7: without a text of its own a return has its booking's."""
        plain = {**ENTRY, "info": None}
        content = camt053([plain]).replace(
            b"</Ntry>", b"<AddtlNtryInf>Return 109</AddtlNtryInf></Ntry>"
        )
        self.assertEqual(self._only(content).info, "Return 109")
        content = content.replace(
            b"</TxDtls>", b"<AddtlTxInf>Of Paul</AddtlTxInf></TxDtls>"
        )
        self.assertEqual(self._only(content).info, "Of Paul")

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

"""Debits the bank rejects before it books them: pain.002 of several versions."""

from decimal import Decimal

from ...tools.bank_file import read_returns
from .debit_files import CREATED, GERMAN, QRR, camt054, pain002
from .test_debit_returns_file import ENTRY, ReturnsCase


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
                self.assertEqual(entry.debtor_iban, GERMAN.iban)
                self.assertEqual(entry.reference, QRR)
                self.assertEqual(entry.info, "Insufficient funds")
                self.assertEqual(file.created, CREATED)

    def test_identification_and_amount(self):
        """Debits 7: the instruction does as well; the amount may be left out."""
        entries = [{"instruction_id": "E-9"}, {}]
        content = pain002(entries).replace(
            b"<TxInfAndSts><OrgnlEnd", b"<TxInfAndSts><StsId>S-2</StsId><OrgnlEnd"
        )
        start, end = content.index(b"<Amt>"), content.index(b"</Amt>") + len(b"</Amt>")
        content = content[:start] + content[end:]
        nine, none = read_returns(content).entries
        self.assertEqual((nine.end_to_end_id, none.end_to_end_id), ("E-9", ""))
        self.assertEqual((nine.amount, nine.currency), (0, ""))
        self.assertNotEqual(nine.key, none.key)
        other = content.replace(b"S-2", b"S-3")
        self.assertNotIn(none.key, self._keys(other))
        self.assertIn(nine.key, self._keys(other))

    def test_bank_specific_reason(self):
        """Debits 7: a reason of the bank's own code is kept, too."""
        content = pain002([ENTRY]).replace(b"<Cd>AM04</Cd>", b"<Prtry>X7</Prtry>")
        self.assertEqual(self._only(content).code, "X7")
        content = camt054([ENTRY]).replace(b"<Cd>AM04</Cd>", b"<Prtry>X7</Prtry>")
        self.assertEqual(self._only(content).code, "X7")

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

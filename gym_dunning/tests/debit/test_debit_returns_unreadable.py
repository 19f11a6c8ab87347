"""Uploads that are no file of returns: told by a code, never by a traceback."""

from odoo.tests import BaseCase

from ...reports.debit.debit_file import write
from ...tools.bank_file import MAX_SIZE, UNREADABLE, UnreadableFile, read_returns
from ..base.common import TODAY
from .debit_files import CREATED, camt053, camt054, debit_file, sepa_debit

ENTRY = {"end_to_end_id": "E-1", "amount": "49.90", "code": "AM04"}


class TestReturnsUnreadable(BaseCase):
    """Whatever else is uploaded is refused by a code, never by a traceback."""

    def _assert_unreadable(self, code, content, **limits):
        with self.assertRaises(UnreadableFile) as caught:
            read_returns(content, **limits)
        self.assertEqual(caught.exception.code, code)
        self.assertIn(code, UNREADABLE)
        return caught.exception.params

    def test_no_file_of_returns(self):
        """Debits 7: another file is told as such."""
        for code, content in (
            ("empty", b""),
            ("empty", b" \n"),
            ("not_xml", b"E-1;49.90\r\n"),
            ("not_xml", camt054([ENTRY])[:-9]),
            ("not_xml", b"\x89PNG\r\n\x1a\n"),
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

    def _doubt(self, content):
        (entry,) = read_returns(content).entries
        return entry.doubt, entry.doubt_value

    def test_bad_values(self):
        """Debits 7: an amount or date that is none is not guessed, and refuses no
        other return: it is listed."""
        content = camt054([ENTRY])
        for amount in ("", "4,90", "-4.90", "NaN", "1e9", "1e308", "9" * 30, "٤٩"):
            with self.subTest(amount):
                changed = content.replace(b">49.90<", f">{amount}<".encode())
                self.assertEqual(self._doubt(changed), ("bad_amount", amount))
        for currency in (b"", b"E", b"12A"):
            with self.subTest(currency):
                changed = content.replace(b'Ccy="EUR"', b'Ccy="' + currency + b'"')
                self.assertEqual(self._doubt(changed), ("no_currency", "49.90"))
        for day in ("2026-02-30", "0001-01-01", "9999-12-31", "2029-01-01"):
            with self.subTest(day):
                changed = content.replace(
                    f"<BookgDt><Dt>{TODAY}".encode(), f"<BookgDt><Dt>{day}".encode()
                )
                self.assertEqual(self._doubt(changed), ("bad_date", day))

    def test_odd_time_of_the_file(self):
        """Debits 7: a time of the file that is none refuses nothing."""
        for moment in (b"yesterday", b"0001-01-01T00:00:00+14:00", b""):
            with self.subTest(moment):
                content = camt054([ENTRY]).replace(CREATED.isoformat().encode(), moment)
                file = read_returns(content)
                self.assertFalse(file.created)
                self.assertEqual(self._doubt(content), ("", ""))

    def test_no_amount_of_one_of_several(self):
        """Debits 7: the sum of several returns is no amount of one of them."""
        content = camt053([ENTRY, ENTRY], version="02", is_batch=True)
        for _time in range(2):
            start, end = content.index(b"<AmtDtls>"), content.index(b"</AmtDtls>")
            content = content[:start] + content[end + len(b"</AmtDtls>") :]
        for entry in read_returns(content).entries:
            self.assertEqual((entry.doubt, entry.amount), ("no_amount", 0))
            self.assertEqual(
                (str(entry.booking.amount), entry.booking.count), ("99.80", 2)
            )

    def test_our_own_file_is_no_return(self):
        """Debits 7: the file to the bank, uploaded by mistake, is told as such."""
        content = write("pain.008.001.08", debit_file(sepa_debit()))
        self.assertEqual(
            self._assert_unreadable("unknown_format", content),
            {"root": "CstmrDrctDbtInitn"},
        )

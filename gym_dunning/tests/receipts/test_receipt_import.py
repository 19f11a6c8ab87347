"""Files: whose they are, what is known, what cannot be read."""

import io
import zipfile
from datetime import timedelta

from lxml import etree

from odoo.exceptions import UserError

from ...models.base import gym_bank_file
from ..debit.debit_files import UNPAID
from .common_receipts import (
    BANK_IBAN,
    TODAY,
    ReceiptsCommon,
    camt053,
    camt054,
    without_details,
)


def _statement_of(account):
    """Return a statement that names nothing but its closing balance."""
    return camt053([], account=account, closing=TODAY)


def _with_statement(content, other):
    """Return a file with the statements of both: a bank packs all accounts in one."""
    whole, second = etree.fromstring(content), etree.fromstring(other)
    whole[0].append(second[0][1])
    return etree.tostring(whole, xml_declaration=True, encoding="UTF-8")


class TestReceiptImport(ReceiptsCommon):
    def _wizard(self, *contents):
        attachments = self.env["ir.attachment"].create(
            [
                {"name": f"bank{number}.xml", "raw": content}
                for number, content in enumerate(contents)
            ]
        )
        return self.env["gym.receipt.import"].create(
            {"attachment_ids": attachments.ids}
        )

    def test_dialog_shows_first(self):
        """16.1: the dialog says what would happen, and only Import does it."""
        invoice = self._create_invoice(self.anna)
        content = camt054(
            [self._entry(100, text=invoice.name), self._entry(5)], account=BANK_IBAN
        )
        dialog = self._wizard(content)
        self.assertEqual((dialog.matched_count, dialog.unmatched_count), (1, 1))
        self.assertFalse(self.env["gym.receipt"].search([]))
        action = dialog.action_import()
        self.assertIn("booked 1", action["params"]["message"])
        again = self._wizard(content)
        self.assertEqual((again.matched_count, again.known_count), (0, 2))
        again.action_import()
        self.assertEqual(len(self.env["gym.receipt"].search([])), 2)

    def test_overlapping_files(self):
        """16.1: two files of overlapping days bring each entry once."""
        one, two, three = (self._entry(amount) for amount in (10, 20, 30))
        self.assertEqual(len(self._import(one, two)), 2)
        self.assertEqual(len(self._import(two, three, message_id="CAMT-2")), 1)

    def test_equal_entries_without_numbers(self):
        """16.1: two equal payments of a day are two, and known when they come again."""
        entries = [self._entry(10, booking=None) for __ in range(2)]
        self.assertEqual(len(self._import(*entries)), 2)
        self.assertFalse(self._import(*entries, message_id="CAMT-2"))

    def test_batch_with_details(self):
        """16.1: the parts of one booking are receipts of their own."""
        rows = self._import(self._entry(10), self._entry(20), is_batch=True)
        self.assertEqual(rows.mapped("amount"), [10, 20])

    def test_foreign_account(self):
        """16, bad input: the file of somebody else's account books nothing."""
        content = camt054([self._entry(10)], account="DE02120300000000202051")
        with self.assertRaisesRegex(UserError, "which no bank journal has"):
            self._wizard(content).action_import()
        self.assertFalse(self.env["gym.receipt.file"].search([]))

    def test_quiet_account_of_nobody(self):
        """16.1: an account of somebody else on which nothing came in is in nobody's
        way; a file of such accounts alone is refused."""
        quiet = _statement_of("DE02120300000000202051")
        own = camt053([self._entry(10)], account=BANK_IBAN)
        (row,) = self._import_file(_with_statement(own, quiet)).receipt_ids
        self.assertEqual(row.amount, 10)
        self.assertEqual(row.journal_id, self.bank)
        with self.assertRaisesRegex(UserError, "which no bank journal has"):
            self._import_file(quiet)
        loud = camt053([self._entry(20)], account="DE02120300000000202051")
        with self.assertRaisesRegex(UserError, "which no bank journal has"):
            self._import_file(_with_statement(own, loud))

    def _import_file(self, content):
        return self.env["gym.receipt.file"]._import_one("bank.xml", content)

    def test_other_currency(self):
        """16, bad input: another currency than the journal's waits for a person."""
        other = "CHF" if self.company.currency_id.name != "CHF" else "EUR"
        invoice = self._create_invoice(self.anna)
        (row,) = self._import(self._entry(100, text=invoice.name, currency=other))
        self.assertEqual(row.state, "unmatched")
        self.assertIn(other, row.message)
        with self.assertRaises(UserError):
            row._check_bookable()

    def test_bad_entry_refuses_no_other(self):
        """16.1: an entry that cannot be read is listed with its reason."""
        invoice = self._create_invoice(self.anna)
        content = camt054(
            [self._entry(7), self._entry(100, text=invoice.name)], account=BANK_IBAN
        ).replace(b">7.00<", b">seven<")
        files = self.env["gym.receipt.file"]._import_one("bank.xml", content)
        bad, good = files.receipt_ids.sorted("id")
        self.assertEqual((bad.state, good.state), ("unmatched", "booked"))
        self.assertIn("seven", bad.message)

    def test_zero_and_negative(self):
        """16, bad input: no amount, nothing booked."""
        content = camt054([self._entry(0)], account=BANK_IBAN)
        (row,) = self.env["gym.receipt.file"]._import_one("b.xml", content).receipt_ids
        self.assertEqual(row.state, "unmatched")
        content = camt054([self._entry(9)], account=BANK_IBAN).replace(
            b">9.00<", b">-9.00<"
        )
        (row,) = self.env["gym.receipt.file"]._import_one("b.xml", content).receipt_ids
        self.assertEqual(row.state, "unmatched")

    def test_future(self):
        """16, bad input: a day that is to come is not booked."""
        day = self.company._gym_today() + timedelta(days=30)
        invoice = self._create_invoice(self.anna)
        content = (
            camt054([self._entry(100, text=invoice.name, date=day)], account=BANK_IBAN)
            .replace(b"<CreDtTm>", b"<CreDtTm>")
            .replace(f"{TODAY.year}-03".encode(), f"{day:%Y-%m}".encode())
        )
        (row,) = self.env["gym.receipt.file"]._import_one("b.xml", content).receipt_ids
        self.assertEqual(row.state, "unmatched")

    def test_truncated_archive(self):
        """16, bad input: a packed file that was cut is named, the others are taken."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.xml", camt054([self._entry(10)], account=BANK_IBAN))
        whole = packed.getvalue()
        good = camt054([self._entry(20)], account=BANK_IBAN)
        dialog = self._wizard(whole[: len(whole) // 2], good)
        self.assertIn("cannot be unpacked", dialog.problems)
        dialog.action_import()
        self.assertEqual(self.env["gym.receipt"].search([]).amount, 20)
        self._wizard(whole).action_import()
        self.assertEqual(len(self.env["gym.receipt"].search([])), 2)

    def test_collections_are_put_aside(self):
        """16.1: the bank's credit of direct debits is no member's payment."""
        (row,) = self._import(self._entry(500, bank_code=("IDDT", "ESDD")))
        self.assertEqual(row.state, "ignored")
        self.assertIn("batch", row.note)

    def test_what_was_ours_waits(self):
        """16.1: a transfer of ours that came back is listed."""
        (row,) = self._import(self._entry(50, bank_code=("ICDT", "RRTN"), code="AC01"))
        self.assertEqual(row.state, "unmatched")
        self.assertIn("came back", row.message)

    def test_statement_before_advice(self):
        """16.1: a collective booking without parts is put aside once they come, and
        the parts once somebody booked it."""
        parts = [self._entry(10, booking="C-1"), self._entry(20, booking="C-1")]
        whole = camt053(parts, is_batch=True, account=BANK_IBAN)
        whole = without_details(whole)
        files = self.env["gym.receipt.file"]
        (collective,) = files._import_one("s.xml", whole).receipt_ids
        self.assertEqual((collective.state, collective.amount), ("unmatched", 30))
        rows = self._import(*parts, is_batch=True)
        self.assertEqual(collective.state, "ignored")
        self.assertEqual(rows.mapped("state"), ["unmatched", "unmatched"])

    def test_statement_booked_before_advice(self):
        """16.1: parts of a sum that somebody has booked are put aside."""
        parts = [self._entry(10, booking="C-2"), self._entry(20, booking="C-2")]
        whole = camt053(parts, is_batch=True, account=BANK_IBAN)
        files = self.env["gym.receipt.file"]
        (collective,) = files._import_one("s.xml", without_details(whole)).receipt_ids
        income = self.company_data["default_account_revenue"]
        collective._book_to(income, "Day's takings")
        rows = self._import(*parts, is_batch=True)
        self.assertEqual(rows.mapped("state"), ["ignored", "ignored"])
        self.assertEqual(collective.state, "booked")

    def test_returns_in_the_same_file(self):
        """16.1: one file holds receipts and returned debits, both are taken."""
        invoice = self._create_invoice(self.anna)
        returned = self._entry(49.9, direction="DBIT", bank_code=UNPAID, code="AM04")
        content = camt054(
            [self._entry(100, text=invoice.name), returned], account=BANK_IBAN
        )
        action = self._wizard(content).action_import()
        self.assertIn("Returned direct debits: 1", action["params"]["message"])
        self._assert_paid(invoice)
        self.assertEqual(len(self.env["gym.debit.return"].search([])), 1)

    def test_large_file_in_the_background(self):
        """16.3: a large file is booked by the worker, each entry once."""
        self.patch(gym_bank_file, "AT_ONCE", 2)
        invoices = [self._create_invoice(self.anna, amount=20) for __ in range(3)]
        rows = self._import(*(self._entry(20, text=one.name) for one in invoices))
        self.assertEqual(set(rows.mapped("state")), {"matched"})
        self._work()
        self.assertEqual(set(rows.mapped("state")), {"booked"})
        self._assert_paid(*invoices)
        self.assertEqual(len(rows.payment_ids), 3)

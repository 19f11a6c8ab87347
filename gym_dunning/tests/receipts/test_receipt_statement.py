"""The same money in a bank's statement: of another module, or entered by hand."""

import doctest

from odoo.tests import new_test_user

from ...models.receipts import same_money
from .common_receipts import BANK_IBAN, IBANS, TODAY, ReceiptsCommon, camt053


class TestReceiptStatement(ReceiptsCommon):
    """Issue 16.7: who imports statements elsewhere does not book them twice."""

    # === STATEMENT FIRST === #

    def test_put_aside(self):
        """What stands in the statement is not booked, and says where it stands."""
        invoice = self._create_invoice(self.anna)
        line = self._statement_line(partner_name="Somebody", account_number=IBANS[0])
        (receipt,) = self._import(self._entry(100, iban=IBANS[0], text=invoice.name))
        self.assertEqual(receipt.state, "ignored")
        self.assertEqual(receipt.statement_line_id, line)
        self.assertIn("It stands in the bank's statement of", receipt.note)
        self.assertIn(line.move_id.name, receipt.note)
        self.assertEqual(invoice.amount_residual, 100)

    def test_by_reference(self):
        """The payer's reference is enough, however it is written."""
        invoice = self._create_invoice(self.anna)
        self._statement_line(ref="E 77")
        entry = self._entry(100, text=invoice.name, end_to_end_id="E77", name="")
        (receipt,) = self._import(entry)
        self.assertEqual(receipt.state, "ignored")

    def test_other_money(self):
        """Another day, amount, account, payer or journal is other money."""
        invoice = self._create_invoice(self.anna)
        other = self.bank.copy({"bank_account_id": False})
        values = {"partner_name": "Anna Wolf", "account_number": IBANS[0]}
        self._statement_line(**values | {"date": TODAY.replace(day=TODAY.day - 1)})
        self._statement_line(99, **values)
        self._statement_line(-100, **values)
        self._statement_line(**values | {"account_number": IBANS[1]})
        self._statement_line(
            **values | {"partner_name": "Ben", "account_number": False}
        )
        self._statement_line(**values | {"journal_id": other.id})
        entry = self._entry(100, iban=IBANS[0], name="Anna Wolf", text=invoice.name)
        (receipt,) = self._import(entry)
        self.assertEqual(receipt.state, "booked")
        self._assert_paid(invoice)

    def test_booked_here_waits_for_nobody(self):
        """16.5: a statement line whose money was booked from a file is nobody's no more,
        until the receipt is taken back; reminders warn of it no longer."""
        invoice = self._create_invoice(self.anna)
        (receipt,) = self._import(self._entry(100, name="Anna Wolf", text=invoice.name))
        line = self._statement_line(partner_name="Anna Wolf")
        self.assertEqual(line.gym_receipt_ids, receipt)
        books = self.env["gym.bank.books"].with_context(dunning_date=TODAY)
        self.assertFalse(books._count_waiting(self.company))
        receipt.action_take_back()
        self.assertEqual(dict(books._count_waiting(self.company)), {"statement": 1})

    def test_named_otherwise(self):
        """A mother who pays twice as much on one day, with two references, pays twice."""
        line = self._statement_line(partner_name="Mother Wolf", ref="RF18539007547034")
        entry = self._entry(100, name="Mother Wolf", reference="RF712348231")
        (receipt,) = self._import(entry)
        self.assertNotEqual(receipt.state, "ignored")
        self.assertFalse(line.gym_receipt_ids)

    def test_equal_payments_are_counted(self):
        """Two real payments of one amount are two, and one of them is in the statement."""
        self._create_invoice(self.anna)
        second = self._create_invoice(self.anna)
        self._statement_line(partner_name="Anna Wolf")
        receipts = self._import(
            self._entry(100, name="Anna Wolf", text=second.name, booking="B-1"),
            self._entry(100, name="Anna Wolf", text=second.name, booking="B-2"),
        )
        self.assertEqual(sorted(receipts.mapped("state")), ["booked", "ignored"])

    def test_taken_up_again(self):
        """A person who knows better says that it is other money: it is booked."""
        invoice = self._create_invoice(self.anna)
        line = self._statement_line(partner_name="Anna Wolf")
        (receipt,) = self._import(self._entry(100, name="Anna Wolf", text=invoice.name))
        receipt.action_restore()
        receipt.action_match()
        receipt.action_book()
        self._assert_paid(invoice)
        self.assertFalse(line.gym_receipt_ids)

    def test_clerk_reads_where_it_stands(self):
        """A reminder clerk opens the receipt with the name of the line."""
        line = self._statement_line(partner_name="Anna Wolf")
        (receipt,) = self._import(self._entry(100, name="Anna Wolf"))
        clerk = new_test_user(
            self.env,
            "receipts_clerk",
            "gym_dunning.group_dunning_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        self.env.invalidate_all()
        (row,) = receipt.with_user(clerk).web_read(
            {
                "note": {},
                "statement_line_id": {"fields": {"display_name": {}}},
            }
        )
        self.assertEqual(row["statement_line_id"]["id"], line.id)
        self.assertTrue(row["statement_line_id"]["display_name"])

    def test_import_of_returns(self):
        """Who imports statements elsewhere and returns here does not get the receipts
        of the same file twice."""
        invoice = self._create_invoice(self.anna)
        self._import(self._entry(1, name="Somebody Else"))
        self._statement_line(partner_name="Anna Wolf")
        content = camt053(
            [self._entry(100, name="Anna Wolf", text=invoice.name)], account=BANK_IBAN
        )
        files = self.env["gym.debit.return.file"]
        sentences = files._take_elsewhere(
            "bank.xml", content, files._read_file("bank.xml", content), self.company
        )
        self.assertEqual(len(sentences), 1)
        self.assertEqual(invoice.amount_residual, 100)

    # === RECEIPTS FIRST === #

    def test_list_follows_the_statement(self):
        """What waits in the list is put aside as soon as the statement has it; a person
        who keeps statements needs no right on receipts."""
        (receipt,) = self._import(self._entry(100, name="Stranger"))
        self.assertEqual(receipt.state, "unmatched")
        accountant = new_test_user(
            self.env,
            "statements",
            "account.group_account_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        lines = self.env["account.bank.statement.line"].with_user(accountant)
        line = lines.create(
            {
                "journal_id": self.bank.id,
                "date": TODAY,
                "amount": 100,
                "payment_ref": "Credit",
                "partner_name": "STRANGER",
            }
        )
        self.assertEqual(receipt.state, "ignored")
        with self.subTest("deleted, it is worked here again, and may come once more"):
            line.unlink()
            self.assertEqual(receipt.state, "unmatched")
            self.assertFalse(receipt.statement_line_id)
            self._statement_line(partner_name="Stranger")
            self.assertEqual(receipt.state, "ignored")

    def test_deleted_line_of_a_known_payer(self):
        """With the statement gone the receipt is matched again, not booked by itself."""
        invoice = self._create_invoice(self.anna)
        line = self._statement_line(partner_name="Anna Wolf")
        (receipt,) = self._import(self._entry(100, name="Anna Wolf", text=invoice.name))
        line.unlink()
        self.assertEqual(receipt.state, "matched")
        receipt.action_book()
        self._assert_paid(invoice)

    def test_booked_before(self):
        """What was booked is known at the statement's line; taken back, the statement
        has it alone."""
        invoice = self._create_invoice(self.anna)
        (receipt,) = self._import(self._entry(100, name="Anna Wolf", text=invoice.name))
        line = self._statement_line(partner_name="Anna Wolf")
        self.assertEqual(line.gym_receipt_ids, receipt)
        self.assertEqual(receipt.state, "booked")
        receipt.action_take_back()
        self.assertEqual(receipt.state, "ignored")
        self.assertEqual(invoice.amount_residual, 100)

    # === SUMS === #

    def test_sum_of_an_advice(self):
        """The statement's sum is the money of the advice's payments, which stay: they
        know the payers."""
        first, second = self._create_invoice(self.anna), self._create_invoice(self.ben)
        parts = [
            self._entry(100, text=first.name, booking="SUM", name="Anna Wolf"),
            self._entry(100, text=second.name, booking="SUM", name="Ben Kent"),
        ]
        with self.subTest("advice first"):
            receipts = self._import(*parts, is_batch=True)
            line = self._statement_line(200)
            self.assertEqual(line.gym_receipt_ids, receipts)
            self.assertEqual(set(receipts.mapped("state")), {"booked"})
        with self.subTest("statement first"):
            line = self._statement_line(300)
            parts = [
                self._entry(150, booking="SUM-2", name="One"),
                self._entry(150, booking="SUM-2", name="Two"),
            ]
            receipts = self._import(*parts, is_batch=True)
            self.assertEqual(line.gym_receipt_ids, receipts)
            self.assertEqual(set(receipts.mapped("state")), {"unmatched"})

    def test_two_sums_alike(self):
        """Two bookings of the same sum on one day are two lines of the statement, in
        whatever order they come; a later look changes nothing."""
        bookings = [
            [
                self._entry(amount, booking=booking, name=f"{booking} {amount}")
                for amount in (140, 60)
            ]
            for booking in ("FIRST", "SECOND")
        ]
        first = self._import(*bookings[0], is_batch=True)
        lines = self._statement_line(200) + self._statement_line(200)
        second = self._import(*bookings[1], is_batch=True)
        self.assertEqual(lines.mapped("gym_receipt_ids"), first | second)
        self.assertEqual(lines[0].gym_receipt_ids, first)
        self.assertEqual(lines[1].gym_receipt_ids, second)
        (first | second).sudo()._find_sums()  # as the worker would
        self.assertEqual(lines[0].gym_receipt_ids, first)
        third = self._statement_line(200)
        self.assertFalse(third.gym_receipt_ids, "all of this sum have their line")

    # === UNDOING === #

    def test_undone_in_the_statement(self):
        """Whose door opened by the payment is blocked again when an accountant undoes
        the statement's line, or deletes it."""
        undoings = ("action_undo_reconciliation", "unlink")
        members = [self._create_member(f"Mona {undo}") for undo in undoings]
        for member in members:
            self._create_invoice(member)
        owed = self._blocked(*members)
        for undo, member, items in zip(undoings, members, owed, strict=True):
            with self.subTest(undo):
                line = self._paid_by_line(member, items)
                self.assertTrue(member.access_granted)
                getattr(line, undo)()
                self.assertEqual(
                    sum(items.mapped("amount_residual")), self._owes(member)
                )
                self.assertFalse(member.access_granted)

    def _paid_by_line(self, member, items):
        """Return a line of the statement that an accountant matched with items."""
        amount = sum(items.mapped("amount_residual"))
        line = self._statement_line(amount, partner_name=member.name)
        __, suspense, __ = line._seek_for_lines()
        suspense.account_id = items.account_id
        suspense.partner_id = member
        (suspense | items).reconcile()
        self.assertEqual(self._owes(member), 0)
        return line

    def test_doctest(self):
        """What is the same money."""
        self.assertFalse(doctest.testmod(same_money).failed)

    # === SPEED === #

    def test_queries(self):
        """The number of queries does not depend on the number of receipts."""
        self.company.root_id.receipt_booking = "look"
        counts = []
        for size in (4, 12):
            for number in range(size):
                self._statement_line(10, account_number=IBANS[number % 3])
            entries = [
                self._entry(10, booking=f"Q{size}-{number}", iban=IBANS[number % 3])
                for number in range(size)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            receipts = self._import(*entries, account=BANK_IBAN)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(receipts.mapped("state")), {"ignored"})
        self.assertLess(counts[1] - counts[0], 6)

from odoo.tests import new_test_user, tagged

from .common_statement import (
    BANK_IBAN,
    IBANS,
    TODAY,
    StatementCommon,
    camt053,
    without_details,
)


@tagged("post_install", "-at_install")
class TestStatementReceipts(StatementCommon):
    """Issue 16.7: what became of the receipts decides over the line."""

    # === TAKEN BACK BY THE BANK === #

    def test_the_bank_took_it_back(self):
        """The line says so, and pays no invoice; sent again, that is another line. When
        the bank had not, the line is matched with the payment that stands again."""
        invoice = self._create_invoice(self.anna)
        values = {"text": invoice.name, "name": "Anna Wolf", "iban": IBANS[2]}
        entry = self._entry(100, end_to_end_id="E-9", **values)
        (receipt,) = self._import(entry)
        back = {"direction": "DBIT", "code": "AC03", "end_to_end_id": "E-9"}
        (taken,) = self._import(self._entry(100, **values | back))
        self.assertEqual(taken.reversed_id, receipt)
        taken.action_book()
        (line,) = self._statement(entry)
        self.assertEqual(line.gym_receipt_ids, receipt)
        self.assertFalse(line.is_reconciled)
        self.assertFalse(self._shares(line))
        self.assertIn("took this money back on", line.gym_hint)
        self.assertEqual(invoice.amount_residual, 100)
        with self.subTest("the bank had not"):
            taken.action_take_back()
            self.assertEqual(receipt.state, "booked")
            self.assertFalse(line.gym_hint)
            self.assertEqual(
                self._shares(line), [(receipt.payment_id.move_id.display_name, 100)]
            )
        with self.subTest("it had, and the money was sent again"):
            taken.action_book()
            again = self._line(100, invoice.name, date=TODAY.replace(day=28))
            self.assertTrue(again.is_reconciled)
            self._assert_paid(invoice)
            self.assertIn("took this money back on", line.gym_hint)

    def test_the_bank_took_an_entry_back(self):
        """What was booked to an account, the same."""
        (receipt,) = self._import(self._entry(33, name="Shop", end_to_end_id="E-3"))
        income = self.company_data["default_account_revenue"]
        receipt._book_to(income, "Drinks")
        line = self._line(33, "x", partner_name="Shop")
        self.assertIn("Take back the receipt", line.gym_hint)
        back = self._entry(
            33, name="Shop", direction="DBIT", code="AC03", end_to_end_id="E-3"
        )
        (taken,) = self._import(back)
        self.assertEqual(taken.reversed_id, receipt)
        taken.action_book()
        self.assertIn("took this money back on", line.gym_hint)

    # === SUMS === #

    def _parts(self, *invoices):
        return [
            self._entry(100, text=one.name, booking="SUM", name=one.partner_id.name)
            for one in invoices
        ]

    def test_sum_without_one_of_its_payments(self):
        """One payment is no member's: the line says how much waits, and does not call
        for taking back; with the payment again it is matched."""
        self._look_first()
        first, second = self._create_invoice(self.anna), self._create_invoice(self.ben)
        receipts = self._import(*self._parts(first, second), is_batch=True)
        line = self._line(200, "Sum of the day")
        one, two = receipts
        one.action_book()
        self.assertIn("1 of which are not booked", line.gym_hint)
        two._put_aside("A gift")
        line.invalidate_recordset()
        self.assertIn("Payments of", line.gym_hint)
        self.assertIn(line.currency_id.format(100), line.gym_hint)
        self.assertFalse(self._shares(line))
        two.action_restore()
        two.action_book()
        self.assertEqual(len(self._shares(line)), 2)
        line.reconcile_bank_line()
        self.assertEqual(self._on_bank(), 200)

    def test_sum_whose_payment_was_taken_back(self):
        """It waits in Receipts, and the line for it."""
        first, second = self._create_invoice(self.anna), self._create_invoice(self.ben)
        receipts = self._import(*self._parts(first, second), is_batch=True)
        self._look_first()
        line = self._line(200, "Sum of the day")
        receipts[0].action_take_back()
        self.assertEqual(receipts[0].state, "proposed")
        self.assertIn("1 of which are not booked", line.gym_hint)
        receipts[0].action_book()
        line.invalidate_recordset()
        self.assertEqual(len(self._shares(line)), 2)

    def test_payment_of_another_amount(self):
        """A payment by hand of which a part is matched elsewhere: no word of the bank's
        own account, where it is not."""
        self._look_first()
        first, second = self._create_invoice(self.anna), self._create_invoice(self.ben)
        receipts = self._import(*self._parts(first, second), is_batch=True)
        receipts.action_book()
        line = self._line(200, "Sum of the day")
        receipts[0].payment_id.action_draft()
        receipts[0].payment_id.action_cancel()
        line.invalidate_recordset()
        self.assertIn("Payments of", line.gym_hint)

    def test_sum_matched_before_the_advice(self):
        """An accountant has matched the sum with the invoices: the advice pays nothing."""
        first, second = self._create_invoice(self.anna), self._create_invoice(self.ben)
        line = self._line(200, f"Sum {first.name} {second.name}")
        self.assertTrue(line.is_reconciled)
        self._assert_paid(first, second)
        receipts = self._import(*self._parts(first, second), is_batch=True)
        self.assertEqual(receipts.mapped("state"), ["ignored", "ignored"])
        self.assertEqual(self._on_bank(), 200)
        self.assertEqual(self._owes(self.anna) + self._owes(self.ben), 0)

    def test_whole_then_its_parts(self):
        """The statement has a booking as a whole, in Receipts and as a line of that
        number; the advice has its payments: the line is matched with these."""
        first, second = self._create_invoice(self.anna), self._create_invoice(self.ben)
        parts = self._parts(first, second)
        content = without_details(camt053(parts, is_batch=True, account=BANK_IBAN))
        noted = f"Account Servicer Reference (Refs/AcctSvcrRef): {'SUM'}"
        line = self._line(200, "Sum of the day", narration=noted)
        whole = self.env["gym.receipt.file"]._import_one("s.xml", content).receipt_ids
        self.assertEqual((whole.state, whole.statement_line_id), ("ignored", line))
        receipts = self._import(*parts, is_batch=True)
        self.assertEqual(line.gym_receipt_ids, receipts)
        self.assertEqual(set(receipts.mapped("state")), {"booked"})
        self.assertEqual(len(self._shares(line)), 2)
        line.reconcile_bank_line()
        self.assertTrue(line.is_reconciled)
        self.assertEqual(self._on_bank(), 200)

    # === WHICH IS ASKED FIRST === #

    def test_booked_and_in_another_statement(self):
        """Who took the receipt up said that it is other money than the first line's: the
        second one is the receipt's, though the first looks the same."""
        self._look_first()
        invoice = self._create_invoice(self.anna)
        entry = self._entry(100, text=invoice.name, name="Anna Wolf")
        self._statement(entry)
        (receipt,) = self._import(entry)
        self.assertEqual(receipt.state, "ignored")
        receipt.action_restore()
        receipt.action_match()
        receipt.action_book()
        (line,) = self._statement(entry, message_id="S-2")
        self.assertEqual(line.gym_receipt_ids, receipt)
        self.assertFalse(line.gym_hint)
        self.assertEqual(
            self._shares(line), [(receipt.payment_id.move_id.display_name, 100)]
        )
        with self.subTest("and the next time it is the same money again"):
            (third,) = self._statement(entry, message_id="S-3")
            self.assertIn("stands in the bank's statement already", third.gym_hint)

    # === WHERE FILES ARE READ === #

    def test_import_where_statements_are_read(self):
        """Old books lead to the OCA's import, but where receipts are read here, and for
        who may not import there."""
        books = self.env["gym.bank.books"]
        theirs = "account.statement.import"
        self.assertEqual(books._import_action()["res_model"], theirs)
        self.assertTrue(books._import_action()["id"])
        clerk = new_test_user(
            self.env,
            "clerk",
            "gym_dunning.group_dunning_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        ours = "gym.receipt.import"
        self.assertEqual(books.with_user(clerk)._import_action()["res_model"], ours)
        self._import(self._entry(1))
        self.assertEqual(books._import_action()["res_model"], ours)

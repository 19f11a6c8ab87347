from odoo.tests import tagged

from .common_statement import TODAY, StatementCommon, camt054


@tagged("post_install", "-at_install")
class TestStatementTwice(StatementCommon):
    """Issue 16.7: who imports statements with the OCA's modules imports nothing twice."""

    # === BOOKED IN RECEIPTS === #

    def test_receipts_first(self):
        """What was booked in Receipts is matched with that payment, not with the invoice
        once more; the bank has the money once."""
        invoice = self._create_invoice(self.anna)
        self._create_invoice(self.anna, amount=70)
        entry = self._entry(100, text=invoice.name, name="Anna Wolf")
        (receipt,) = self._import(entry)
        self.assertEqual(receipt.state, "booked")
        (line,) = self._statement(entry)
        self.assertTrue(line.is_reconciled)
        self.assertEqual(line.gym_receipt_ids, receipt)
        self.assertTrue(receipt.payment_id.is_matched)
        self.assertEqual(self._on_bank(), 100)
        self.assertEqual(self._owes(self.anna), 70)
        with self.subTest("unreconciled, the payment is proposed again"):
            line.unreconcile_bank_line()
            self._assert_paid(invoice)
            self.assertEqual(
                self._shares(line), [(receipt.payment_id.move_id.display_name, 100)]
            )
        with self.subTest("taken back, the line pays the invoice"):
            receipt.action_take_back()
            self.assertEqual(receipt.state, "ignored")
            self.assertEqual(self._shares(line), [(invoice.display_name, 100)])
            line.reconcile_bank_line()
            self._assert_paid(invoice)
            self.assertEqual(self._on_bank(), 100)

    def test_taken_back_first(self):
        """A receipt that was taken back leaves its money to the statement."""
        invoice = self._create_invoice(self.anna)
        entry = self._entry(100, text=invoice.name, name="Anna Wolf")
        (receipt,) = self._import(entry)
        receipt.action_take_back()
        (line,) = self._statement(entry)
        self.assertEqual(receipt.state, "ignored")
        self.assertTrue(line.is_reconciled)
        self._assert_paid(invoice)
        self.assertEqual(self._on_bank(), 100)

    def test_straight_on_the_bank(self):
        """Booked straight on the account of the bank: a sentence, and no money twice."""
        way = self.bank.inbound_payment_method_line_ids
        way.payment_account_id = self.bank.default_account_id
        invoice = self._create_invoice(self.anna)
        entry = self._entry(100, text=invoice.name, name="Anna Wolf")
        (receipt,) = self._import(entry)
        self.assertEqual(
            receipt.payment_id.outstanding_account_id, self.bank.default_account_id
        )
        (line,) = self._statement(entry)
        self.assertFalse(line.is_reconciled)
        self.assertFalse(self._shares(line))
        self.assertIn("Take back the receipt", line.gym_hint)
        receipt.action_take_back()
        line.invalidate_recordset()
        self.assertEqual(self._shares(line), [(invoice.display_name, 100)])
        self.assertFalse(line.gym_hint)

    def test_no_members_money(self):
        """What was booked to an account stands on the bank's own: the same sentence."""
        (receipt,) = self._import(self._entry(33, name="Interest"))
        receipt._book_to(
            self.env["account.account"].search(
                [("account_type", "=", "income")], limit=1
            ),
            "Interest",
        )
        line = self._line(33, "x", partner_name="Interest")
        self.assertIn("Take back the receipt", line.gym_hint)

    def test_sum_of_the_statement(self):
        """The advice has the payments, the statement their sum: one with the other."""
        first, second = self._create_invoice(self.anna), self._create_invoice(self.ben)
        receipts = self._import(
            self._entry(100, text=first.name, booking="SUM", name="Anna Wolf"),
            self._entry(100, text=second.name, booking="SUM", name="Ben Kent"),
            is_batch=True,
        )
        line = self._line(200, "Sum of the day")
        self.assertTrue(line.is_reconciled)
        self.assertTrue(all(receipts.payment_ids.mapped("is_matched")))
        self.assertEqual(self._on_bank(), 200)

    def test_sum_waits_for_its_payments(self):
        """As long as some of the payments wait in the list, the sum says so."""
        invoice = self._create_invoice(self.anna)
        line = self._line(200, "Sum of the day")
        receipts = self._import(
            self._entry(100, text=invoice.name, booking="SUM", name="Anna Wolf"),
            self._entry(100, booking="SUM", name="Stranger"),
            is_batch=True,
        )
        self.assertEqual(sorted(receipts.mapped("state")), ["booked", "unmatched"])
        self.assertIn("Book them in Receipts", line.gym_hint)
        self.assertFalse(self._shares(line))
        receipts.filtered(lambda one: one.state != "booked").action_assign(self.ben)
        line.invalidate_recordset()
        self.assertEqual(len(self._shares(line)), 2)
        line.reconcile_bank_line()
        self.assertEqual(self._on_bank(), 200)

    def test_entered_by_hand(self):
        """A payment that a clerk registered waits for the statement: it is proposed."""
        invoice = self._create_invoice(self.anna)
        payment = self._pay(invoice)
        line = self._line(100, invoice.name)
        self.assertFalse(line.is_reconciled)
        self.assertIn(payment.display_name, line.gym_hint)
        self.assertEqual(self._shares(line), [(payment.move_id.display_name, 100)])
        line.reconcile_bank_line()
        self.assertEqual(self._on_bank(), 100)

    def _pay(self, invoice):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        payment = wizard.create(
            {"journal_id": self.bank.id, "payment_date": TODAY}
        )._create_payments()
        self.assertTrue(payment.move_id)
        return payment

    # === IN A STATEMENT ALREADY === #

    def test_statement_first(self):
        """A file imported in Receipts afterwards books nothing of it."""
        invoice = self._create_invoice(self.anna)
        entry = self._entry(100, text=invoice.name, name="Anna Wolf")
        (line,) = self._statement(entry)
        self._assert_paid(invoice)
        (receipt,) = self._import(entry)
        self.assertEqual(receipt.state, "ignored")
        self.assertIn(line.move_id.name, receipt.note)
        self.assertEqual(self._on_bank(), 100)

    def test_by_the_banks_own_number(self):
        """Neither name nor reference: the bank's number is enough."""
        (line,) = self._statement(self._entry(45, name="", booking="NTRY-45"))
        self.assertFalse(line.partner_name)
        noted = f"Account Servicer Reference (Refs/AcctSvcrRef): {'NTRY-45'}"
        line.narration = noted
        (receipt,) = self._import(self._entry(45, name="", booking="NTRY-45"))
        self.assertEqual(receipt.statement_line_id, line)

    # === TWO STATEMENTS === #

    def test_file_twice(self):
        """The OCA's reader takes a file twice; what it names is not paid again, and the
        line says what to do. Two real payments of one amount are two."""
        invoice = self._create_invoice(self.anna)
        later = self._create_invoice(self.anna)
        entries = [
            self._entry(100, text=invoice.name, name="Anna Wolf"),
            self._entry(100, text=invoice.name, name="Anna Wolf"),
        ]
        one, two = self._statement(*entries)
        self.assertTrue(one.is_reconciled and two.is_reconciled)
        self._assert_paid(invoice, later)
        third = self._create_invoice(self.anna)
        again = self._statement(*entries, build=camt054)
        self.assertEqual(again.mapped("is_reconciled"), [False, False])
        self.assertIn(one.move_id.name, again[0].gym_hint)
        self.assertIn(two.move_id.name, again[1].gym_hint)
        self.assertFalse(self._shares(again[0]))
        self.assertEqual(third.amount_residual, 100)

    def test_statement_deleted(self):
        """The statement's lines are deleted and imported again: paid again."""
        invoice = self._create_invoice(self.anna)
        entry = self._entry(100, text=invoice.name, name="Anna Wolf")
        (line,) = self._statement(entry)
        statement = line.statement_id
        statement.line_ids.unlink()
        statement.unlink()
        self.assertEqual(invoice.amount_residual, 100)
        (line,) = self._statement(entry)
        self.assertTrue(line.is_reconciled)
        self._assert_paid(invoice)
        self.assertEqual(self._on_bank(), 100)

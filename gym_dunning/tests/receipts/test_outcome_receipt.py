"""Issue 19, point 2: what the bank's files brought after a reminder."""

from datetime import timedelta

from .common_receipts import IBANS, TODAY, ReceiptsCommon

LATER = TODAY + timedelta(days=4)


class TestOutcomeReceipt(ReceiptsCommon):
    """Anna owes 100 and is reminded; then the bank's file tells of her transfer."""

    def setUp(self):
        super().setUp()
        self.invoice = self._create_invoice(self.anna)
        self.letter = self._reminder(self._generate(), self.anna)

    def _row(self):
        self.env.flush_all()
        outcomes = self.env["gym.dunning.outcome"]
        outcomes.invalidate_model()
        return outcomes.browse(self.letter.id)

    def _ways(self):
        """Return what is recovered, by receipt, by payment, and what all of it is
        called."""
        row = self._row()
        return row.amount_paid, row.amount_way_receipt, row.amount_way_payment, row.way

    def _received(self, amount=100, **values):
        (receipt,) = self._import(
            self._entry(amount, text=self.letter.name, date=LATER, **values)
        )
        if receipt.state != "booked":
            receipt.action_book()
        return receipt

    def test_receipt(self):
        """Point 2: what a bank's file told of is no other payment."""
        self._received()
        self.assertEqual(self._ways(), (100, 100, 0, "receipt"))
        self.assertEqual(self._row().days_to_pay, 4)

    def test_taken_back_by_a_clerk(self):
        """Point 2: a receipt that was taken back was not recovered; booked anew, it was."""
        receipt = self._received()
        receipt.action_take_back()
        self.assertEqual(self._ways(), (0, 0, 0, "nothing"))
        receipt.action_book()
        self.assertEqual(self._ways(), (100, 100, 0, "receipt"))

    def test_taken_back_by_the_bank(self):
        """Point 2: what the bank took back was not recovered; paid in cash, it is a
        payment."""
        self._received(end_to_end_id="E-1", iban=IBANS[2])
        back = {"direction": "DBIT", "end_to_end_id": "E-1", "iban": IBANS[2]}
        day = LATER + timedelta(days=3)
        (taken,) = self._import(self._entry(100, code="AC03", date=day, **back))
        taken.action_book()
        self.assertEqual(self._ways(), (0, 0, 0, "nothing"))
        self._pay(self.invoice, day=day + timedelta(days=1))
        self.assertEqual(self._ways(), (100, 0, 100, "payment"))

    def test_two_ways(self):
        """Point 2: each way has its own column."""
        self._received(60)
        self._pay(self.invoice, amount=40, day=LATER)
        self.assertEqual(self._ways(), (100, 60, 40, "mixed"))

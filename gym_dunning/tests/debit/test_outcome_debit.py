"""Issue 19, point 2: what direct debits brought after a reminder."""

from datetime import timedelta

from ..base.common import TODAY
from .common_debit import DebtorCommon


class TestOutcomeDebit(DebtorCommon):
    """Dora's debit came back, so she is reminded; then it is collected again."""

    def setUp(self):
        super().setUp()
        self._returned(self.am04)
        self.run = self._generate()
        self.letter = self._reminder(self.run, self.member)
        self.assertEqual(self.letter.amount_open, 100)

    def _row(self):
        self.env.flush_all()
        outcomes = self.env["gym.dunning.outcome"]
        outcomes.invalidate_model()
        return outcomes.browse(self.letter.id)

    def _ways(self):
        """Return what is recovered, by debit, by payment, and what all of it is called."""
        row = self._row()
        return row.amount_paid, row.amount_way_debit, row.amount_way_payment, row.way

    def _collected(self):
        return self._collect_paid(self.invoice, day=TODAY + timedelta(days=3))

    def test_debit(self):
        """Point 2: what the bank collected is no other payment."""
        order = self._collected()
        self.assertEqual(self._ways(), (100, 100, 0, "debit"))
        self.assertEqual(self._row().days_to_pay, (order.execution_date - TODAY).days)

    def test_returned_debit(self):
        """Examples: a debit that came back was not recovered; paid by transfer, it is a
        payment, and no debit any more."""
        order = self._collected()
        self._return(order, self.ac04)
        self.assertEqual(self._ways(), (0, 0, 0, "nothing"))
        self._pay(self.invoice, day=order.execution_date + timedelta(days=9))
        self.assertEqual(self._ways(), (100, 0, 100, "payment"))

    def test_partly_by_debit(self):
        """Point 2: what was paid before is taken off the debit; each has its column."""
        self._pay(self.invoice, amount=40, day=TODAY + timedelta(days=1))
        self._collected()
        self.assertEqual(self._ways(), (100, 60, 40, "mixed"))

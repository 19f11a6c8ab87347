from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.gym_dunning.tests.common import TODAY

from .common_oca import OcaCommon


@tagged("post_install", "-at_install")
class TestOcaReturns(OcaCommon):
    """A return takes back the payment of the payment order (debits 4 and 5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_debtor("Rea Return")
        cls.invoice = cls._create_invoice(cls.member)

    def setUp(self):
        super().setUp()
        self.order = self._feed(self.invoice)
        self.theirs = self.order.payment_order_id

    def test_open_again(self):
        """Their payment is reversed, the invoice open; another member's debit in the
        same payment order stays paid."""
        other = self._feed(self._create_invoice(self._create_debtor("Otto")))
        self._upload(self.theirs)
        self._return(self.order)
        self.assertEqual(self.order.state, "returned")
        self.assertEqual(self.invoice.amount_residual, 100.0)
        entry = self.order.payment_ids.move_id.reversal_move_ids
        self.assertEqual((entry.state, entry.date), ("posted", self.order.return_date))
        self.assertEqual(other.state, "paid")
        self.assertEqual(other.line_ids.move_id.amount_residual, 0.0)

    def test_collected_again(self):
        """A retryable return goes into the next payment order as a second attempt."""
        self._upload(self.theirs)
        self._return(self.order, day=TODAY + timedelta(days=16))
        day = TODAY + timedelta(days=30)
        self.assertEqual(self._debit_state(self.invoice, day), "retry")
        again = self._collect(self.invoice, day=day)
        again._put_into_batches()
        self.assertEqual(again.attempt, 2)
        self._upload(again.payment_order_id)
        self.assertEqual(again.state, "paid")
        self.assertEqual(self.invoice.amount_residual, 0.0)

    def test_hard_code_ends_their_mandate(self):
        """Account closed: the mandate is cancelled where it is kept."""
        self._upload(self.theirs)
        self._return(self.order, self.ac04)
        self.assertEqual(self.order.mandate_id.state, "cancelled")
        self.assertEqual(self.order.mandate_id.banking_mandate_id.state, "cancel")

    def test_review_is_ours(self):
        """A reason to look at the mandate stops our debits; theirs stays valid."""
        self._upload(self.theirs)
        self._return(self.order, self.env.ref("gym_dunning.debit_return_ac06"))
        mandate = self.order.mandate_id
        self.assertEqual(mandate.state, "review")
        self.assertEqual(mandate.banking_mandate_id.state, "valid")

    def test_not_cancelled_after_a_return(self):
        """A payment order whose debit came back was collected: no cancellation."""
        self._upload(self.theirs)
        self._return(self.order)
        with self.assertRaisesRegex(UserError, self.order.name):
            self.theirs.action_uploaded_cancel()

from datetime import timedelta

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.gym_dunning.tests.base.common import TODAY

from .common_oca import OcaCommon


@tagged("post_install", "-at_install")
class TestOcaFollowing(OcaCommon):
    """Our debits follow their payment order (debits 5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_debtor("Fio Follow")
        cls.invoice = cls._create_invoice(cls.member)
        cls.second = cls._create_invoice(cls.member, amount=50.0)

    def setUp(self):
        super().setUp()
        self.order = self._feed(self.invoice, self.second)
        self.theirs = self.order.payment_order_id

    def test_exported(self):
        """Confirmed and generated: one transaction for the debit, in a file that names
        the mandate."""
        self._confirm(self.theirs)
        self.assertEqual(self.order.state, "exported")
        file = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "account.payment.order"),
                ("res_id", "=", self.theirs.id),
            ]
        )
        tree = etree.fromstring(file.raw)
        self.assertEqual(tree.xpath("//*[local-name()='InstdAmt']/text()"), ["150.00"])
        self.assertEqual(
            tree.xpath("//*[local-name()='MndtId']/text()"),
            [self.order.mandate_id.name],
        )

    def test_paid(self):
        """Uploaded: their payment is ours, no other is made, the invoices are paid."""
        self._upload(self.theirs)
        self.assertEqual(self.order.state, "paid")
        self.assertEqual(self.order.paid_date, TODAY + timedelta(days=14))
        self.assertEqual(self.order.payment_ids, self.theirs.payment_ids)
        self.assertEqual(self.order.payment_ids.amount, 150.0)
        self.assertFalse(self.order.line_ids.filtered("in_flight"))
        self.assertEqual(self.invoice.amount_residual, 0.0)
        self.assertEqual(self.order.mandate_id.last_use_date, self.order.execution_date)

    def test_a_payment_collects_one_debit(self):
        """A line put in by hand for the same member is a payment of its own, although
        payment orders group by member."""
        third = self._create_invoice(self.member, amount=7.0)
        third.create_account_payment_line()
        lines = self._items(third).payment_line_ids
        lines.order_id = self.theirs
        self._upload(self.theirs)
        self.assertEqual(len(self.theirs.payment_ids), 2)
        self.assertEqual(self.order.payment_ids.amount, 150.0)

    def test_not_paid_before_upload(self):
        """Nobody books what the payment order has still to book."""
        self._confirm(self.theirs)
        with self.assertRaisesRegex(UserError, "as uploaded first"):
            self.order._set_paid(TODAY)
        with self.assertRaisesRegex(UserError, "as uploaded first"):
            self._return(self.order)

    def test_without_entries(self):
        """With the reconciliation of another module, a method without an outstanding
        account books nothing: the debit waits."""
        self.bank.inbound_payment_method_line_ids.payment_account_id = False
        # what modules with a bank reconciliation say
        self.patch(
            self.env.registry["account.move"],
            "_get_invoice_in_payment_state",
            lambda self: "in_payment",
        )
        self._upload(self.theirs)
        self.assertFalse(self.theirs.payment_ids.move_id)
        self.assertEqual(self.order.state, "exported")
        self._return(self.order)
        self.assertEqual(self.order.state, "returned")
        self.assertEqual(self.order.payment_ids.state, "canceled")

    def test_cancelled_before_upload(self):
        """Their cancellation before the booking: ours is a draft again and goes into
        another payment order."""
        self._confirm(self.theirs)
        self.theirs.action_cancel()
        self.assertEqual(self.order.state, "draft")
        self.assertFalse(self.order.payment_order_id)
        self.order._put_into_batches()
        self.assertNotEqual(self.order.payment_order_id, self.theirs)
        self.assertFalse(self.theirs.payment_line_ids)
        self._upload(self.order.payment_order_id)
        self.assertEqual(len(self.order.payment_ids), 1)

    def test_reopened(self):
        """Cancelled by mistake: back in draft it collects the same debit."""
        self.theirs.action_cancel()
        self.theirs.cancel2draft()
        self.assertEqual(self.order.payment_order_id, self.theirs)
        self._upload(self.theirs)
        self.assertEqual(self.order.state, "paid")

    def test_cancelled_after_upload(self):
        """The bank refused the file: the invoices are open again, the debit is given
        up, and cannot be collected by the old payment order."""
        self._upload(self.theirs)
        self.theirs.action_uploaded_cancel()
        self.assertEqual(self.order.state, "cancelled")
        self.assertFalse(self.order.payment_ids)
        self.assertEqual(self.invoice.amount_residual, 100.0)
        self.assertEqual(self._debit_state(self.invoice), "waiting")
        self.theirs.cancel2draft()
        with self.assertRaisesRegex(UserError, "Remove the line"):
            self.theirs.draft2open()

    def test_deleted(self):
        """Their order is deleted: ours is a draft that stands nowhere."""
        self._confirm(self.theirs)
        self.theirs.unlink()
        self.assertEqual(self.order.state, "draft")
        self.assertFalse(self.order.payment_line_ids)

    def test_line_removed(self):
        """A debit is collected as a whole: with one line go its others."""
        other = self._feed(self._create_invoice(self._create_debtor("Otto")))
        self.assertEqual(other.payment_order_id, self.theirs)
        self.order.payment_line_ids[0].unlink()
        self.assertEqual(self.theirs.payment_line_ids, other.payment_line_ids)
        self.assertEqual(self.order.state, "draft")
        self.assertFalse(self.order.payment_order_id)

    def test_our_cancellation(self):
        """A debit given up here is taken out there, as long as nothing is confirmed."""
        self.order.action_cancel()
        self.assertFalse(self.theirs.payment_line_ids)
        other = self._feed(self._create_invoice(self._create_debtor("Otto")))
        self._confirm(other.payment_order_id)
        with self.assertRaises(UserError):
            other.action_cancel()

    def test_not_confirmed_with_another_amount(self):
        """Somebody changed their line: the payment order is not confirmed, and says
        which line."""
        line = self.order.payment_line_ids[0]
        line.amount_currency += 1
        with self.assertRaisesRegex(UserError, f"Remove the line {line.name}"):
            self.theirs.draft2open()

    def test_paid_before_it_is_confirmed(self):
        """What was paid meanwhile, wholly or in part, is not collected."""
        self._pay(self.invoice, 30.0)
        self._pay(self.second, 50.0)
        self._confirm(self.theirs)
        self.assertEqual(self.order.amount, 70.0)
        self.assertEqual(self.theirs.payment_ids.amount, 70.0)

    def test_all_paid_before_it_is_confirmed(self):
        """A debit of which nothing is left is cancelled, the others are collected."""
        other = self._feed(self._create_invoice(self._create_debtor("Otto")))
        self._pay(self.invoice, 100.0)
        self._pay(self.second, 50.0)
        self._confirm(self.theirs)
        self.assertEqual(self.order.state, "cancelled")
        self.assertEqual(self.theirs.payment_line_ids, other.payment_line_ids)

    def _pay(self, invoice, amount):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"amount": amount})._create_payments()

    def test_not_confirmed_under_review(self):
        """A mandate under review is not used although theirs is valid."""
        self.order.mandate_id._set_state("review")
        with self.assertRaisesRegex(UserError, "is not valid"):
            self.theirs.draft2open()

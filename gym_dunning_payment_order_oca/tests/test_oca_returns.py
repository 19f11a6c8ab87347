import re
from datetime import timedelta

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.gym_dunning.tests.base.common import TODAY
from odoo.addons.gym_dunning.tests.debit.debit_files import camt054, pain002

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

    # === FILES OF THE BANK === #

    def _import(self, content):
        files = self.env["gym.debit.return.file"]
        return files._import("returns.xml", content, self.company).return_ids

    def _entry(self, number, amount="100.00"):
        return {"end_to_end_id": str(number), "amount": amount, "code": "AM04"}

    def _end_to_end_id(self):
        """What the payment order's file names the debit."""
        file = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "account.payment.order"),
                ("res_id", "=", self.theirs.id),
            ]
        )
        tree = etree.fromstring(file.raw)
        return tree.xpath("string(//*[local-name()='EndToEndId'])")

    def test_matched_by_their_number(self):
        """The bank names the payment of the payment order: the debit is found by it,
        and by our own number as well."""
        self._upload(self.theirs)
        row = self._import(camt054([self._entry(self._end_to_end_id())]))
        self.assertEqual((row.state, row.order_id), ("booked", self.order))
        self.assertEqual(self.order.state, "returned")
        self.assertEqual(self.invoice.amount_residual, 100.0)

    def test_other_numbers(self):
        """A number of no payment, of a payment that is no debit's, or of another
        amount is listed as unmatched."""
        self._upload(self.theirs)
        number = self._end_to_end_id()
        other = self.env["account.payment"].create(
            {
                "partner_id": self.member.id,
                "amount": 100.0,
                "currency_id": self.euro.id,
                "journal_id": self.bank.id,
            }
        )
        entries = [
            self._entry(other.id),
            self._entry("99999999999999999999"),
            self._entry("²"),
            self._entry(number, "99.00"),
        ]
        rows = self._import(camt054(entries))
        self.assertEqual(set(rows.mapped("state")), {"unmatched"})
        self.assertEqual(self.order.state, "paid")

    def test_in_part(self):
        """Without grouping a debit is several transactions; one that comes back is
        listed, and nothing is booked."""
        self.mode.group_lines = False
        self.order._add_items(
            self._items(self._create_invoice(self.member, amount=50.0))
        )
        self._upload(self.theirs)
        self.assertEqual(len(self.order.payment_ids), 2)
        content = pain002([self._entry(self._end_to_end_id())])
        # where the bank names no amount, the number alone must not do
        row = self._import(re.sub(b"<Amt>.*</Amt>", b"", content))
        self.assertEqual((row.state, row.amount), ("unmatched", 0.0))
        self.assertEqual(self.order.state, "paid")

    def test_not_uploaded(self):
        """Nothing can come back before the payments are booked: the entry waits with a
        sentence on what to do."""
        self._confirm(self.theirs)
        row = self._import(camt054([self._entry(self._end_to_end_id())]))
        self.assertEqual(row.state, "failed")
        self.assertIn("as uploaded first", row.message)

    def test_whole_file_rejected(self):
        """A file that the bank rejects as a whole is the payment order's."""
        other = self._feed(self._create_invoice(self._create_debtor("Otto")))
        self._upload(self.theirs)
        content = pain002([], original=self.theirs.name, group=("RJCT", "FF01"))
        rows = self._import(content)
        self.assertEqual(set(rows.mapped("state")), {"booked"})
        self.assertEqual(rows.order_id, self.order | other)

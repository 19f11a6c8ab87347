from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.gym_dunning.tests.base.common import TODAY

from .common_oca import OcaCommon


@tagged("post_install", "-at_install")
class TestOcaFeeding(OcaCommon):
    """Debits go into payment orders, item by item (debits 5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_debtor("Fay Feed")
        cls.invoice = cls._create_invoice(cls.member)

    def test_line_by_line(self):
        """One line per item, with its amount, the mandate, and our number in the
        text."""
        second = self._create_invoice(self.member, amount=50.0)
        order = self._feed(self.invoice, second)
        mandate = order.mandate_id.banking_mandate_id
        common = {
            "partner_id": self.member.id,
            "mandate_id": mandate.id,
            "partner_bank_id": mandate.partner_bank_id.id,
            "currency_id": self.euro.id,
        }
        self.assertRecordValues(
            order.payment_line_ids.sorted("amount_currency"),
            [
                common
                | {
                    "move_line_id": self._items(invoice).id,
                    "amount_currency": amount,
                    "communication": f"{order.name} {invoice.payment_reference}",
                }
                for invoice, amount in ((second, 50.0), (self.invoice, 100.0))
            ],
        )

    def test_payment_order(self):
        """A draft of the invoice's payment mode, for the announced day."""
        order = self._feed(self.invoice)
        self.assertRecordValues(
            order.payment_order_id,
            [
                {
                    "payment_mode_id": self.mode.id,
                    "journal_id": self.bank.id,
                    "state": "draft",
                    "date_prefered": "fixed",
                    "date_scheduled": TODAY + timedelta(days=14),
                }
            ],
        )
        self.assertEqual(order.state, "draft")

    def test_one_for_each_mode_and_day(self):
        """Debits of one mode and day share a payment order; others have their own."""
        other_mode = self._create_mode(self.company, name="Other")
        first = self._collect(self.invoice)
        second = self._collect(self._create_invoice(self._create_debtor("Fred")))
        later = self._collect(
            self._create_invoice(self._create_debtor("Flo")),
            day=TODAY + timedelta(days=1),
        )
        other = self._collect(
            self._create_invoice(
                self._create_debtor("Fin"), payment_mode_id=other_mode.id
            )
        )
        found, __ = (first | second | later | other)._put_into_payment_orders()
        self.assertEqual(len(found), 3)
        self.assertEqual(first.payment_order_id, second.payment_order_id)
        self.assertEqual(other.payment_order_id.payment_mode_id, other_mode)

    def test_once(self):
        """What is in a payment order is not put in again."""
        order = self._feed(self.invoice)
        self.assertFalse(order._put_into_payment_orders()[0])
        self.assertEqual(len(order.payment_line_ids), 1)

    def test_never_in_the_past(self):
        """A debit that was put in too late is collected as soon as possible."""
        order = self._collect(self.invoice)
        order.sudo().execution_date = TODAY - timedelta(days=3)
        order._put_into_batches()
        self.assertEqual(order.payment_order_id.date_scheduled, TODAY)

    def test_fee_comes_later(self):
        """The reminder's fee, booked when the letter goes out, is collected with it,
        without a payment mode of its own."""
        order = self._feed(self.invoice)
        fee = self._create_invoice(self.member, amount=20.0, payment_mode_id=False)
        order._add_items(self._items(fee))
        self.assertEqual(
            order.payment_line_ids.mapped("amount_currency"), [100.0, 20.0]
        )
        self._upload(order.payment_order_id)
        self.assertEqual(order.payment_ids.amount, 120.0)
        self.assertEqual(fee.amount_residual, 0.0)

    def test_refused_with_reasons(self):
        """A mandate that ended or a missing payment mode is named; by hand nothing is
        put in then, a run puts in the others and notes why not."""
        orders = [
            self._collect(self._create_invoice(self._create_debtor(name)))
            for name in ("Ann Ended", "Gus Good")
        ]
        ended, good = orders
        ended.mandate_id.banking_mandate_id.cancel()
        with self.assertRaises(UserError) as refused:
            (ended | good).action_put_into_batches()
        self.assertIn("Ann Ended", str(refused.exception))
        self.assertNotIn("Gus Good", str(refused.exception))
        self.assertFalse((ended | good).payment_line_ids)
        self.assertFalse((ended | good)._put_into_batches())
        self.assertTrue(good.payment_order_id)
        self.assertIn("is not valid", ended.message_ids[0].body)
        order = self._collect(self.invoice)
        self.mode.payment_order_ok = False
        with self.assertRaisesRegex(UserError, "has no payment mode for direct debits"):
            order.action_put_into_batches()

    def test_paid_meanwhile(self):
        """What was paid since the debit was planned is not collected."""
        order = self._collect(self.invoice)
        self._pay(self.invoice)
        self.assertFalse(order._put_into_batches())
        self.assertEqual(order.state, "cancelled")
        self.assertFalse(order.payment_line_ids)

    def test_by_the_run(self):
        """A run with direct debits puts its debits into payment orders; no batch."""
        run = self._generate(include_direct_debit=True)
        order = run.reminder_ids.debit_order_ids
        self.assertEqual(order.payment_order_id.state, "draft")
        self.assertFalse(order.batch_id)

    def test_shown(self):
        """Put in by hand, the payment orders are shown."""
        order = self._collect(self.invoice)
        action = order.action_put_into_batches()
        self.assertEqual(action["res_model"], "account.payment.order")
        self.assertEqual(action["res_id"], order.payment_order_id.id)
        with self.assertRaisesRegex(UserError, "Nothing to put"):
            order.action_put_into_batches()

    def test_taken_out(self):
        """A draft is taken out and put in again."""
        order = self._feed(self.invoice)
        theirs = order.payment_order_id
        order.action_take_out()
        self.assertFalse(theirs.payment_line_ids)
        order.action_put_into_batches()
        self.assertEqual(order.payment_order_id, theirs)

    def test_moved(self):
        """Another day is another payment order."""
        order = self._feed(self.invoice)
        theirs = order.payment_order_id
        day = TODAY + timedelta(days=21)
        order._move(day)
        self.assertFalse(theirs.payment_line_ids)
        self.assertEqual(order.payment_order_id.date_scheduled, day)

    def _pay(self, invoice):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"journal_id": self.bank.id})._create_payments()

    def test_not_twice_by_hand(self):
        """An item of our debit cannot be put into a payment order by hand, and an item
        that was is under way for us: no second debit either way."""
        order = self._collect(self.invoice)
        with self.assertRaises(ValidationError) as refused:
            self.invoice.create_account_payment_line()
        self.assertIn(order.name, str(refused.exception))
        order.action_cancel()
        self.invoice.create_account_payment_line()
        self.assertEqual(self._debit_state(self.invoice), "in_flight")
        items = self._items(self.invoice)
        self.assertFalse(self.env["gym.debit.plan"]._collectable(items, TODAY))

    def test_way_to_pay(self):
        """Who pays by direct debit is what the payment mode says."""
        line = self.bank.inbound_payment_method_line_ids.filtered(
            lambda one: one.payment_method_id == self.sepa
        )
        self.assertEqual(self.invoice.preferred_payment_method_line_id, line)
        self.assertEqual(self._debit_state(self.invoice), "waiting")
        other = self._create_invoice(self._create_member("Tom Transfer"))
        self.assertFalse(self._debit_state(other))

    def test_variable_bank(self):
        """Where the mode leaves the bank open, it is the one of direct debits."""
        self.mode.write(
            {
                "bank_account_link": "variable",
                "fixed_journal_id": False,
                "variable_journal_ids": self.company_data["default_journal_bank"]
                | self.bank,
            }
        )
        order = self._feed(self._create_invoice(self.member))
        self.assertEqual(order.payment_order_id.journal_id, self.bank)

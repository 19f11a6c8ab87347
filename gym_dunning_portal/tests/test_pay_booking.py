"""What an online payment leaves in the books: the one gate (issue 18, point 3)."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.gym_dunning.tests.base.common import TODAY

from .common_pay import PayCommon


class TestPayBooking(PayCommon):
    """Issue 18, 3: booked once to the debtor, oldest first, whoever paid."""

    def _open(self, *moves):
        return [move.amount_residual for move in moves]

    def test_amount_is_the_servers(self):
        """Issue 18, faults: an amount from the browser is never trusted."""
        transaction = self._begin(self._lines(self.old, self.new))
        self.assertEqual(transaction.amount, 159)
        self.assertEqual(transaction.currency_id, self.company.currency_id)

    def test_all_items(self):
        """Issue 18, 3: all items are paid by one payment, on the day."""
        transaction = self._pay_online(self._lines(self.old, self.new))
        self.assertEqual(self._open(self.old, self.new), [0, 0])
        [payment] = transaction.gym_payment_ids
        self.assertEqual(payment, transaction.payment_id)
        self.assertEqual((payment.amount, payment.date), (159, TODAY))
        self.assertEqual(payment.journal_id, self.provider.journal_id)
        self.assertEqual(
            payment.payment_method_line_id.payment_provider_id, self.provider
        )
        self.assertFalse(self._rows(transaction))

    def test_chosen_item(self):
        """Issue 18, 3: only what was chosen is paid, though something is older."""
        self._pay_online(self._lines(self.new))
        self.assertEqual(self._open(self.old, self.new), [100, 0])

    def test_booked_once(self):
        """Issue 18, 3: whoever looks at it again books nothing."""
        transaction = self._pay_online(self._lines(self.old))
        transaction._post_process()
        self._answer(transaction, "done")
        self.assertEqual(len(transaction.gym_payment_ids), 1)

    def test_guardian_pays_for_children(self):
        """Market 7.2: the guardian pays, the money is booked to each child."""
        guardian = self._create_member("Gerda Wolf", member_status_id=False)
        other = self._create_invoice(self._create_member("Tim Wolf"), amount=30)
        lines = self._lines(self.old, other)
        transaction = self._pay_online(lines, payer=guardian)
        self.assertEqual(self._open(self.old, other), [0, 0])
        payments = transaction.gym_payment_ids
        self.assertEqual(payments.partner_id, lines.partner_id)
        self.assertEqual(sorted(payments.mapped("amount")), [30, 100])
        self.assertEqual(self._owes(guardian), 0)

    def test_fee_entry_on_another_account(self):
        """Market 7.2: a fee or opening balance is no invoice, and may stand on another
        account."""
        receivable = self.company_data["default_account_receivable"]
        other = receivable.copy({"code": "1299", "name": "Old system"})
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-01-01",
                "line_ids": [
                    Command.create(
                        {
                            "partner_id": self.anna.id,
                            "account_id": other.id,
                            "debit": 25,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_revenue"
                            ].id,
                            "credit": 25,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        transaction = self._pay_online(self._lines(self.old, entry))
        self.assertEqual(self.old.amount_residual, 0)
        self.assertTrue(all(self._lines(entry).mapped("reconciled")))
        self.assertEqual(len(transaction.gym_payment_ids), 2)

    def test_instalments(self):
        """Market 7.1: an instalment that is due is paid, not the whole invoice."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Two",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (0, 60)
                ],
            }
        )
        invoice = self._create_invoice(self.anna, invoice_payment_term_id=term.id)
        first = self._lines(invoice).sorted("date_maturity")[0]
        self._pay_online(first)
        self.assertEqual(invoice.amount_residual, 50)
        self.assertTrue(first.reconciled)

    def test_credit_lessens_the_amount(self):
        """Issue 18, 2 and 3: a credit that is open is taken off, and used."""
        credit = self.env["account.payment"].create(
            {
                "partner_id": self.anna.id,
                "partner_type": "customer",
                "payment_type": "inbound",
                "amount": 20,
                "date": TODAY,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        credit.action_post()
        lines = self._lines(self.old, self.new, credit.move_id)
        transaction = self._pay_online(lines)
        self.assertEqual(transaction.amount, 139)
        self.assertEqual(self._open(self.old, self.new), [0, 0])
        self.assertTrue(all(lines.mapped("reconciled")))

    def test_credit_of_another(self):
        """Issue 18, 3: one child's credit does not pay for the other: nothing is left
        open of what was paid."""
        tim = self._create_member("Tim Wolf")
        other = self._create_invoice(tim, amount=100)
        credit = self._create_credit(self.anna, 200)
        lines = self._lines(self.old, self.new, other, credit)
        transaction = self._pay_online(lines)
        self.assertEqual(transaction.amount, 100)
        self.assertEqual(self._open(self.old, self.new, other), [0, 0, 0])
        self.assertEqual((self._owes(self.anna), self._owes(tim)), (-41, 0))

    def test_credit_covers_all(self):
        """Issue 18, 3: what a credit covers is not paid."""
        lines = self._lines(self.old, self._create_credit(self.anna, 200))
        with self.assertRaisesRegex(UserError, "credit covers"):
            self._begin(lines)

    def test_paid_otherwise_meanwhile(self):
        """Issue 18, 3: what was paid at the desk meanwhile stays as the debtor's credit,
        and it is said."""
        transaction = self._begin(self._lines(self.old, self.new))
        self._pay(self.old)
        self._answer(transaction, "done")
        self.assertEqual(self._open(self.old, self.new), [0, 0])
        self.assertEqual(self._owes(self.anna), -100)
        notes = self.anna.message_ids.mapped("body")
        self.assertTrue([note for note in notes if "stays as credit" in note])

    def test_whose_the_rest_is(self):
        """Issue 18, 3: of two children the rest is his whose item was paid otherwise."""
        tim = self._create_member("Tim Wolf")
        other = self._create_invoice(tim, amount=30)
        transaction = self._begin(self._lines(self.old, other))
        self._pay(other)
        self._answer(transaction, "done")
        self.assertEqual((self._owes(self.anna), self._owes(tim)), (59, -30))
        notes = tim.message_ids.mapped("body")
        self.assertTrue([note for note in notes if "stays as credit" in note])

    def test_all_paid_otherwise(self):
        """Issue 18, 3: nothing is lost where all was paid otherwise: it is the
        debtor's, not the payer's."""
        guardian = self._create_member("Gerda Wolf", member_status_id=False)
        transaction = self._begin(self._lines(self.old), payer=guardian)
        self._pay(self.old)
        self._answer(transaction, "done")
        self.assertEqual(self._owes(self.anna), 59 - 100)
        self.assertEqual(transaction.payment_id.partner_id, self.anna)

    def test_items_gone(self):
        """Issue 18, 3: the invoice was taken back meanwhile: the money is a credit."""
        transaction = self._begin(self._lines(self.old))
        self.old.button_draft()
        self.old.button_cancel()
        self._answer(transaction, "done")
        self.assertEqual(self._owes(self.anna), 59 - 100)

    def test_booked_later(self):
        """Issue 18, speed: nothing is lost: what could not be booked waits, and is
        booked once the journal is there, however late."""
        transaction = self._begin(self._lines(self.old))
        journal = self.provider.journal_id
        self.provider.state = "disabled"  # in use, Odoo keeps its journal
        self.provider.journal_id = False
        data = {"reference": transaction.reference, "simulated_state": "done"}
        transaction._process("demo", data)
        with self.assertRaisesRegex(UserError, "has no journal"):
            transaction._post_process()
        transaction.is_post_processed = False  # as after the request's rollback
        self.provider.state = "test"
        self.provider.journal_id = journal
        transaction.last_state_change -= timedelta(days=20)
        with patch.object(self.env.cr, "commit"):
            self.env["payment.transaction"].sudo()._cron_post_process()
        self.assertEqual(self.old.amount_residual, 0)
        self.assertEqual(len(transaction.gym_payment_ids), 1)

    def test_paid_already(self):
        """Issue 18, 3: what is paid is not paid again; one of several neither."""
        self._pay(self.old)
        for lines in (self._lines(self.old), self._lines(self.old, self.new)):
            with self.assertRaisesRegex(UserError, f"{self.old.name} is paid already"):
                self._begin(lines)

    def test_closed_month(self):
        """16.3: in a closed month it is booked on the first open day."""
        self.company.fiscalyear_lock_date = TODAY
        transaction = self._pay_online(self._lines(self.old))
        self.assertEqual(str(transaction.payment_id.date), "2026-03-03")

    def test_holding_has_the_provider(self):
        """Market 7.5: a centre uses the provider of its holding."""
        centre = self._create_company(name="Centre", parent_id=self.company.id)
        self.env.user.company_ids += centre
        env = self.env(
            context=dict(
                self.env.context, allowed_company_ids=(self.company | centre).ids
            )
        )
        member = self._create_member("Cleo Kent", company_id=centre.id).with_env(env)
        invoice = self._create_invoice(member, company=centre)
        found = self.provider._get_compatible_providers(
            centre.id, member.id, 100, currency_id=centre.currency_id.id
        )
        self.assertIn(self.provider, found)
        transaction = self._pay_online(self._lines(invoice))
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(transaction.payment_id.company_id, centre)

    def test_others_are_odoos(self):
        """A payment without our items is booked by Odoo, as ever."""
        transaction = self._begin(
            self._lines(self.old)[:0],
            payer=self.anna,
            amount=100,
            currency_id=self.company.currency_id.id,
            invoice_ids=[Command.set(self.old.ids)],
        )
        self._answer(transaction, "done")
        self.assertEqual(self.old.amount_residual, 0)
        self.assertFalse(transaction.gym_debtor_id)

    def test_nobody_chooses_items_by_hand(self):
        """Issue 18, 3: who may write payments does not change what they pay."""
        transaction = self._begin(self._lines(self.old))
        with self.assertRaisesRegex(UserError, "by hand"):
            transaction.sudo(False).write(
                {"gym_item_ids": [Command.set(self._lines(self.new).ids)]}
            )


class TestPayBack(PayCommon):
    """Issue 18, 3: refund and chargeback open the items again, at their level."""

    def setUp(self):
        super().setUp()
        run = self._generate(TODAY)
        self._deliver(run)
        self.level = self._item(self.old).level_id
        self.assertTrue(self.level)
        self.transaction = self._pay_online(self._lines(self.old, self.new))

    def _refund(self, amount=None):
        refund = self.transaction._refund(amount)
        refund._post_process()
        return refund

    def _assert_open(self, **amounts):
        for name, amount in amounts.items():
            self.assertEqual(getattr(self, name).amount_residual, amount, name)

    def test_refund(self):
        """All goes back: all is open, nothing is a credit."""
        refund = self._refund()
        self._assert_open(old=100, new=59)
        self.assertEqual(self._item(self.old).level_id, self.level)
        self.assertEqual(refund.payment_id.payment_type, "outbound")
        self.assertEqual(self._owes(self.anna), 159)
        self.assertEqual(self._item(self.old).amount_residual, 100)
        self.assertEqual(self.transaction.payment_id.amount_available_for_refund, 0)

    def test_refund_in_part(self):
        """A part goes back: the youngest item is open for it."""
        self._refund(70)
        self._assert_open(old=11, new=59)
        self._refund(89)
        self._assert_open(old=100, new=59)

    def test_refund_of_what_was_left_over(self):
        """What stayed as credit goes back first: no item is open for it."""
        invoice = self._create_invoice(self.anna, amount=40)
        transaction = self._begin(self._lines(invoice))
        self._pay(invoice)
        self._answer(transaction, "done")
        self.assertEqual(self._owes(self.anna), -40)
        refund = transaction._refund()
        refund._post_process()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self._owes(self.anna), 0)

    def test_refund_fails(self):
        """Stripe: a refund that failed afterwards; the items are paid again."""
        refund = self._refund()
        refund._set_error("No such card", extra_allowed_states=("done",))
        refund._post_process()
        self._assert_open(old=0, new=0)

    def test_charged_back(self):
        """The bank of the member took the money away: open again, at its level."""
        self.transaction.action_gym_charged_back()
        self._assert_open(old=100, new=59)
        self.assertEqual(self._item(self.old).level_id, self.level)
        with self.assertRaisesRegex(UserError, "nothing of it stands"):
            self.transaction.action_gym_charged_back()
        # looked at again it is not booked again
        self.transaction._post_process()
        self._assert_open(old=100, new=59)
        # and may be paid again
        self._pay_online(self._lines(self.old, self.new))
        self._assert_open(old=0, new=0)

    def test_cancelled_by_the_provider(self):
        """Authorize.Net: voided after it was done, in a month that is closed."""
        self.company.fiscalyear_lock_date = TODAY
        self.transaction._set_canceled(extra_allowed_states=("done",))
        self.transaction._post_process()
        self._assert_open(old=100, new=59)

    def test_reversed_by_an_accountant(self):
        """Whoever undoes the payment in the books: the items are open."""
        self.transaction.payment_id.action_cancel()
        self._assert_open(old=100, new=59)
        self.assertEqual(self._item(self.old).level_id, self.level)


class TestPayAccess(PayCommon):
    """Issue 18, 3: access comes back at once, where the gym wants it."""

    def test_access(self):
        """Unblocked by paying, blocked again by the chargeback."""
        self.company.dunning_auto_unblock = True
        self.policy.block_mode = "auto"
        self._run_levels(3)
        self.assertFalse(self.anna.access_granted)
        items = self.env["gym.open.item"].search([("partner_id", "=", self.anna.id)])
        transaction = self._begin(items.move_line_id)
        self._answer(transaction, "pending")
        self.assertFalse(self.anna.access_granted)
        self._answer(transaction, "done")
        self.assertTrue(self.anna.access_granted)
        transaction.action_gym_charged_back()
        self.assertFalse(self.anna.access_granted)

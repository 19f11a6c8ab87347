"""Paid of a batch is taken back, as long as the next step has not happened."""

from datetime import timedelta

from odoo.exceptions import UserError

from ...models.debit import gym_debit_batch
from .common_debit_batch import DAY, BatchCommon


class TestDebitUndo(BatchCommon):
    """Issue 15: an undo for Paid of a batch."""

    def _paid(self, count=2):
        batch = self._exported(count)
        self._pay_all(batch)
        self.assertEqual(batch.state, "done")
        return batch

    def _items_of(self, batch):
        return batch.order_ids.line_ids.move_line_id

    def test_undone_and_paid_again(self):
        """Payments are cancelled the accounting's way, the items wait for the bank as
        before; paid again, on another day, they are settled once."""
        batch = self._paid()
        first = batch.order_ids.payment_ids
        batch.with_env(self._clerk_env()).action_undo_paid()
        self.assertRecordValues(batch, [{"state": "exported", "paid_date": False}])
        self.assertEqual(set(batch.order_ids.mapped("state")), {"exported"})
        self.assertFalse(any(batch.order_ids.mapped("paid_date")))
        self.assertEqual(set(first.mapped("state")), {"canceled"})
        self.assertEqual(set(first.move_id.mapped("state")), {"cancel"})
        for item in self._items_of(batch):
            self.assertEqual(item.amount_residual_currency, 100.0)
            self.assertEqual(self._item(item.move_id).hold_reason, "debit")
        self.assertEqual(set(batch.order_ids.line_ids.mapped("in_flight")), {True})
        self._pay_all(batch, DAY + timedelta(days=1))
        self.assertEqual(batch.state, "done")
        self.assertEqual(sum(self._items_of(batch).mapped("amount_residual")), 0.0)
        self.assertEqual(len(batch.order_ids.payment_ids - first), 2)
        batch.action_undo_paid()
        self.assertEqual(batch.state, "exported")

    def test_in_the_background(self):
        """A large batch goes by the worker, with the halving that the others have."""
        self.patch(gym_debit_batch, "AT_ONCE", 1)
        batch = self._paid(3)
        batch.action_undo_paid()
        self.assertEqual(batch.state, "done")
        with self.assertRaisesRegex(UserError, "already been started"):
            batch.action_undo_paid()
        self._work()
        self.assertEqual(batch.state, "exported")
        self.assertEqual(batch.process_id.done_count, 3)

    def test_returned_stays_returned(self):
        """What the bank returned is its answer; the others are undone."""
        batch = self._paid(2)
        lost, other = batch.order_ids.sorted("id")
        lost._set_returned(self.am04, DAY)
        batch.action_undo_paid()
        self.assertEqual((lost.state, other.state), ("returned", "exported"))
        self.assertEqual(batch.state, "exported")
        with self.assertRaisesRegex(UserError, "no debit that is paid"):
            batch.action_undo_paid()

    def _match(self, payment):
        """Match a payment with a line of a bank statement."""
        journal = payment.journal_id
        payment_line = payment._seek_for_lines()[0]
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "payment_ref": "Collected by the bank",
                "partner_id": payment.partner_id.id,
                "amount": payment.amount,
                "date": payment.date,
            }
        )
        __, suspense, __ = line._seek_for_lines()
        suspense.account_id = payment_line.account_id
        (suspense | payment_line).reconcile()
        return line

    def test_matched_with_the_bank(self):
        """A payment that the bank statement confirms stays, and the sentence names the
        line; after that reconciliation was undone it goes."""
        outstanding = self.company_data["default_account_assets"].copy(
            {"name": "Outstanding Receipts", "reconcile": True}
        )
        self.by_debit.payment_account_id = outstanding
        batch = self._paid(2)
        matched, other = batch.order_ids.sorted("id")
        payment = matched.payment_ids
        self.assertEqual(payment.outstanding_account_id, outstanding)
        line = self._match(payment)
        batch.action_undo_paid()
        self.assertEqual((matched.state, other.state), ("paid", "exported"))
        [failure] = batch.failure_ids
        self.assertIn("Collected by the bank", failure.message)
        self.assertEqual(payment.state, "paid")
        line.line_ids.remove_move_reconcile()
        batch.action_retry_failed()
        self._work()
        self.assertEqual(matched.state, "exported")
        self.assertFalse(batch.paid_date)

    def test_locked(self):
        """In a closed period nothing is cancelled; the sentence says what to do."""
        batch = self._paid(1)
        self.company.fiscalyear_lock_date = DAY + timedelta(days=1)
        batch.action_undo_paid()
        self.assertEqual(batch.state, "done")
        self.assertIn("is locked", batch.failure_ids.message)

    def test_blocked_again(self):
        """Who was unblocked by the payment is blocked again, and levels are as before;
        who got another status since keeps it."""
        self.company.dunning_auto_unblock = True
        member, other = self._members_who_owe(2, mandate=False)
        self.policy.block_mode = "auto"
        runs, __ = self._run_levels(3)
        self._create_mandate(member)
        self._create_mandate(other)
        self.assertFalse(any((member | other).mapped("access_granted")))
        invoices = self.env["account.move"].search(
            [
                ("partner_id", "in", (member | other).ids),
                ("move_type", "=", "out_invoice"),
            ]
        )
        orders = self.env["gym.debit.order"]
        for debtor in member | other:
            mine = invoices.filtered(lambda move, who=debtor: move.partner_id == who)
            orders |= self._collect_exported(*mine)
        orders._set_paid(DAY)
        self.assertTrue(all((member | other).mapped("access_granted")))
        other.member_status_id = self.env.ref("gym_dunning.member_status_former")
        orders._undo_paid()
        self.assertFalse(member.access_granted)
        self.assertEqual(
            other.member_status_id, self.env.ref("gym_dunning.member_status_former")
        )
        orders._set_paid(DAY)
        self.assertTrue(member.access_granted)
        orders._undo_paid()
        runs[-1].action_cancel()
        self.assertTrue(member.access_granted)

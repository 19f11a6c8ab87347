"""Paid online and collected by the bank: once (issue 18, point 3)."""

from odoo.exceptions import UserError

from odoo.addons.gym_dunning.tests.base.common import TODAY
from odoo.addons.gym_dunning.tests.debit.common_debit_batch import BatchCommon

from .common_pay import PayMixin


class TestPayDebit(PayMixin, BatchCommon):
    """Issue 18, 3: what the bank collects, and what is taken out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, dunning_date=TODAY))
        cls.provider = cls._create_provider(cls.company)
        cls.paul = cls._create_debtor("Kent Paul")
        cls.first = cls._create_invoice(cls.paul, days=60).with_env(cls.env)
        cls.second = cls._create_invoice(cls.paul, amount=59).with_env(cls.env)

    def test_draft_is_taken_out(self):
        """Issue 18, 3: paid before the export: the file has the rest only."""
        order = self._collect(self.first, self.second)
        batch = order._put_into_batches()
        item = self._item(self.first)
        self.assertIn("we take it out", item._what_of_debits()[0])
        transaction = self._begin(self._lines(self.first))
        self._answer(transaction, "pending")
        batch.action_export()
        self.assertEqual(order.state, "exported")
        self.assertEqual(order.line_ids.move_id, self.second)
        self._answer(transaction, "done")
        self.assertEqual(self.first.amount_residual, 0)

    def test_all_taken_out(self):
        """Issue 18, 3: nothing is left to collect, so the debit is cancelled; failed
        afterwards, the next one collects it."""
        order = self._collect(self.first)
        batch = order._put_into_batches()
        transaction = self._begin(self._lines(self.first))
        self._answer(transaction, "pending")
        batch.action_export()
        self.assertEqual(order.state, "cancelled")
        self.assertEqual(self._item(self.first)._why_not_collected(), "online")
        self._answer(transaction, "error")
        self.assertEqual(self._item(self.first).debit_state, "waiting")
        self.assertTrue(self._collect(self.first))

    def test_exported_is_collected(self):
        """Issue 18, 3: with the bank already: it says when, and cannot be paid."""
        self._collect_exported(self.first)
        item = self._item(self.first)
        self.assertIn("is collected from your account on", item._why_not_online()[item])
        with self.assertRaisesRegex(UserError, "is collected from your account on"):
            self._begin(self._lines(self.first))
        self.assertFalse(item._what_of_debits())

    def test_exported_while_the_provider_asks(self):
        """Issue 18, 3: begun, and not sent yet: the export leaves it out."""
        order = self._collect(self.first, self.second)
        batch = order._put_into_batches()
        self._begin(self._lines(self.first))
        batch.action_export()
        self.assertEqual(order.line_ids.move_id, self.second)

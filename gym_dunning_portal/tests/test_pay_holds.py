"""Money that is under way keeps items back (issue 18, point 3)."""

from datetime import timedelta

from odoo.exceptions import UserError

from odoo.addons.gym_dunning.tests.base.common import TODAY

from .common_pay import PayCommon


class TestPayHolds(PayCommon):
    """Issue 18, 3: pending or authorised money holds the items."""

    def setUp(self):
        super().setUp()
        self.transaction = self._begin(self._lines(self.old, self.new))

    def test_reason_in_the_estimate(self):
        """Issue 18, 3: who has just paid is not reminded, and the estimate says why."""
        self._answer(self.transaction, "pending")
        with self.assertRaisesRegex(UserError, "(?i)nothing|nobody|no "):
            self._estimate(TODAY)
        self.assertEqual(self._holds(self.transaction), {"online"})
        other = self._create_invoice(self._create_member("Ben Kent"))
        run = self._estimate(TODAY)
        self.assertEqual(self._reason(run, self.anna), "online")
        self.assertIn("paying online", run.exclusion_ids[0].explanation)
        self.assertEqual(run.reminder_ids.line_ids.move_id, other)

    def test_authorised(self):
        """Issue 18, 3: authorised money holds, too, until it is captured and booked."""
        self.provider.capture_manually = True
        self._answer(self.transaction, "done")
        self.assertEqual(self.transaction.state, "authorized")
        self.assertEqual(self._holds(self.transaction), {"online"})
        part = self.transaction._capture(100)
        part._post_process()
        self.assertEqual(self.old.amount_residual, 0)
        self.assertEqual(self._holds(self.transaction), {"online"})
        rest = self.transaction._capture(59)
        rest._post_process()
        self.transaction._post_process()
        self.assertEqual(self.new.amount_residual, 0)
        self.assertFalse(self._rows(self.transaction))

    def test_captured_in_part(self):
        """Issue 18, 3: a part is captured and the rest given up: nothing more comes, so
        the rest is free."""
        self.provider.capture_manually = True
        self._answer(self.transaction, "done")
        self.transaction._capture(100)._post_process()
        self.transaction._void(59)._post_process()
        self.transaction._post_process()
        self.assertEqual(self.transaction.state, "done")
        self.assertEqual((self.old.amount_residual, self.new.amount_residual), (0, 59))
        self.assertEqual(self._holds(self.transaction), {False})

    def test_released(self):
        """Issue 18, 3: cancelled or failed: the items are as before, and paid again."""
        for state in ("cancel", "error"):
            with self.subTest(state):
                self._answer(self.transaction, "pending")
                self._answer(self.transaction, state)
                self.assertEqual(self._holds(self.transaction), {False})
                self.transaction = self._begin(self._lines(self.old, self.new))
        self._answer(self.transaction, "done")
        self.assertEqual(self.old.amount_residual, 0)

    def test_error_then_done(self):
        """Second half: the provider said error, and then that the money came."""
        self._answer(self.transaction, "error")
        self._answer(self.transaction, "done")
        self.assertEqual(self.old.amount_residual, 0)
        self.assertFalse(self._rows(self.transaction))

    def test_expired(self):
        """Issue 18, 3: what never comes holds for the provider's days only."""
        self.provider.gym_hold_days = 7
        self._answer(self.transaction, "pending")
        rows = self._rows(self.transaction, TODAY + timedelta(days=7))
        self.assertEqual(set(rows.mapped("hold_reason")), {"online"})
        rows = self._rows(self.transaction, TODAY + timedelta(days=8))
        self.assertEqual(set(rows.mapped("hold_reason")), {False})
        later = self.env["gym.open.item"].with_context(
            dunning_date=TODAY + timedelta(days=8)
        )
        self.assertFalse(later.browse(self._lines(self.old).ids)._why_not_online())

    def test_begun_only(self):
        """A payment that was begun and not finished stops nothing on the next day."""
        rows = self._rows(self.transaction, TODAY + timedelta(days=1))
        self.assertEqual(set(rows.mapped("hold_reason")), {False})

    def test_released_by_hand(self):
        """A clerk who knows that nothing comes lets the items go; the hold itself is
        the payment's."""
        self._answer(self.transaction, "pending")
        hold = self._rows(self.transaction)[0]
        with self.assertRaisesRegex(UserError, self.transaction.reference):
            hold.action_release()
        self.transaction.action_gym_release()
        self.assertEqual(self._holds(self.transaction), {False})

    def test_not_twice(self):
        """Issue 18, 3: what is being paid is not paid a second time."""
        self._answer(self.transaction, "pending")
        with self.assertRaisesRegex(UserError, "is being paid online already"):
            self._begin(self._lines(self.new))

    def test_confirmed_and_not_booked(self):
        """Issue 18, 3: nor what is confirmed, before Odoo looks at it."""
        data = {"reference": self.transaction.reference, "simulated_state": "done"}
        self.transaction._process("demo", data)
        self.assertEqual(self.old.amount_residual, 100)
        with self.assertRaisesRegex(UserError, "is being paid online already"):
            self._begin(self._lines(self.old))

    def test_two_tabs(self):
        """Issue 18, 3: begun again in another tab it is the same payment."""
        same = {"provider_id": self.provider.id, "operation": "online_direct"}
        lines = self._lines(self.old, self.new)
        transactions = self.env["payment.transaction"].sudo()
        self.assertEqual(transactions._gym_begun(lines, same), self.transaction)
        self.assertFalse(transactions._gym_begun(self._lines(self.old), same))
        self._answer(self.transaction, "error")
        self.assertFalse(transactions._gym_begun(lines, same))

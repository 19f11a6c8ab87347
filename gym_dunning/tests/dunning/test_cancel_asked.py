"""What taking reminders back does is said in figures first; one may go alone."""

from odoo.exceptions import UserError

from .common_run import RunCommon, day_after


class TestCancelAsked(RunCommon):
    """M7 of issue 15, and cancelling or waiving for one member."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_late_member("Kent Paul")
        cls.laura = cls._create_late_member("Kent Laura")

    def _dialog(self, action):
        self.assertEqual(action["res_model"], "gym.dunning.cancel")
        return self.env[action["res_model"]].browse(action["res_id"])

    # === IN FIGURES === #

    def test_figures(self):
        """M7: reminders, deliveries, fees and statuses, before anything is done."""
        self.policy.block_mode = "auto"
        runs, __ = self._run_levels(3)
        dialog = self._dialog(runs[-1].action_ask_cancel())
        self.assertIn("taken back: 2", dialog.effects)
        self.assertIn("access back: 2", dialog.effects)
        self.assertEqual(runs[-1].state, "done")
        self.assertFalse(self.paul.access_granted)
        dialog.action_confirm()
        self.assertEqual(runs[-1].state, "cancelled")
        self.assertTrue(self.paul.access_granted)
        effects = self._dialog(runs[1].action_ask_cancel()).effects
        self.assertIn("posted already: 2", effects)
        fees = sum(runs[1].reminder_ids.mapped("amount_fee"))
        self.assertTrue(fees)
        self.assertIn("Fees credited: 2", effects)
        self.assertIn(f"{fees:.2f}", effects)
        self.assertNotIn("access", effects)

    def test_asked_is_checked(self):
        """M7: what the button refuses is refused before the dialog, too."""
        (first, second), __ = self._run_levels(2)
        with self.assertRaisesRegex(UserError, second.name):
            first.action_ask_cancel()

    def test_cancelled_meanwhile(self):
        """M7: a second clerk answers the dialog of a run that is cancelled."""
        run = self._generate()
        first, second = (self._dialog(run.action_ask_cancel()) for __ in range(2))
        first.action_confirm()
        with self.assertRaisesRegex(UserError, "Cancelled"):
            second.action_confirm()

    # === ONE MEMBER === #

    def test_one_reminder(self):
        """Screens 3.6: one member's reminder goes with its fee, the run stays."""
        runs, day = self._run_levels(2)
        second = runs[-1]
        paul = self._reminder(second, self.paul)
        dialog = self._dialog(paul.action_ask_cancel())
        self.assertIn("taken back: 1", dialog.effects)
        self.assertIn("Fees credited: 1", dialog.effects)
        dialog.action_confirm()
        self.env.invalidate_all()
        self.assertEqual((paul.state, second.state), ("cancelled", "done"))
        self.assertEqual(self.paul.dunning_level_id, self.one)
        self.assertEqual(self.laura.dunning_level_id, self.two)
        self.assertEqual(paul.fee_move_id.payment_state, "reversed")
        self.assertNotEqual(
            self._reminder(second, self.laura).fee_move_id.payment_state, "reversed"
        )
        # the second half: proposed again, and the rest of the run can still be cancelled
        again = self._generate(day)
        self.assertEqual(again.reminder_ids.partner_id, self.paul)
        again.action_cancel()
        second.action_cancel()
        self.assertEqual(second.state, "cancelled")
        self.assertEqual(self.laura.dunning_level_id, self.one)

    def test_one_fee_of_an_entry(self):
        """Screens 3.6: where fees are one entry, only this member's line is credited."""
        self.policy.fee_booking = "entry"
        runs, __ = self._run_levels(2)
        paul = self._reminder(runs[-1], self.paul)
        laura = self._reminder(runs[-1], self.laura)
        paul.action_cancel()
        fees = self.env["gym.dunning.fee"]
        self.assertFalse(fees._rest_of(paul))
        self.assertEqual(fees._rest_of(laura), laura.amount_fee)

    def test_newest_first(self):
        """Screens 3.6: the same gates as Cancel Run."""
        (first, second), __ = self._run_levels(2)
        paul = self._reminder(first, self.paul)
        with self.assertRaisesRegex(UserError, self._reminder(second, self.paul).name):
            paul.action_ask_cancel()
        self._reminder(second, self.paul).action_cancel()
        paul.action_cancel()
        with self.assertRaisesRegex(UserError, "not issued"):
            paul.action_cancel()

    # === ONE FEE === #

    def test_waive_one_fee(self):
        """Screens 3.6: the fee is credited, the level stays; once."""
        runs, __ = self._run_levels(2)
        paul = self._reminder(runs[-1], self.paul)
        message = paul.action_waive_fee()["params"]["message"]
        self.assertIn(paul.name, message)
        self.assertEqual(paul.state, "issued")
        self.assertEqual(paul.fee_move_id.payment_state, "reversed")
        self.assertEqual(self.paul.dunning_level_id, self.two)
        with self.assertRaisesRegex(UserError, "no fee that can be waived"):
            paul.action_waive_fee()
        # cancelled afterwards, nothing is credited twice
        paul.action_cancel()
        self.assertEqual(len(paul.fee_move_id.reversal_move_ids), 1)

    def test_waive_what_is_held(self):
        """Screens 3.6: a fee that somebody else works on is not waived."""
        runs, __ = self._run_levels(2)
        paul = self._reminder(runs[-1], self.paul)
        self._hold(paul.fee_move_id, "manual")
        with self.assertRaisesRegex(UserError, "held"):
            paul.action_waive_fee()

    def test_waive_without_fee(self):
        """Screens 3.6: a level without a fee has none to waive."""
        run = self._generate(day_after(0))
        with self.assertRaisesRegex(UserError, "no fee"):
            run.reminder_ids[0].action_waive_fee()

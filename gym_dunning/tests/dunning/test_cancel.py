"""Taking a run back: fees credited, levels and statuses as before."""

from odoo.exceptions import UserError

from .common_run import RunCommon


class TestCancel(RunCommon):
    """`action_cancel` of a run, the newest first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_late_member("Debtor")
        cls.invoice = cls._invoices(cls.member)

    def _receivable(self, move):
        return move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    # === LEVELS === #

    def test_cancelled_reminder_gives_the_level_back(self):
        """Architecture 2: the level is read from what is issued, so it falls."""
        runs, day = self._run_levels(2)
        second = runs[-1]
        self.assertEqual(self.invoice.dunning_level_id, self.two)
        second.action_cancel()
        self.env.invalidate_all()
        self.assertEqual(second.state, "cancelled")
        self.assertEqual(second.reminder_ids.state, "cancelled")
        self.assertEqual(self._item(self.invoice, day).level_id, self.one)
        self.assertEqual(self.invoice.dunning_level_id, self.one)
        self.assertEqual(self.member.dunning_level_id, self.one)

    def test_cancelled_first_level_leaves_none(self):
        """Architecture 2: without any issued reminder the item has no level."""
        run = self._generate()
        run.action_cancel()
        self.env.invalidate_all()
        self.assertFalse(self.invoice.dunning_level_id)
        self.assertEqual(self._item(self.invoice).due_level, "1")

    def test_cancelled_level_can_be_run_again(self):
        """E-08: after cancelling the same level is proposed anew, on the same day."""
        runs, day = self._run_levels(2)
        runs[-1].action_cancel()
        again = self._generate(day)
        self.assertEqual(again.reminder_ids.level_id, self.two)
        self.assertEqual(again.reminder_ids.amount_total, 120.0)

    # === ORDER === #

    def test_newest_first(self):
        """Architecture 6: an older run is refused, naming the later one."""
        (first, second), __ = self._run_levels(2)
        with self.assertRaisesRegex(UserError, second.name):
            first.action_cancel()
        self.assertEqual(first.state, "done")
        second.action_cancel()
        first.action_cancel()
        self.assertEqual(first.state, "cancelled")

    def test_later_run_of_others_does_not_matter(self):
        """Architecture 6: only a later reminder of the same items is in the way."""
        first = self._generate()
        self._create_late_member("New")
        self._generate()
        first.action_cancel()
        self.assertEqual(first.state, "cancelled")

    def test_only_finished_runs_are_cancelled(self):
        """Architecture 6: estimated, running and cancelled runs refuse, by name."""
        run = self._estimate()
        with self.assertRaisesRegex(UserError, run.name):
            run.action_cancel()
        run.action_generate()
        with self.assertRaisesRegex(UserError, run.name):
            run.action_cancel()
        self._work()
        run.action_cancel()
        with self.assertRaisesRegex(UserError, run.name):
            run.action_cancel()

    # === STATUSES === #

    def _reach_last_level(self, mode="auto"):
        self.policy.block_mode = mode
        self.member.client_status_id = self.env.ref("gym_dunning.client_status_active")
        runs, __ = self._run_levels(3)
        return runs[-1]

    def test_statuses_come_back(self):
        """E-06, AMB-12: member and client status are those of before."""
        run = self._reach_last_level()
        self.assertFalse(self.member.access_granted)
        self.assertEqual(self.member.client_status_id, self.barred)
        run.action_cancel()
        self.assertTrue(self.member.access_granted)
        self.assertEqual(self.member.member_status_id, self.active)
        self.assertEqual(
            self.member.client_status_id,
            self.env.ref("gym_dunning.client_status_active"),
        )

    def test_status_changed_since_stays(self):
        """E-57: what a person set after the run is not overwritten."""
        run = self._reach_last_level()
        former = self.env.ref("gym_dunning.member_status_former")
        self.member.member_status_id = former
        self.member.client_status_id = self.paused
        run.action_cancel()
        self.assertEqual(self.member.member_status_id, former)
        self.assertEqual(self.member.client_status_id, self.paused)

    def test_member_blocked_before_stays_blocked(self):
        """E-57: who was blocked already was not blocked by this run."""
        self.member.member_status_id = self.blocked
        run = self._reach_last_level()
        run.action_cancel()
        self.assertEqual(self.member.member_status_id, self.blocked)

    # === FEES === #

    def test_fee_is_credited(self):
        """E-51: the fee invoice is cleared by a credit note, nothing is open."""
        runs, __ = self._run_levels(2)
        fee = runs[-1].reminder_ids.fee_move_id
        runs[-1].action_cancel()
        credit = fee.reversal_move_ids
        self.assertEqual((credit.state, credit.amount_total), ("posted", 20.0))
        self.assertEqual((fee.amount_residual, credit.amount_residual), (0.0, 0.0))
        self.assertEqual(fee.payment_state, "reversed")
        self.assertEqual(self.member.credit, 100.0)

    def test_paid_fee_becomes_a_credit(self):
        """E-51: what was paid for the fee is the member's credit afterwards."""
        runs, __ = self._run_levels(2)
        fee = runs[-1].reminder_ids.fee_move_id
        self._pay(fee)
        runs[-1].action_cancel()
        self.assertEqual(fee.reversal_move_ids.state, "posted")
        self.assertEqual(self.member.credit, 80.0)

    def test_fees_of_an_entry_are_credited(self):
        """AMB-14: an entry with the fees of many is reversed as a whole."""
        self.policy.fee_booking = "entry"
        other = self._create_late_member("Other")
        runs, __ = self._run_levels(2)
        entry = runs[-1].reminder_ids.fee_move_id
        runs[-1].action_cancel()
        self.assertEqual(entry.reversal_move_ids.state, "posted")
        self.assertEqual(self._receivable(entry).mapped("amount_residual"), [0.0, 0.0])
        self.assertEqual((self.member.credit, other.credit), (100.0, 100.0))

    def test_summary_of_cancelling_is_told(self):
        """E-41: the run tells how many reminders were taken back."""
        run = self._generate()
        run.action_cancel()
        self.assertIn("1 reminders taken back", run.message_ids[0].body)
        self.assertEqual(run.process_id.done_count, 1)

    def test_estimate_of_a_later_day_follows(self):
        """E-08: an estimate that waits is evaluated again when it is generated."""
        runs, day = self._run_levels(1)
        later = self._estimate(day.fromordinal(day.toordinal() + 11))
        self.assertEqual(later.reminder_ids.level_id, self.two)
        runs.action_cancel()
        later.action_generate()
        self._work()
        self.assertEqual(later.reminder_ids.level_id, self.one)
        self.assertFalse(later.reminder_ids.fee_move_id)

"""One failing member among many: listed, mended, tried again (E-69b, AMB-18)."""

from .common_run import RunCommon


class TestFailure(RunCommon):
    """The fee of one member cannot be booked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good = [cls._create_late_member(f"Good {number}") for number in range(3)]
        cls.bad = cls._create_late_member("Bad")
        # the account of the bad member alone, shut before its fee is booked
        cls.account = cls.company_data["default_account_receivable"].copy()
        cls.account.name = "Receivables of one"

    def _run_with_failure(self):
        """Reach level 2 and generate it while the fee of one cannot be posted.

        :return: the run and its day
        """
        day = self._reach(1)
        run = self._estimate(day)
        self.bad.property_account_receivable_id = self.account
        self.account.active = False
        run.action_generate()
        self._work()
        return run, day

    def _mend(self):
        self.account.active = True

    def _assert_mended(self, run):
        """All four have level 2 and one fee each."""
        reminders = run.reminder_ids
        self.assertEqual(set(reminders.mapped("state")), {"issued"})
        self.assertEqual(len(reminders), 4)
        self.assertEqual(len(reminders.fee_move_id), 4)
        self.assertEqual(set(reminders.fee_move_id.mapped("state")), {"posted"})
        self.assertEqual(self.bad.dunning_level_id, self.two)
        self.assertEqual((run.state, run.failed_count), ("done", 0))

    def test_others_are_done(self):
        """E-69b: one failure does not stop the others."""
        run, __ = self._run_with_failure()
        self.assertEqual(run.state, "done")
        for member in self.good:
            self.assertEqual(self._reminder(run, member).state, "issued")
            self.assertEqual(member.dunning_level_id, self.two)

    def test_failure_is_listed_with_its_cause(self):
        """E-69b, AMB-18: the failures name the record and what is wrong."""
        run, __ = self._run_with_failure()
        (failure,) = run.failure_ids
        self.assertEqual(
            self.env[failure.res_model].browse(failure.res_id),
            self._reminder(run, self.bad),
        )
        self.assertIn(self.account.name, failure.message)
        self.assertTrue(failure.record_name)

    def test_sums_add_up(self):
        """AMB-09: created + skipped + failed = proposed."""
        run, __ = self._run_with_failure()
        process = run.process_id
        self.assertEqual(
            (process.done_count, process.skipped_count, process.failed_count), (3, 0, 1)
        )
        self.assertEqual(process.total, 4)
        self.assertIn("Failed: 1", run.message_ids[0].body)

    def test_failure_leaves_nothing_behind(self):
        """AMB-18: no draft, no fee, no new level."""
        run, day = self._run_with_failure()
        moves = self.env["account.move"].search([("partner_id", "=", self.bad.id)])
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        self.assertEqual(len(moves), 1)
        self.assertFalse(self._reminder(run, self.bad).fee_move_id)
        self.assertEqual(self._item(moves, day).level_id, self.one)

    def test_retry_from_the_run(self):
        """E-69b: once mended, the run does what was left."""
        run, __ = self._run_with_failure()
        self._mend()
        run.action_retry_failed()
        self.assertEqual(run.state, "running")
        self._work()
        self._assert_mended(run)

    def test_retry_of_one_failure(self):
        """E-69b: a single failure can be tried again."""
        run, __ = self._run_with_failure()
        self._mend()
        run.failure_ids.action_retry()
        self._work()
        self._assert_mended(run)
        self.assertTrue(run.failure_ids.retried)

    def test_retry_too_early_fails_again(self):
        """AMB-18: without the repair it fails as before, and nothing doubles."""
        run, __ = self._run_with_failure()
        run.action_retry_failed()
        self._work()
        self.assertEqual((run.state, run.failed_count), ("done", 1))
        self.assertEqual(run.process_id.done_count, 3)
        self._mend()
        run.action_retry_failed()
        self._work()
        self._assert_mended(run)

    def test_next_run_takes_the_failed_one(self):
        """AMB-18: what was not tried again is the next run's."""
        run, day = self._run_with_failure()
        self._mend()
        following = self._estimate(day)
        self.assertEqual(following.reminder_ids.partner_id, self.bad)
        following.action_generate()
        self._work()
        self.assertEqual(self.bad.dunning_level_id, self.two)
        self.assertEqual(run.issued_count, 3)

    def test_retry_after_the_next_run_does_nothing(self):
        """E-08: what the next run did is not done a second time."""
        run, day = self._run_with_failure()
        self._mend()
        self._estimate(day)
        run.action_retry_failed()
        self._work()
        self.assertEqual((run.state, run.issued_count), ("done", 3))

    def test_failing_entry_is_found_too(self):
        """AMB-18: booked as one entry, the culprit alone is left out."""
        self.policy.fee_booking = "entry"
        run, __ = self._run_with_failure()
        self.assertEqual(run.issued_count, 3)
        self.assertIn(self.account.name, run.failure_ids.message)
        self._mend()
        run.action_retry_failed()
        self._work()
        self.assertEqual(run.issued_count, 4)

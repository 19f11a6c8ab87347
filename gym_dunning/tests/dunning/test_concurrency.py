"""Two people at the same moment, on a real server with real commits."""

from ..base.common_committed import CommittedGymCase


class TestConcurrency(CommittedGymCase):
    """Started twice or by two people, everything happens once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._start_server()
        cls.anna, cls.bert = cls._browser("anna"), cls._browser("bert")

    def _assert_clear(self, answers):
        """At most refusals that a person understands, and one success at least."""
        refusals = self._refusals(answers)
        self.assertLess(len(refusals), len(answers), refusals)
        for refusal in refusals:
            self.assertRegex(str(refusal), "(?i)estimate|run|remind")
            self.assertNotRegex(str(refusal), "(?i)lock|serialize|constraint")
        return refusals

    def test_two_people_start_one_run(self):
        """E-40: two people start one run; each member is reminded once, one fee."""
        members = self._create_late_members(6, "Two starters")
        run_id = self._estimate(self.anna)
        answers = self._at_once(
            *(
                lambda browser=browser: browser.call(
                    "gym.dunning.run", "action_generate", [run_id]
                )
                for browser in (self.anna, self.bert)
            )
        )
        self._assert_clear(answers)
        self._wait_for(run_id)
        self.assertEqual(self._processes(run_id), [("done", 6, 6, 0)])
        self._assert_once_each(run_id, members)

    def test_double_click_starts_one_process(self):
        """E-40: a double click is two requests of one person, and one process."""
        members = self._create_late_members(6, "Double click")
        run_id = self._estimate(self.anna)
        click = [lambda: self.anna.call("gym.dunning.run", "action_generate", [run_id])]
        answers = self._at_once(*click * 4)
        refusals = self._assert_clear(answers)
        self.assertFalse(refusals, "a double click is no reason to complain")
        self._wait_for(run_id)
        self.assertEqual(self._processes(run_id), [("done", 6, 6, 0)])
        self._assert_once_each(run_id, members)

    def test_two_estimates_of_the_same_items(self):
        """AMB-09: two estimates at once; no item stands in two proposals."""
        members = self._create_late_members(300, "Two estimates")
        answers = self._at_once(
            lambda: self._estimate(self.anna), lambda: self._estimate(self.bert)
        )
        self._assert_clear(answers)
        proposed = self.database.value(
            """SELECT count(*) FROM gym_dunning_reminder_line line
                 JOIN gym_dunning_reminder r ON r.id = line.reminder_id
                WHERE r.partner_id = ANY(%s) AND line.state = 'proposed'""",
            members,
        )
        self.assertEqual(proposed, 300)
        run_ids = [answer for answer in answers if isinstance(answer, int)]
        self.assertEqual(len(run_ids), 1, answers)
        self.anna.call("gym.dunning.run", "unlink", run_ids)
        self._forget(members)  # they are not the other tests' debtors

    def test_cancelling_while_it_runs(self):
        """E-68a: cancelled while it runs; what is done stays done, whole and once."""
        members = self._create_late_members(601, "Cancelled")
        run_id = self._estimate(self.anna)
        self.anna.call("gym.dunning.run", "action_generate", [run_id])
        [(process_id,)] = self.database.sql(
            "SELECT id FROM gym_process WHERE res_id = %s", run_id
        )
        self.server.wait(
            lambda: self._processes(run_id)[0][2] == 200, "the first batch is done"
        )
        self.server.wait(self._is_writing, "the second batch is worked")
        self.bert.call("gym.process", "action_cancel", [process_id])
        [(state, total, done, skipped)] = self._processes(run_id)
        self.assertEqual((state, total, skipped), ("cancelled", 601, 0))
        self.assertIn(done, (200, 400), "a batch is worked whole or not at all")
        self._wait_for(run_id)
        reminded = self._reminded(run_id)
        self.assertEqual(len(reminded), done)
        self._assert_once_each(run_id, reminded)
        # the rest is proposed by the next run
        next_id = self._estimate(self.bert)
        rest = set(members) - set(reminded)
        self.assertEqual(set(self._reminded(next_id, "proposed")), rest)
        self.bert.call("gym.dunning.run", "unlink", [next_id])
        self._forget(members)

    def _reminded(self, run_id, state="issued"):
        rows = self.database.sql(
            "SELECT partner_id FROM gym_dunning_reminder"
            " WHERE run_id = %s AND state = %s",
            run_id,
            state,
        )
        return [partner_id for (partner_id,) in rows]

    def _forget(self, members):
        with self.database.env() as env:
            env["account.move.line"].search(
                [("partner_id", "in", members)]
            ).no_followup = True

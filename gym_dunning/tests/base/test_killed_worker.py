"""A real worker is killed at work, twice."""

from .common_committed import CommittedGymCase

MEMBERS = 320  # two batches
KILLS = 2


class TestKilledWorker(CommittedGymCase):
    """Nothing is lost and nothing is done twice, whatever kills the server."""

    def test_killed_in_the_middle(self):
        """E-68a: after kill -9 the run goes on where it stood, each member once."""
        members = self._create_late_members(MEMBERS, "Killed")
        self._start_server()
        run_id = self._estimate(self._browser("anna"))
        self._browser("anna").call("gym.dunning.run", "action_generate", [run_id])
        for number in range(KILLS):
            with self.subTest(kill=number + 1):
                self._kill_at_work(run_id)
                self.server.start()
        self._wait_for(run_id)
        self.assertEqual(self._processes(run_id), [("done", MEMBERS, MEMBERS, 0)])
        self._assert_once_each(run_id, members)

    def _kill_at_work(self, run_id):
        """Kill it while a batch is written but not committed."""
        self.server.wait(self._is_writing, "a batch is worked")
        self.server.kill()
        [(state, total, done, skipped)] = self._processes(run_id)
        self.assertIn(state, ("pending", "running"), "it was killed too late")
        self.assertEqual((total, skipped), (MEMBERS, 0))
        issued = self.database.value(
            "SELECT count(*) FROM gym_dunning_reminder"
            " WHERE run_id = %s AND state = 'issued'",
            run_id,
        )
        self.assertEqual(issued, done, "a batch and its figures are one")
        self._assert_no_stray_fees()

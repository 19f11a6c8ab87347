"""Mass creation on a real server with real commits: killed at work, and two at once."""

from odoo.fields import Command

from ..base.common_committed import CommittedGymCase

CUSTOMERS = 1200  # three batches of at most 500


class TestCaseRunKilled(CommittedGymCase):
    """Nothing is lost and nothing is done twice, whatever kills the server."""

    def _summary(self, members):
        anna = self._browser("anna")
        vals = {"step": "update", "partner_ids": [Command.set(members)]}
        [wizard] = anna.call("gym.case.generate", "create", [vals])
        action = anna.call("gym.case.generate", "action_continue", [wizard])
        return action["res_id"]

    def _start(self, *run_ids):
        for run_id in run_ids:
            self._browser("anna").call("gym.case.run", "action_generate", [run_id])

    def _state(self, run_id):
        return self.database.value(
            "SELECT state FROM gym_case_run WHERE id = %s", run_id
        )

    def _wait_until_done(self, run_id):
        def is_done():
            self.server.wake()
            return self._state(run_id) == "done"

        self.server.wait(is_done, f"mass creation {run_id} is done")

    def _kill_at_line(self, run_id, position, begin):
        """Kill it while it works the line at this position of the run."""
        self._kill_at(
            """SELECT id FROM gym_case_run_line
                WHERE id = (SELECT id FROM gym_case_run_line WHERE run_id = %s
                             ORDER BY id OFFSET %s LIMIT 1)""",
            run_id,
            position,
            begin=begin,
        )
        self.assertEqual(self._state(run_id), "running")

    def _assert_one_case_each(self, members):
        rows = self.database.sql(
            """SELECT count(DISTINCT owner.id), count(DISTINCT item.id),
                      count(DISTINCT hold.id), count(DISTINCT owner.name)
                 FROM gym_collection_case owner
                 JOIN gym_collection_case_item item ON item.case_id = owner.id
                 JOIN gym_dunning_hold hold ON hold.move_line_id = item.move_line_id
                  AND hold.res_id = owner.id AND hold.active
                WHERE owner.partner_id = ANY(%s)""",
            members,
        )
        self.assertEqual(rows, [(len(members),) * 4])
        cases = "SELECT count(*) FROM gym_collection_case WHERE partner_id = ANY(%s)"
        self.assertEqual(self.database.value(cases, members), len(members))

    def test_killed_in_the_middle(self):
        """G-81a "reliably": after kill -9 it goes on, each customer once."""
        members = self._create_late_members(CUSTOMERS, "Killed")
        self._start_server()
        run_id = self._summary(members)
        with self.subTest("in the first batch"):
            self._kill_at_line(run_id, 100, lambda: self._start(run_id))
        with self.subTest("in the second batch"):
            self._kill_at_line(run_id, 600, self.server.start)
            done = (
                "SELECT sum(s.done_count) FROM gym_process_slice s"
                " JOIN gym_process p ON p.id = s.process_id WHERE p.res_id = %s"
            )
            self.assertEqual(self.database.value(done, run_id), 500)
        self.server.start()
        self._wait_until_done(run_id)
        self._assert_one_case_each(members)

        second = self._create_late_members(30, "Two runs")
        runs = self._summary(second), self._summary(second)
        self._start(*runs)
        for run_id in runs:
            self._wait_until_done(run_id)
        with self.subTest("two mass creations of the same customers"):
            self._assert_one_case_each(second)

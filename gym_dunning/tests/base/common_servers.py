"""Two Odoo servers over one database, as of two hosts, and what is killed of them."""

from .common_committed import CommittedGymCase

MEMBERS = 850  # four batches, so four slices of two workers


class TwoServersCase(CommittedGymCase):
    """The class starts `server` and `other`."""

    def _start_run(self, name):
        members = self._create_late_members(MEMBERS, name)
        run_id = self._estimate(self.anna)
        return members, run_id

    def _slices(self, run_id):
        """Return (id, done, is done) of the slices of a run's last process."""
        return self.database.sql(
            """SELECT id, COALESCE(done_count, 0), COALESCE(is_done, false)
                 FROM gym_process_slice
                WHERE process_id = (SELECT max(id) FROM gym_process
                       WHERE res_model = 'gym.dunning.run' AND res_id = %s)
                ORDER BY id""",
            run_id,
        )

    def _generate(self, run_id):
        self.anna.call("gym.dunning.run", "action_generate", [run_id])

    def _held_up_at_first(self, run_id, members):
        first = (
            "SELECT 1 FROM gym_dunning_reminder WHERE run_id = %s AND partner_id = %s"
        )
        return self._held_up(first, run_id, min(members))

    def _wait_for_the_others(self, run_id):
        """Wait until only the first slice is left, which is held up."""
        self.server.wait(self._is_held_up, "the first slice is worked")
        self.server.wait(
            lambda: [row[2] for row in self._slices(run_id)][1:] == [True] * 3,
            "the other three are done",
        )
        self.assertEqual(self._slices(run_id)[0][1:], (0, False))

    def _who_waits(self):
        """Return the name of the session that is held up."""
        [(name,)] = self.database.sql(
            """SELECT application_name FROM pg_stat_activity
                WHERE datname = %s AND wait_event_type = 'Lock'""",
            self.database.name,
        )
        return name

    def _kill_who_waits(self):
        self._kill_whose(self._who_waits())

    def _kill_whose(self, name):
        """End, as by kill -9, the server with this session; `self.server` is the one
        that is left."""
        cls = type(self)
        if name.endswith(f"-{self.server.process.pid}"):
            cls.server, cls.other = self.other, self.server
        self.assertTrue(name.endswith(f"-{self.other.process.pid}"), name)
        self.other.kill()

    def _both_serve(self):
        """Start again the one that a test before has killed."""
        if self.other.process.poll() is not None:
            self.other.start()
        type(self).anna = self._browser("anna")

    # === WHAT HAPPENS === #

    def _check_killed_in_mid_run(self, name, kill):
        """A batch is held up, the other three are worked, and a server is killed.

        :param kill: what kills it
        :return: the run's id
        """
        self._both_serve()
        members, run_id = self._start_run(name)
        with self._held_up_at_first(run_id, members):
            self._generate(run_id)
            self._wait_for_the_others(run_id)
            kill()
        self._wait_for(run_id)
        self.assertEqual(self._processes(run_id), [("done", MEMBERS, MEMBERS, 0)])
        self._assert_once_each(run_id, members)
        return run_id

    def _check_stopped(self, name):
        """One clerk starts, another stops it, and the next run does the rest."""
        self._both_serve()
        members, run_id = self._start_run(name)
        self._generate(run_id)
        self.server.wait(
            lambda: any(row[1] for row in self._slices(run_id)), "a batch is done"
        )
        [(process_id,)] = self.database.sql(
            "SELECT max(id) FROM gym_process WHERE res_id = %s", run_id
        )
        self._browser("bert").call("gym.process", "action_cancel", [process_id])
        self.server.wait(lambda: not self._is_writing(), "nobody works any more")
        [(state, total, done, skipped)] = self._processes(run_id)
        reminded = [
            partner_id
            for (partner_id,) in self.database.sql(
                "SELECT partner_id FROM gym_dunning_reminder"
                " WHERE run_id = %s AND state = 'issued'",
                run_id,
            )
        ]
        self.assertEqual((state, total, skipped), ("cancelled", MEMBERS, 0))
        self.assertEqual(len(reminded), done)
        self._assert_once_each(run_id, reminded)
        next_id = self._estimate(self.anna)
        self._generate(next_id)
        self._wait_for(next_id)
        self._assert_once_each(next_id, sorted({*members} - {*reminded}))

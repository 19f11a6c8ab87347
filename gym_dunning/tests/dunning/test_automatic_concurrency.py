"""Two schedulers at the same moment, with real commits."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

from odoo import sql_db

from ..base.common import TODAY
from ..base.common_committed import CommittedGymCase

# Both have loaded everything and wait for the same lock; the commit ends the
# transaction that waited, so that the work sees the database as it is then.
START = """
runs = env["gym.dunning.run"]
runs._automatic_jobs()
env.cr.execute("SELECT pg_advisory_lock_shared({lock})")
env.cr.commit()
runs._cron_dunning({day!r})
"""
LOCK = 19
SECONDS_TO_LOAD = 300


class TestTwoSchedulers(CommittedGymCase):
    """Whoever comes second finds the work done, and alarms nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.database.env() as env:
            policy = env["gym.dunning.policy"].browse(cls.policy_id)
            template = env.ref("gym_dunning.mail_template_level_1")
            policy.level_ids.mail_template_id = template
            env["gym.dunning.activation"].create(
                {
                    "policy_id": policy.id,
                    "company_id": policy.company_id.id,
                    "auto_send": True,
                }
            )

    def test_work_is_done_once(self):
        """S-05: two schedulers at once make one run; no reminder comes twice."""
        members = self._create_late_members(50, "Two schedulers")
        self._start_at_once(2, START.format(lock=LOCK, day=str(TODAY)))
        runs = self.database.sql(
            "SELECT count(*) FROM gym_dunning_run WHERE is_automatic"
        )
        self.assertEqual(runs, [(1,)])
        proposed = self.database.sql(
            """SELECT partner_id FROM gym_dunning_reminder
                WHERE partner_id = ANY(%s) ORDER BY partner_id""",
            members,
        )
        self.assertEqual([one for (one,) in proposed], sorted(members))
        self.assertFalse(
            self.database.sql(
                "SELECT id FROM mail_activity WHERE res_model = 'gym.dunning.policy'"
            )
        )

    # === STEPS === #

    def _start_at_once(self, count, code):
        """Run the code in so many shells, which start as soon as all are there."""
        with ThreadPoolExecutor(count) as pool:
            with closing(sql_db.db_connect(self.database.name).cursor()) as cr:
                cr.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
                shells = [pool.submit(self.database.shell, code) for __ in range(count)]
                self._wait_for_shells(shells)
            for shell in shells:
                shell.result()

    def _wait_for_shells(self, shells):
        """Wait until each of them waits for the lock."""
        query = """SELECT count(*) FROM pg_locks JOIN pg_database db
                       ON db.oid = pg_locks.database AND datname = current_database()
                    WHERE locktype = 'advisory' AND objid = %s AND NOT granted"""
        end = time.monotonic() + SECONDS_TO_LOAD
        while self.database.value(query, LOCK) < len(shells):
            for shell in filter(Future.done, shells):
                shell.result()  # says why it failed
            self.assertLess(time.monotonic(), end, "the shells did not load in time")
            time.sleep(0.1)

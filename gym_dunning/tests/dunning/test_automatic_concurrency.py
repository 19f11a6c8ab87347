"""Two schedulers at the same moment, with real commits."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

from odoo import sql_db

from ..base.common import TODAY
from ..base.common_committed import CommittedGymCase
from .common_run import day_after

# Both have loaded everything and wait for the same lock; the commit ends the
# transaction that waited, so that the work sees the database as it is then.
START = """
runs = env["gym.dunning.run"]
runs._automatic_jobs()
env.cr.execute("SELECT pg_advisory_lock_shared({lock})")
env.cr.commit()
runs.{action}({day!r})
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
        self._start_together("_cron_dunning", "_cron_dunning")
        runs = self.database.sql(
            """SELECT count(DISTINCT run_id) FROM gym_dunning_reminder
                WHERE partner_id = ANY(%s)""",
            members,
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

    def test_night_and_event_at_once(self):
        """S-05, E-08: the bank's news come while the nightly run is estimated: each
        member is proposed once, and nobody is alarmed."""
        members = self._create_late_members(60, "Night and event")
        with self.database.env() as env:
            env.ref("gym_dunning.ir_cron_dunning").active = True
            env["gym.dunning.policy"].browse(self.policy_id).remind_at_once = True
            items = env["gym.open.item"].search([("partner_id", "in", members[:20])])
            items.move_line_id._gym_follow_bank("returned")
            env["ir.cron.trigger"].search([]).unlink()  # a minute later
        self._start_together("_cron_dunning", "_cron_at_once", day=day_after(1))
        proposed = self.database.sql(
            """SELECT partner_id FROM gym_dunning_reminder
                WHERE partner_id = ANY(%s) ORDER BY partner_id""",
            members,
        )
        self.assertEqual([one for (one,) in proposed], sorted(members))
        self.assertFalse(
            self.database.sql("SELECT FROM gym_dunning_occasion WHERE run_id IS NULL")
        )
        self.assertFalse(
            self.database.sql(
                "SELECT id FROM mail_activity WHERE res_model = 'gym.dunning.policy'"
            )
        )

    # === STEPS === #

    def _start_together(self, *actions, day=TODAY):
        """Run the actions in shells, which start as soon as all are there."""
        codes = [
            START.format(lock=LOCK, day=str(day), action=action) for action in actions
        ]
        with ThreadPoolExecutor(len(codes)) as pool:
            with closing(sql_db.db_connect(self.database.name).cursor()) as cr:
                cr.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
                shells = [pool.submit(self.database.shell, code) for code in codes]
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

"""Two schedulers at the same moment, with real commits."""

import time
from concurrent.futures import ThreadPoolExecutor

from .common import TODAY
from .common_committed import CommittedGymCase

# Both have loaded everything and wait for the same second.
START = """
import time
runs = env["gym.dunning.run"]
runs._automatic_jobs()
env.cr.commit()
assert time.time() < {start}, "this machine is too slow for the appointment"
time.sleep({start} - time.time())
runs._cron_dunning({day!r})
"""
SECONDS_TO_LOAD = 60


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
        code = START.format(start=time.time() + SECONDS_TO_LOAD, day=str(TODAY))
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self.database.shell, [code, code]))
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

"""The module goes again; the scheduled actions work on."""

from contextlib import closing

from odoo.addons.gym_dunning.tests.base.common import TODAY
from odoo.addons.gym_dunning.tests.base.common_committed import CommittedGymCase
from odoo.addons.queue_job.jobrunner.runner import Database

# As in mid-run: the process was begun, its slice has a job.
START = """
wizard = env["gym.dunning.generate"].create({"date": "TODAY", "policy_id": POLICY})
run = env["gym.dunning.run"].browse(wizard.action_continue()["res_id"])
run.action_generate()
run.process_id.sudo()._begin_by_job()
env.cr.commit()
"""

UNINSTALL = """
env["ir.module.module"].search([("name", "=", "gym_dunning_queue_job")]
    ).button_immediate_uninstall()
"""


class TestUninstall(CommittedGymCase):
    """What was given to jobs is worked without them."""

    def test_uninstall_in_mid_run(self):
        """AMB-20: jobs that wait are cancelled, nothing of ours is left in the queue,
        and the scheduled actions end the run."""
        members = self._create_late_members(2, "By job")
        start = START.replace("TODAY", str(TODAY))
        with closing(Database(self.database.name)):  # a runner that was elected
            self.database.shell(start.replace("POLICY", str(self.policy_id)))
        self.assertEqual(self._jobs(), [("_begin_by_job",), ("_work_by_job",)])
        self.database.shell(UNINSTALL)
        self.assertEqual(self._jobs(), [])
        for table in ("queue_job_function", "queue_job_channel"):
            ours = f"SELECT count(*) FROM {table} WHERE {{}} LIKE %s".format(
                "complete_name" if table.endswith("channel") else "name"
            )
            self.assertFalse(self.database.value(ours, "%gym%"), table)
        self._start_server()
        run_id = self.database.value("SELECT max(id) FROM gym_dunning_run")
        self._wait_for(run_id)
        self._assert_once_each(run_id, members)

    def _jobs(self):
        return self.database.sql(
            """SELECT method_name FROM queue_job WHERE state = 'pending'
                ORDER BY method_name"""
        )

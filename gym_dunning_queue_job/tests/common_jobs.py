"""A run in slices, and a job runner that serves the database."""

import os
from unittest.mock import patch

from odoo import fields
from odoo.orm.utils import SUPERUSER_ID
from odoo.tests import get_db_name

from odoo.addons.gym_dunning.models.base import gym_process_slice
from odoo.addons.gym_dunning.models.dunning import gym_dunning_run_generate
from odoo.addons.gym_dunning.tests.base.common import GymCommon
from odoo.addons.queue_job.controllers.main import RunJobController
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import PENDING, Job
from odoo.addons.queue_job.jobrunner.runner import Database

MEMBERS = 5
CHANNELS = "root:4,gym_dunning:2"
BEGIN, WORK, END = "_begin_by_job", "_work_by_job", "_end_by_job"


class JobsCommon(GymCommon):
    """Members who owe, and an estimate; what is generated is a batch for each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(MEMBERS):
            cls._create_invoice(cls._create_member(f"Member {number}"))

    def setUp(self):
        super().setUp()
        self.patch(gym_process_slice, "LEAST", 1)
        self.patch(gym_dunning_run_generate, "BATCH_SIZE_WITHOUT_FEES", 1)
        self.startPatcher(patch.dict(os.environ, {"ODOO_QUEUE_JOB_CHANNELS": CHANNELS}))
        self.runner = self._start_runner()
        self.run_ = self._estimate()

    def _start_runner(self):
        """Elect a runner as that of queue_job is, with a session of its own."""
        runner = Database(get_db_name())
        self.addCleanup(runner.close)
        return runner

    def _begin(self):
        """Generate; return the process, whose slices have a job each."""
        self.run_.action_generate()
        [begin] = self._jobs(BEGIN)
        self._perform(begin)
        return self.run_.process_id.sudo()

    # === JOBS === #

    def _jobs(self, *methods, state=PENDING):
        """Return the jobs in the order in which the runner takes them."""
        domain = [("gym_process_id", "!=", False), ("state", "=", state)]
        if methods:
            domain.append(("method_name", "in", methods))
        return self._root()["queue.job"].search(domain, order="priority, id")

    def _root(self):
        """Return the environment of who works jobs, which no clerk may even see."""
        return self.env(user=SUPERUSER_ID, context={})

    def _perform(self, record):
        """Perform a job as the controller does, in this transaction."""
        env = self._root()
        job = Job.load(env, record.uuid)
        job.set_started()
        job.store()
        try:
            RunJobController._try_perform_job(env, job)
        except RetryableJobError as error:
            job.postpone(result=str(error), seconds=error.seconds)
            job.set_pending(reset_retry=False)
            job.store()
        return record

    def _perform_all(self):
        """Perform what is due, until there is nothing."""
        while jobs := self._jobs().filtered(
            lambda job: not job.eta or job.eta <= fields.Datetime.now()
        ):
            self._perform(jobs[0])

    def _due_now(self, jobs):
        jobs.eta = False

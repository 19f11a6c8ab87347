from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.orm.utils import SUPERUSER_ID
from odoo.tools import SQL

from odoo.addons.gym_dunning.models.base.gym_process import OPEN_STATES
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.job import STARTED
from odoo.addons.queue_job.jobrunner.channels import ChannelManager
from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID, _channels

# Beginning and ending take a moment, and somebody waits for them; a batch has the
# queue's own priority, 10.
FIRST = 5
# So long after the last sign of a job's life the scheduled actions work its process.
PATIENCE = timedelta(minutes=10)
ROOT = "root"


def full_name(channel):
    """Return the name of a channel that was configured without what it is in."""
    return channel if channel.split(".")[0] == ROOT else f"{ROOT}.{channel}"


class GymProcess(models.Model):
    """A process that the runner of `queue_job` works, where one serves the database.

    One job begins the process and queues one for each slice. That works a batch and
    queues the next; of a slice that is done, one that ends the process, if it was the
    last. So a batch of each process comes in turn. Without a runner all is as ever.
    """

    _inherit = "gym.process"

    # === WHO WORKS === #

    @api.model
    def _has_runner(self):
        """Tell whether a job runner serves this database: it holds a lock for life."""
        statement = SQL(
            """SELECT 1 FROM pg_locks
                WHERE locktype = 'advisory' AND granted
                  AND database = (
                      SELECT oid FROM pg_database WHERE datname = current_database()
                      )
                  AND objsubid = 1
                  AND (classid::bigint << 32) + objid::bigint = %s""",
            PG_ADVISORY_LOCK_ID,
        )
        return bool(self.env.execute_query(statement))

    @api.model
    def _worker_count(self):
        # EXTENDS gym_dunning: as many jobs as the runner lets run at once
        here = self._has_runner() and self._capacity()
        return here or super()._worker_count()  # 0: it is another host that runs them

    @api.model
    def _capacity(self):
        """Return how many batches the runner lets be worked at once: the capacity of the
        narrowest channel that ours is in, as this server's configuration says."""
        function = "<gym.process.slice>._work_by_job"
        # sudo: how many work is no secret
        functions = self.env["queue.job.function"].sudo()
        channel = f"{functions.job_config(function).channel}."
        configured = ChannelManager.parse_simple_config(_channels())
        found = {full_name(config["name"]): config["capacity"] for config in configured}
        above = [name for name in found if channel.startswith(f"{name}.")]
        return min([found.get(ROOT, 1), *(found[name] for name in above)])

    def _wake_up(self, at=None):
        # EXTENDS gym_dunning: a job for each, where somebody runs it
        if not (self and self._has_runner()):
            return super()._wake_up(at=at)
        for process in self:
            # Without a key: who starts a process must not rely on a job that waits in
            # what he sees, and has looked meanwhile.
            process._delay(process, eta=at, priority=FIRST)._begin_by_job()

    @api.model
    def _open_processes(self):
        # EXTENDS gym_dunning: the scheduled actions leave to the jobs what these work
        processes = super()._open_processes()
        if processes and self._has_runner():
            processes -= processes._worked_by_jobs()
        return processes

    def _worked_by_jobs(self):
        """Return the processes whose jobs were alive a short while ago, or will be."""
        since = fields.Datetime.now() - PATIENCE
        names = ("date_created", "eta", "date_started")
        alive = Domain.OR(Domain(name, ">", since) for name in names)
        alive |= Domain("state", "=", STARTED)
        jobs = self.env["queue.job"].search(
            Domain("gym_process_id", "in", self.ids) & alive
        )
        return jobs.gym_process_id

    # === JOBS === #

    def _job_store_values(self, job):
        # EXTENDS queue_job
        values = super()._job_store_values(job)
        return {**values, "gym_process_id": self.exists().id}

    def _delay(self, records, **options):
        """Return records whose next method is called by a job of this process.

        It is tried as often as it must be: what breaks a batch stops the process.
        """
        # the worker of a scheduled action acts so, too, whoever wakes it
        env = self.env(
            user=SUPERUSER_ID, su=True, context={"company_id": self.company_id.id}
        )
        return records.with_env(env).with_delay(
            description=self.name, max_retries=0, **options
        )

    def _delay_end(self):
        self._delay(self, priority=FIRST)._end_by_job()

    def _begin_by_job(self):
        """Begin the process, and queue a job for each slice that is not done."""
        process = self.exists()
        if not process._is_due():
            if process.state in OPEN_STATES:
                process._wake_up(at=process.date_next)  # this server's clock is behind
            return
        if process._begin():
            process._delay_slices()
        elif process._is_due():
            raise RetryableJobError("Another worker begins the process.")

    def _delay_slices(self):
        parts = self._open_slices()
        for part in parts:
            part._delay_work()
        if not parts:
            self._end()

    def _end_by_job(self):
        """End the process, if its slices are done.

        A job of its own, because of two jobs that end the last slices at once, neither
        sees what the other has not committed.
        """
        self.exists()._end()

    # === A JOB'S BATCH === #

    def _work_batch_of(self, part):
        """Work a batch of this slice and of no other."""
        return self.with_context(gym_process_job=part.id)._work_batch()

    def _slice_of_job(self):
        slice_id = self.env.context.get("gym_process_job")
        return self.slice_ids & self.slice_ids.browse(slice_id)

    def _slices_in_turn(self):
        # EXTENDS gym_dunning
        if part := self._slice_of_job():
            return part & self._open_slices()
        return super()._slices_in_turn()

    def _end(self):
        # EXTENDS gym_dunning: a batch leaves it to `_end_by_job`
        return None if self._slice_of_job() else super()._end()

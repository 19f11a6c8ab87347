from odoo import models

from odoo.addons.queue_job.exception import RetryableJobError


class GymProcessSlice(models.Model):
    """A slice that jobs work, one batch each."""

    _inherit = "gym.process.slice"

    def _job_store_values(self, job):
        # EXTENDS queue_job
        values = super()._job_store_values(job)
        return {**values, "gym_process_id": self.exists().process_id.id}

    def _delay_work(self):
        """Queue a job for the next batch, unless one waits already."""
        key = f"{self._name}-{self.id}"
        self.process_id._delay(self, identity_key=key)._work_by_job()

    def _work_by_job(self):
        """Work a batch; it is committed with its figures, this job's end and the next
        job, or nothing of it is.

        A job ends without a next one only where it sees that the slice is done, or the
        process not to be worked: who changes that lets the process begin again.
        """
        part = self.exists()
        process = part.process_id
        if process.state == "pending" and process._is_due():
            process._wake_up()  # begun by nobody yet, as far as is seen here
        elif process._is_due():
            part._go_on(process._work_batch_of(part))

    def _go_on(self, handled):
        process = self.process_id
        if self.is_done:
            process._delay_end()
        elif handled:
            self._delay_work()
        elif process._is_due():
            raise RetryableJobError("Another worker has this slice in hand.")

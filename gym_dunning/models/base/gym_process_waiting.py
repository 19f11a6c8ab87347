from datetime import timedelta

from odoo import fields, models


class GymProcess(models.Model):
    """A job that waits: what it needs is away just now, and is asked again later.

    The owner calls `_postpone` from its `_process_batch` and returns 0.
    """

    _inherit = "gym.process"

    date_next = fields.Datetime(
        string="Next Attempt",
        readonly=True,
        help="Waits until then; empty: does not wait.",
    )
    attempt = fields.Integer(
        string="Attempts",
        readonly=True,
        help="How often in a row it was tried and postponed.",
    )

    def _postpone(self, seconds, message):
        """Try this batch again later.

        :param seconds: how long to wait
        :param message: why, in words
        """
        self.ensure_one()
        date_next = fields.Datetime.now() + timedelta(seconds=seconds)
        self.write(
            {
                "state": "pending",
                "date_next": date_next,
                "attempt": self.attempt + 1,
                "message": message,
            }
        )
        self._wake_up(at=date_next)

    def _is_due(self):
        # EXTENDS gym_process: what waits is left alone until its time comes
        waiting = self.date_next and self.date_next > fields.Datetime.now()
        return super()._is_due() and not waiting

    def _work_batch(self):
        # EXTENDS gym_process: a batch that went well ends the series of attempts
        handled = super()._work_batch()
        if handled and self.attempt:
            self._forget_attempts()
        return handled

    def _restart(self):
        # EXTENDS gym_process: whoever starts it again does not want to wait
        self._forget_attempts()
        return super()._restart()

    def _forget_attempts(self):
        self.write({"date_next": False, "attempt": 0, "message": False})

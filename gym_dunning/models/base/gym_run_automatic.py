import logging

import psycopg2

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError

from .gym_process import try_lock
from .gym_run_base import NothingProposed

_logger = logging.getLogger(__name__)


class GymRunAutomatic(models.AbstractModel):
    """Runs that a scheduled action makes: once, and whatever breaks one reaches a
    person and stops no other."""

    _name = "gym.run.automatic"
    _description = "Automatic Run"
    _inherit = ["gym.alert"]

    @api.model
    def _work_once(self, lock, begin, work, failed):
        """Make one automatic run. Somebody who works on the same records at the same
        moment costs a second try.

        :param lock: tells of two schedulers at once whether this one does the work
        :param begin: called first, and stays done where the work fails
        :param work: makes the run; may raise `NothingProposed`
        :param failed: tells a person, called with the exception
        :return: whether this scheduler did the work, or tried to
        """
        for is_last_try in (False, True):
            if not lock():
                return False  # another scheduler is at it
            begin()
            if self._attempt(work, failed, is_last_try):
                break
        return True

    @api.model
    def _attempt(self, work, failed, is_last_try=True):
        """Do it; whatever breaks it reaches a person.

        :return: whether there is no need to try again
        """
        try:
            with self.env.cr.savepoint():
                work()
        except NothingProposed:
            return True
        except psycopg2.Error as error:
            self.env.cr.rollback()  # back to the last centre, committed
            if is_last_try:
                failed(error)
            return is_last_try
        except (UserError, RedirectWarning) as error:
            # one that is not set up must not stop the others
            failed(error)
        except Exception as error:  # pylint: disable=broad-except
            # whatever else breaks must reach a person, and stop nobody either
            _logger.exception("An automatic run of %s failed", self._description)
            failed(error)
        return True

    @api.model
    def _try_lock(self, name, number):
        """Of two schedulers at once, one does the work; it holds until commit."""
        return try_lock(self.env.cr, name, number)

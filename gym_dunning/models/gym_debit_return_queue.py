from odoo import models
from odoo.fields import Domain

from .gym_debit_return_book import PART

# Up to here nobody waits long, and the booking is seen at once.
AT_ONCE = 100


class GymDebitReturnFile(models.Model):
    """Large files are booked in the background: entries are posted for each."""

    _inherit = "gym.debit.return.file"

    def _book_or_queue(self):
        """Book what is matched: now, or by the worker if it is much."""
        waiting = self._waiting()
        if len(waiting) <= AT_ONCE:
            waiting._book()
            return
        name = self.env._("Returns of %s", self.name)
        self.env["gym.process"]._start(self, name, "book", len(waiting))

    def _waiting(self, limit=None):
        """Return what is matched and not booked yet."""
        return self.env["gym.debit.return"].search(
            Domain("file_id", "in", self.ids)
            & Domain("state", "=", "unmatched")
            & Domain("message", "=", False),
            order="id",
            limit=limit,
        )

    # === PROCESS OWNER === #

    def _process_book(self, process):
        rows = self._waiting(PART)
        rows._book()
        failed = len(rows.filtered(lambda one: one.state == "failed"))
        # those that failed are listed among the returns, to be worked there
        process._count(done=len(rows) - failed, skipped=failed)
        return len(rows)

    def _process_book_done(self, process):
        """The list of returns tells the result."""

    def _process_book_restarted(self, process):
        """It goes on with what is not booked."""

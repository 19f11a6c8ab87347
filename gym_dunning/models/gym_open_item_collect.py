from odoo import models

from .gym_debit_plan import COLLECTABLE

# Holds that came after the debit was planned, and forbid to collect.
FORBIDDING = ("dispute", "promise", "agency")


class GymOpenItem(models.Model):
    """Whether an item may be collected."""

    _inherit = "gym.open.item"

    def _debtor_key(self):
        return self.company_id, self.partner_id, self.currency_id

    def _why_not_collected(self, retries=False):
        """Return the first reason that applies, or nothing.

        :param retries: further attempts are not left to the reminders
        """
        if self.debit_state == "in_flight":
            return "in_flight"
        if self.hold_reason:
            return self.hold_reason
        if self._is_kept_out():
            return "no_followup"
        if self.stopped_by:
            return "client_status"
        # what the bank would refuse is collected, too: the batch lists it with what to
        # do, and no letter has announced it
        wanted = ("refused", *COLLECTABLE) if retries else ("refused", "waiting")
        return self.debit_state not in wanted and self.debit_state

    def _is_forbidden(self):
        """Tell whether a debit that is planned must not collect the item any more."""
        return (
            self.hold_reason in FORBIDDING
            or self._is_kept_out()
            or bool(self.stopped_by)
        )

    def _is_kept_out(self):
        """Tell whether somebody set No Follow-Up; on fees booked as entries Odoo
        did so by itself, as on everything in a general journal."""
        is_entry = self.journal_id.type == "general"
        return self.no_followup and not (self.is_dunning_fee and is_entry)

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
        if self._is_left_alone():
            return "no_followup"
        if self._is_stopped_by_status():
            return "client_status"
        # what the bank would refuse is collected, too: the batch lists it with what to
        # do, and no letter has announced it
        wanted = ("refused", *COLLECTABLE) if retries else ("refused", "waiting")
        return self.debit_state not in wanted and self.debit_state

    def _is_forbidden(self):
        """Tell whether a debit that is planned must not collect the item any more."""
        return (
            self.hold_reason in FORBIDDING
            or self._is_left_alone()
            or self._is_stopped_by_status()
        )

    def _is_left_alone(self):
        """Odoo sets *No Follow-Up* by itself on entries of general journals, where
        fees are booked that way: of these nobody meant it."""
        return self.no_followup and not self.is_dunning_fee

    def _is_stopped_by_status(self):
        status, until = self.client_status_id, self.partner_id.client_status_until
        if until and until < self._date():
            return False
        return status.stops_reminders or status.at_agency

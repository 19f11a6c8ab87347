from datetime import timedelta

from odoo import models

STOPPING_STATES = ("pending", "failed")


class GymOpenItem(models.Model):
    """What comes next of an item, said to who owes it."""

    _inherit = "gym.open.item"

    def _gym_next_day(self):
        """Return the first day on which the next level may be sent, by the same rule as
        `due_level`; None where none follows, or where something stops it."""
        self.ensure_one()
        level, policy = self.next_level_id, self.policy_id
        if not level or self.is_dunning_fee or self._gym_is_stopped():
            return None
        wait = max(level.min_days_overdue, policy.min_days_overdue, 1)
        day = self.date_maturity + timedelta(days=wait)
        if self.reminder_date_due:
            day = max(day, self.reminder_date_due + timedelta(days=1))
        return max(day, self._date())

    def _gym_is_stopped(self):
        """Tell whether no reminder follows for now: the last letter is still on its way,
        or somebody or something keeps the item back."""
        held = self.hold_reason and self.hold_reason != "case"
        on_its_way = self.reminder_delivery_state in STOPPING_STATES
        return bool(
            held
            or on_its_way
            or self.stopped_by
            or self.no_followup
            or self.debit_state in ("in_flight", "waiting", "retry")
        )

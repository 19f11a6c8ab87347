from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..base.gym_overview import Part, Tile

# So many days ahead, today counted.
DAYS_AHEAD = 30
GROUPS = ("gym_dunning.group_debt_manager", "gym_dunning.group_use_contracts")


class GymOverview(models.AbstractModel):
    """Contracts whose term ends soon, and the letters about it."""

    _inherit = "gym.overview"

    @api.model
    def _tiles(self):
        # EXTENDS base
        ending = Tile(
            "contracts",
            120,
            self._ending_title(),
            self.env._("No contract ends"),
            "gym.contract",
            GROUPS,
            "fa-calendar",
        )
        return [*super()._tiles(), ending]

    @api.model
    def _ending_title(self):
        return self.env._("Contracts Ending within %s Days", DAYS_AHEAD)

    @api.model
    def _parts_contracts(self):
        today = self._today()
        ending = (
            Domain("state", "in", ("active", "cancelled"))
            & Domain("date_end", ">=", today)
            & Domain("date_end", "<=", today + timedelta(days=DAYS_AHEAD))
        )
        return {
            "all": Part(
                self._ending_title(),
                "gym_dunning.gym_contract_action",
                ending,
                "amount_term",
                person="partner_id",
            )
        }

    @api.model
    def _parts_print(self):
        # EXTENDS dunning: who prints reminders prints these in the same walk
        parts = super()._parts_print()
        notices = self.env["gym.renewal.notice"]
        is_used = self.env.user.has_group("gym_dunning.group_use_contracts")
        if not is_used or not notices.has_access("read"):
            return parts
        waiting = Domain("state", "=", "pending") & Domain("channel", "=", "print")
        part = Part(
            self.env._("Renewal Notices to Print"),
            "gym_dunning.gym_renewal_notice_action",
            waiting,
        )
        return parts | {"notices": part}

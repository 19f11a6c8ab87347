from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..base.gym_overview import Part, Tile

# So many days ahead, today counted.
DAYS_AHEAD = 30
GROUPS = ("gym_dunning.group_debt_manager", "gym_dunning.group_use_contracts")


class GymOverview(models.AbstractModel):
    """Contracts whose term ends soon."""

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

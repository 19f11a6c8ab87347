from odoo import api, models
from odoo.fields import Domain

from ..base.gym_overview import Part, Tile

CASE = "gym.collection.case"
GROUPS = ("gym_dunning.group_debt_manager", "gym_dunning.group_use_cases")


class GymOverview(models.AbstractModel):
    """Promises that end today, and broken ones."""

    _inherit = "gym.overview"

    @api.model
    def _tiles(self):
        # EXTENDS base
        due, kept = self.env._("Promises Due Today"), self.env._("No promise is due")
        broken, none = self.env._("Broken Promises"), self.env._("No promise is broken")
        return [
            *super()._tiles(),
            Tile("promises", 70, due, kept, CASE, GROUPS, "fa-handshake-o"),
            Tile("broken", 80, broken, none, CASE, GROUPS, "fa-chain-broken"),
        ]

    @api.model
    def _parts_promises(self):
        """With those whose day is over: they are decided when the bank is known."""
        due = [("promise_state", "=", "running"), ("date_end", "<=", self._today())]
        return {
            "all": self._cases(
                self.env._("Promises Due Today"),
                Domain("all_activity_ids", "any", due)
                & Domain("state", "=", "promise"),
            )
        }

    @api.model
    def _parts_broken(self):
        title = self.env._("Broken Promises")
        return {"all": self._cases(title, Domain("priority", "=", "1_broken"))}

    @api.model
    def _cases(self, title, domain):
        action = "gym_dunning.gym_collection_case_action"
        return Part(title, action, domain, "amount_case", person="partner_id")

from odoo import api, models
from odoo.fields import Domain

from ..base.gym_overview import Part, Tile

GROUPS = ("gym_dunning.group_dunning_user", "gym_dunning.group_use_agency")


class GymOverview(models.AbstractModel):
    """Who passed the last level and may be handed over."""

    _inherit = "gym.overview"

    @api.model
    def _tiles(self):
        # EXTENDS base
        ready = Tile(
            "agency",
            110,
            self.env._("Ready for the Agency"),
            self.env._("Nobody is ready for the agency"),
            "gym.agency.handover",
            GROUPS,
            "fa-gavel",
        )
        return [*super()._tiles(), ready]

    @api.model
    def _parts_agency(self):
        """Who may be handed over is found item by item, not by a domain."""
        ready = self.env["gym.agency.handover"]._ready_items(self._today())
        return {
            "all": Part(
                self.env._("Ready for the Agency"),
                "gym_dunning.gym_open_item_action",
                Domain("id", "in", ready.ids),
                "amount_residual_company",
                "company_currency_id",
                person="partner_id",
            ),
            "preview": Part(
                self.env._("Create Preview"), "gym_dunning.gym_agency_generate_action"
            ),
        }

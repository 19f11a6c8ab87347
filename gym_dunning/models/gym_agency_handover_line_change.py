from odoo import api, models
from odoo.fields import Domain

from .gym_agency_change import OPEN


class GymAgencyHandoverLine(models.Model):
    """What happens to a claim at the gym while the agency has it."""

    _inherit = "gym.agency.handover.line"

    def _place_holds(self):
        # EXTENDS gym_dunning: what is settled up to now is no change
        self.claim_ids._note_settled()
        return super()._place_holds()

    def _reported(self):
        """Return what the agency itself reported as paid, in the line's currency."""
        return self.amount_recovered

    @api.model
    def _alert_changes(self, concerned):
        """Tell the responsible of hand-overs whose open lines are concerned.

        One query where nobody is at an agency.
        """
        # sudo: who books a payment may not read hand-overs
        lines = self.sudo().search(Domain("file_state", "in", OPEN) & concerned)
        lines.handover_id._alert_changes()

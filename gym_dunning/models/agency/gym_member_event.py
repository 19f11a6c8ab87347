from odoo import api, models
from odoo.tools import SQL


class GymMemberEvent(models.Model):
    """What was handed over to an agency, in a member's history."""

    _inherit = "gym.member.event"
    _depends = {
        "gym.agency.handover.line": [
            "amount",
            "company_id",
            "currency_id",
            "date",
            "file_state",
            "partner_id",
        ]
    }

    @api.model
    def _kinds(self):
        return [*super()._kinds(), ("agency", self.env._("Hand-Over"))]

    @api.model
    def _shown_states(self):
        return super()._shown_states() | {"gym.agency.handover.line": "file_state"}

    def _parts(self):
        return [*super()._parts(), self._handovers_sql()]

    def _handovers_sql(self):
        return SQL(
            """SELECT handed.id, handed.date, handed.partner_id, handed.company_id,
                      'agency' AS kind, handed.agency_reference AS note, handed.amount,
                      handed.currency_id, 'gym.agency.handover.line' AS res_model,
                      handed.id AS res_id
                 FROM gym_agency_handover_line handed
                WHERE handed.file_state IS NOT NULL
                  AND handed.partner_id IS NOT NULL"""
        )

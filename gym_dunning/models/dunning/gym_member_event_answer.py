from odoo import api, models
from odoo.tools import SQL


class GymMemberEvent(models.Model):
    """What a member wrote back, and what was decided, in their history."""

    _inherit = "gym.member.event"
    _depends = {
        "gym.member.answer": ["company_id", "date", "member_id", "outcome_text"]
    }

    @api.model
    def _kinds(self):
        return [*super()._kinds(), ("answer", self.env._("Answer"))]

    @api.model
    def _shown_states(self):
        return super()._shown_states() | {"gym.member.answer": "state"}

    def _parts(self):
        return [*super()._parts(), self._answers_sql()]

    def _answers_sql(self):
        return SQL(
            """SELECT answer.id, answer.date::date AS date,
                      answer.member_id AS partner_id, answer.company_id,
                      'answer' AS kind, answer.outcome_text AS note,
                      NULL::numeric AS amount, NULL::integer AS currency_id,
                      'gym.member.answer' AS res_model, answer.id AS res_id
                 FROM gym_member_answer answer"""
        )

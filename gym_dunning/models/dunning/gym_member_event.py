from odoo import api, models
from odoo.tools import SQL


class GymMemberEvent(models.Model):
    """The letters that reached a member, or did not, in their history."""

    _inherit = "gym.member.event"
    _depends = {"gym.dunning.reminder": ["delivery_date", "delivery_state"]}

    @api.model
    def _kinds(self):
        return [*super()._kinds(), ("letter", self.env._("Letter"))]

    def _state_of(self, record):
        # EXTENDS ledger: of its letter, how it went
        if self.kind != "letter":
            return super()._state_of(record)
        labels = dict(record._fields["delivery_state"]._description_selection(self.env))
        return labels.get(record.delivery_state, False)

    def _parts(self):
        return [*super()._parts(), self._letters_sql()]

    def _letters_sql(self):
        return SQL(
            """SELECT reminder.id, reminder.delivery_date::date AS date,
                      reminder.member_id AS partner_id,
                      reminder.company_id, 'letter' AS kind, NULL AS note,
                      reminder.amount_total AS amount, reminder.currency_id,
                      'gym.dunning.reminder' AS res_model, reminder.id AS res_id
                 FROM gym_dunning_reminder reminder
                WHERE reminder.delivery_date IS NOT NULL"""
        )

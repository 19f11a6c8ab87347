from odoo import api, models
from odoo.tools import SQL, html2plaintext

from .mail_activity import CASE_MODEL


class GymMemberEvent(models.Model):
    """Calls, appointments and promises of the cases, in a member's history."""

    _inherit = "gym.member.event"
    _depends = {
        "gym.collection.case": ["company_id", "currency_id", "partner_id"],
        "mail.activity": [
            "active",
            "agreed_amount",
            "date_deadline",
            "date_done",
            "promise_state",
            "res_id",
            "res_model",
        ],
    }

    @api.model
    def _kinds(self):
        return [
            *super()._kinds(),
            ("activity", self.env._("Call or Appointment")),
            ("promise", self.env._("Promise to Pay")),
        ]

    def _name_of(self, record):
        # EXTENDS ledger: what was said, where something was noted
        if self.res_model != "mail.activity":
            return super()._name_of(record)
        said = html2plaintext(record.feedback or record.note or "").strip()
        name = record.summary or record.activity_type_id.name or ""
        return f"{name}: {said}" if said else name

    def _state_of(self, record):
        # EXTENDS ledger: a promise is kept or broken, a call is planned or done
        if self.res_model != "mail.activity":
            return super()._state_of(record)
        shown = "promise_state" if record.promise_state else "state"
        labels = dict(record._fields[shown]._description_selection(self.env))
        return labels.get(record[shown], False)

    def _to_open(self):
        # EXTENDS ledger: an activity is read in its case
        record = super()._to_open()
        if self.res_model != "mail.activity":
            return record
        return self.env[CASE_MODEL].browse(record.res_id)

    def _parts(self):
        return [*super()._parts(), self._activities_sql()]

    def _activities_sql(self):
        return SQL(
            """SELECT activity.id,
                      COALESCE(activity.date_done, activity.date_deadline) AS date,
                      owner.partner_id, owner.company_id,
                      CASE WHEN activity.promise_state IS NULL THEN 'activity'
                           ELSE 'promise' END AS kind,
                      NULL AS note, activity.agreed_amount AS amount,
                      owner.currency_id, 'mail.activity' AS res_model,
                      activity.id AS res_id
                 FROM mail_activity activity
                 JOIN gym_collection_case owner ON owner.id = activity.res_id
                WHERE activity.res_model = %s""",
            CASE_MODEL,
        )

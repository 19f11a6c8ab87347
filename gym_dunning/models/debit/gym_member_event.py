from odoo import api, models
from odoo.tools import SQL


class GymMemberEvent(models.Model):
    """Direct debits, and what the bank returned, in a member's history."""

    _inherit = "gym.member.event"
    _depends = {
        "gym.debit.order": [
            "amount",
            "company_id",
            "currency_id",
            "execution_date",
            "partner_id",
            "return_date",
            "state",
        ]
    }

    @api.model
    def _kinds(self):
        return [
            *super()._kinds(),
            ("debit", self.env._("Direct Debit")),
            ("return", self.env._("Returned Debit")),
        ]

    @api.model
    def _shown_states(self):
        return super()._shown_states() | {"gym.debit.order": "state"}

    def _state_of(self, record):
        # EXTENDS ledger: a return says why
        if self.kind == "return":
            return record.return_code_id.display_name
        return super()._state_of(record)

    def _parts(self):
        return [
            *super()._parts(),
            self._debits_sql("debit", SQL("debit.execution_date")),
            self._debits_sql("return", SQL("debit.return_date")),
        ]

    def _debits_sql(self, kind, date):
        return SQL(
            """SELECT debit.id, %(date)s AS date, debit.partner_id, debit.company_id,
                      %(kind)s AS kind, NULL AS note, debit.amount,
                      debit.currency_id, 'gym.debit.order' AS res_model,
                      debit.id AS res_id
                 FROM gym_debit_order debit
                WHERE %(date)s IS NOT NULL""",
            kind=kind,
            date=date,
        )

from odoo import models
from odoo.tools import SQL

from .res_config_settings import USE_DEBITS

# States of direct debits that stop reminders, and the code of the refusal; who waits
# for one is debited by a run that says so.
STOPPING_DEBITS = {"in_flight": "debit_in_flight", "waiting": "waiting_for_debit"}


class GymDunningEvaluation(models.AbstractModel):
    """What the bank collects is not reminded meanwhile (E-35, AMB-07)."""

    _inherit = "gym.dunning.evaluation"

    def _columns_of_rooms(self):
        # EXTENDS dunning
        return [*super()._columns_of_rooms(), "debit_state"]

    def _collected_by_nobody_sql(self):
        # EXTENDS dunning: a fee that the bank collects is on no further letter
        return SQL(
            """(%s AND (NOT item.is_dunning_fee
                        OR item.debit_state IS DISTINCT FROM 'in_flight'))""",
            super()._collected_by_nobody_sql(),
        )

    def _item_reasons(self, run):
        # EXTENDS dunning; asked once of each item: the ledger computes the state
        # wherever it is named
        # whoever waits for a debit gets a letter where debits are used no longer
        waits = not run.include_direct_debit and run.env["res.groups"]._gym_uses(
            USE_DEBITS
        )
        left_out = tuple(STOPPING_DEBITS) if waits else ("in_flight",)
        reason = SQL(
            "WHEN item.debit_state IN %s THEN CASE item.debit_state %s END",
            left_out,
            SQL(" ").join(
                SQL("WHEN %s THEN %s", state, code)
                for state, code in STOPPING_DEBITS.items()
            ),
        )
        return [*super()._item_reasons(run), reason]

    def _charges_sql(self, run):
        # EXTENDS dunning: what the bank took for returns
        others = super()._charges_sql(run)
        claims = self.env["gym.debit.order"]._claims_sql(run)
        if not claims:
            return others
        own = SQL(
            """SELECT company_id, person_id, currency_id, sum(amount) AS amount
                 FROM (%s) claim
                GROUP BY company_id, person_id, currency_id""",
            claims,
        )
        return SQL("%s UNION ALL %s", others, own) if others else own

from odoo import models
from odoo.tools import SQL

# The bank has not got them yet, or the payment is not booked.
FLYING = ("draft", "open", "generated")


class GymOpenItem(models.Model):
    """An item in a payment order is under way, whoever put it in."""

    _inherit = "gym.open.item"
    _depends = {"account.payment.line": ["move_line_id", "payment_type", "state"]}

    def _debit_state_sql(self):
        # EXTENDS gym_dunning
        return SQL(
            """CASE WHEN EXISTS (
                   SELECT 1 FROM account_payment_line theirs
                    WHERE theirs.move_line_id = aml.id
                      AND theirs.payment_type = 'inbound'
                      AND theirs.state IN %s)
               THEN 'in_flight' ELSE %s END""",
            FLYING,
            super()._debit_state_sql(),
        )

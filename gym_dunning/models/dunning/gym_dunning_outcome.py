from odoo import api, fields, models
from odoo.tools import SQL


class GymDunningOutcome(models.Model):
    """By which channel reminders went out, and what that cost the gym."""

    _inherit = "gym.dunning.outcome"
    _depends = {
        "gym.dunning.reminder": ["delivery_channel", "delivery_state"],
        "res.company": [
            "dunning_cost_booking",
            "dunning_cost_email",
            "dunning_cost_print",
        ],
    }

    delivery_channel = fields.Selection(
        selection=lambda self: (
            self.env["gym.dunning.reminder"]
            ._fields["delivery_channel"]
            ._description_selection(self.env)
        ),
        string="Channel",
        readonly=True,
        help="Empty: no document was sent.",
    )
    amount_cost = fields.Monetary(
        string="Cost",
        readonly=True,
        help="The piece by its channel, and the bank's charge for each payment, as the"
        " settings name them today.",
    )
    cost_rate = fields.Float(
        string="Cost of What Was Recovered",
        readonly=True,
        aggregator="avg",
        help="Cost, as a share of what was recovered.",
    )

    @api.model
    def _rates(self):
        # EXTENDS ledger
        return super()._rates() | {"cost_rate": ("amount_cost", "amount_paid")}

    def _columns(self):
        # EXTENDS ledger
        return super()._columns() | {
            "delivery_channel": SQL("letter.delivery_channel"),
            "amount_cost": self._cost_sql(),
        }

    @api.model
    def _channel_costs(self):
        """Return the company's column with the cost of a piece, by channel; modules
        that send in other ways add theirs."""
        return {"print": "dunning_cost_print", "email": "dunning_cost_email"}

    def _cost_sql(self):
        """What sending it cost, and the bank for each payment that came of it."""
        pieces = SQL(" ").join(
            SQL(
                "WHEN letter.delivery_channel = %s THEN company.%s",
                channel,
                SQL.identifier(name),
            )
            for channel, name in self._channel_costs().items()
        )
        return SQL(
            """(CASE WHEN letter.delivery_state IN ('sent', 'printed')
                     THEN COALESCE(CASE %s END, 0) ELSE 0 END
                + COALESCE(settled.payments * company.dunning_cost_booking, 0))""",
            pieces,
        )

from odoo import api, models
from odoo.fields import Domain

from ..base.gym_overview import Part, Tile
from .gym_debit_return import TO_WORK
from .gym_dunning_evaluation import STOPPING_DEBITS
from .res_config_settings import USE_DEBITS

GROUPS = ("gym_dunning.group_dunning_user", USE_DEBITS)
ITEMS = "gym_dunning.gym_open_item_action"


class GymOverview(models.AbstractModel):
    """What the bank is to collect, and what it sent back."""

    _inherit = "gym.overview"

    @api.model
    def _tiles(self):
        # EXTENDS base
        return [
            *super()._tiles(),
            Tile(
                "collect",
                90,
                self.env._("Debits to Collect"),
                self.env._("Nothing to collect"),
                "gym.open.item",
                GROUPS,
                "fa-download",
            ),
            Tile(
                "returned_debits",
                100,
                self.env._("Returned Debits to Work"),
                self.env._("All returned debits are worked"),
                "gym.debit.return",
                GROUPS,
                "fa-undo",
            ),
        ]

    @api.model
    def _remind_domain(self):
        # EXTENDS dunning: what the bank collects waits for it, as in an estimate
        waits = self.env["res.groups"]._gym_uses(USE_DEBITS)
        left_out = list(STOPPING_DEBITS) if waits else ["in_flight"]
        return super()._remind_domain() & Domain("debit_state", "not in", left_out)

    @api.model
    def _parts_collect(self):
        """As the dialog looks for debits, each item by itself; it takes off credits."""
        due = (
            Domain("date_maturity", "<=", self._today())
            & Domain("hold_reason", "=", False)
            & Domain("stopped_by", "=", False)
            & Domain("no_followup", "=", False)
        )
        states = self.env["gym.open.item"]._fields["debit_state"]
        again = dict(states._description_selection(self.env))["retry"]
        return {
            "all": self._items(
                self.env._("Debits to Collect"),
                due & Domain("debit_state", "in", ("waiting", "refused")),
            ),
            "retry": self._items(again, due & Domain("debit_state", "=", "retry")),
            "generate": Part(
                self.env._("Collect"), "gym_dunning.gym_debit_generate_action"
            ),
        }

    @api.model
    def _items(self, title, domain):
        amount, currency = "amount_residual_company", "company_currency_id"
        return Part(title, ITEMS, domain, amount, currency, person="partner_id")

    @api.model
    def _parts_returned_debits(self):
        return {
            "all": Part(
                self.env._("Returned Debits to Work"),
                "gym_dunning.gym_debit_return_action",
                Domain("state", "in", TO_WORK),
                "amount",
            )
        }

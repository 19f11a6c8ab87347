from odoo import api, fields, models
from odoo.tools import SQL


class GymDunningOutcome(models.Model):
    """What direct debits brought after a reminder."""

    _inherit = "gym.dunning.outcome"
    _depends = {"account.payment": ["gym_debit_order_id"]}

    way = fields.Selection(selection_add=[("debit", "Direct Debit")])
    amount_way_debit = fields.Monetary(string="By Direct Debit", readonly=True)

    @api.model
    def _ways(self):
        # EXTENDS ledger
        ways = super()._ways()
        money = ways.pop("payment")
        by_bank = self._payment_sql(SQL("payment.gym_debit_order_id IS NOT NULL"))
        return ways | {"debit": by_bank, "payment": money}

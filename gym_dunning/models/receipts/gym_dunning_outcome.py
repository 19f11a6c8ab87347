from odoo import api, fields, models
from odoo.tools import SQL


class GymDunningOutcome(models.Model):
    """What came in by the bank's files after a reminder."""

    _inherit = "gym.dunning.outcome"
    _depends = {"account.payment": ["gym_receipt_id"]}

    way = fields.Selection(selection_add=[("receipt", "Bank Receipt")])
    amount_way_receipt = fields.Monetary(
        string="By Bank Receipt",
        readonly=True,
        help="Transfers that a bank's file told of.",
    )

    @api.model
    def _ways(self):
        # EXTENDS ledger
        ways = super()._ways()
        money = ways.pop("payment")
        by_bank = self._payment_sql(SQL("payment.gym_receipt_id IS NOT NULL"))
        return ways | {"receipt": by_bank, "payment": money}

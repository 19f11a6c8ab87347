from odoo import models


class AccountMoveLine(models.Model):
    """What a payment had lifted comes back with the debt."""

    _inherit = "account.move.line"

    def _gym_follow_reopened(self):
        # EXTENDS ledger
        self.env["gym.dunning.consequence"]._block_again(self)
        return super()._gym_follow_reopened()

from odoo import models
from odoo.fields import Domain


class AccountMove(models.Model):
    """The contracts that documents bill."""

    _inherit = "account.move"

    def _gym_concerned_members(self):
        # EXTENDS ledger: others may pay for the member of a contract
        members = super()._gym_concerned_members()
        # sudo: who books a payment need not see contracts
        periods = self.env["gym.contract.period"].sudo()
        behind = periods.search(Domain("move_id", "in", self.ids))
        return members | behind.contract_id.partner_id

from odoo import models


class AccountMoveLine(models.Model):
    """What follows where something changes of what pays an item."""

    _inherit = "account.move.line"

    def _gym_follow_bank(self, cause):
        # EXTENDS ledger: its debtor is reminded at once, where the policy wants it
        self.env["gym.dunning.occasion"]._note(self, cause)
        return super()._gym_follow_bank(cause)

    def unlink(self):
        # EXTENDS account: a statement's line that is matched otherwise counts until
        # then, though it pays nothing any more
        lifted = self.env["gym.dunning.consequence"]._lifted(self)
        result = super().unlink()
        lifted._block_again()
        return result

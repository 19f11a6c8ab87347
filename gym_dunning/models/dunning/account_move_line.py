from odoo import models


class AccountMoveLine(models.Model):
    """A payment that is there no more: a statement's line that is matched otherwise."""

    _inherit = "account.move.line"

    def unlink(self):
        # EXTENDS account: until then it counts, though it pays nothing any more
        lifted = self.env["gym.dunning.consequence"]._lifted(self)
        result = super().unlink()
        lifted._block_again()
        return result

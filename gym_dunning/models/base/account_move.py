from odoo import models


class AccountMove(models.Model):
    """Entries that we book, and that somebody may take back."""

    _inherit = "account.move"

    def _gym_is_standing(self):
        """Tell whether the entry is posted and no reversal of it is."""
        self.ensure_one()
        # one that an accountant reset or cancelled has nothing to be reversed
        return self.state == "posted" and all(
            move.state == "cancel" for move in self.reversal_move_ids
        )

from odoo import models


class GymDebitBatch(models.Model):
    """Another day for a batch that is not sent yet."""

    _inherit = "gym.debit.batch"

    def action_move_date(self):
        """Open the dialog that moves the batch to another day."""
        batch = self._for_clerk("draft")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move %s", batch.name),
            "res_model": "gym.debit.move",
            "view_mode": "form",
            "target": "new",
            "context": {"default_batch_id": batch.id},
        }

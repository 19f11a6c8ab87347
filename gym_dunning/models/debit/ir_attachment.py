from odoo import models


class IrAttachment(models.Model):
    """What goes to the bank is logged, and stays what it was."""

    _inherit = "ir.attachment"

    def _gym_export_logs(self):
        # EXTENDS base
        return [*super()._gym_export_logs(), "gym.debit.export"]

    def _gym_log_fetched(self):
        # EXTENDS base
        result = super()._gym_log_fetched()
        # sudo: whoever reads the attachment need not see batches, but is noted
        made = self.env["gym.debit.export"].sudo()
        for entry in made.search(
            [("attachment_id", "in", self.ids), ("kind", "=", "file")]
        ):
            entry.batch_id._log_fetched(entry.attachment_id)
        return result

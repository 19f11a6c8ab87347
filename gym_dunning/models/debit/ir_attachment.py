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
        files = self.sudo().filtered(lambda one: one.res_model == "gym.debit.batch")
        made = [("attachment_id", "in", files.ids), ("kind", "=", "file")]
        # every picture of Odoo passes here: only documents of batches are looked up
        for entry in files.env["gym.debit.export"].search(made) if files else ():
            entry.batch_id._log_fetched(entry.attachment_id)
        return result

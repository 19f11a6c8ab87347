from odoo import models


class IrAttachment(models.Model):
    """What goes to an agency is logged, and stays what it was."""

    _inherit = "ir.attachment"

    def _gym_export_logs(self):
        # EXTENDS base
        return [*super()._gym_export_logs(), "gym.agency.export"]

    def _gym_log_fetched(self):
        # EXTENDS base
        result = super()._gym_log_fetched()
        handovers = self.env["gym.agency.handover"]
        # sudo: whoever reads the attachment need not see hand-overs, but is noted
        for attachment in self.sudo():
            if attachment.res_model == handovers._name:
                handovers._log_fetched(attachment)
        return result

    def action_download_document(self):
        # EXTENDS base: what goes to an agency is logged
        self.env["gym.agency.handover"]._log_download(self)
        return super().action_download_document()

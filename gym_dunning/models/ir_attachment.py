from odoo import models


class IrAttachment(models.Model):
    """Open a document of the list by a click."""

    _inherit = "ir.attachment"

    def action_download_document(self):
        """Download the document; what goes to an agency is logged."""
        self.ensure_one()
        self.env["gym.agency.handover"]._log_download(self)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.id}?download=true",
            "target": "download",
        }

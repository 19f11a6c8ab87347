from odoo import models


class IrAttachment(models.Model):
    """Documents of runs, fetched by a button."""

    _inherit = "ir.attachment"

    def action_download_document(self):
        """Download the document."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.id}?download=true",
            "target": "download",
        }

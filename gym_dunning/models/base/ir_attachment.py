from odoo import models


class IrAttachment(models.Model):
    """Documents of runs, fetched by a button."""

    _inherit = "ir.attachment"

    def action_download_document(self):
        """Download the document."""
        return self._gym_download(target="download")

    def _gym_download(self, target="new", **action):
        """Return the action that downloads the document.

        :param target: `new` reads the form again, with its log; `download` does not
        :param action: what the action says besides
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.id}?download=true",
            "target": target,
        } | action

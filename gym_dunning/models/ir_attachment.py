from odoo import models
from odoo.exceptions import UserError

# Whoever changes them changes what left the house, or where it is found.
CONTENT = {
    "datas",
    "db_datas",
    "mimetype",
    "name",
    "raw",
    "res_id",
    "res_model",
    "store_fname",
    "type",
    "url",
}


class IrAttachment(models.Model):
    """What goes to an agency: opened by a click and logged, never changed."""

    _inherit = "ir.attachment"

    def write(self, vals):
        # EXTENDS base: the log of exports, and the message that is sent again, say
        # what left; it must stay that
        if not self.env.su and CONTENT & vals.keys():
            self._refuse_sent_content()
        return super().write(vals)

    def _refuse_sent_content(self):
        # sudo: whoever writes an attachment need not see the log
        log = self.env["gym.agency.export"].sudo()
        if sent := log.search([("attachment_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "%(file)s of %(handover)s has left for the agency and stays as it"
                    " was. Add another file instead.",
                    file=sent.file_name,
                    handover=sent.handover_id.display_name,
                )
            )

    def action_download_document(self):
        """Download the document; what goes to an agency is logged."""
        self.ensure_one()
        self.env["gym.agency.handover"]._log_download(self)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.id}?download=true",
            "target": "download",
        }

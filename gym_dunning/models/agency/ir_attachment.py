from odoo import models
from odoo.exceptions import UserError

# Whoever reads the first has the content; whoever changes any of them changes what
# left the house, or where it is found.
READ_CONTENT = {"datas", "db_datas", "raw"}
CONTENT = READ_CONTENT | {
    "mimetype",
    "name",
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
            self._gym_refuse_sent_content()
        return super().write(vals)

    def _gym_refuse_sent_content(self):
        # sudo: whoever writes an attachment need not see the log
        log = self.env["gym.agency.export"].sudo()
        if sent := log.search([("attachment_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "%s has left the house and stays as it was. Add another file"
                    " instead.",
                    sent.file_name,
                )
            )

    def _to_http_stream(self):
        # EXTENDS base: what goes to an agency is logged past the buttons too, as from
        # the chatter
        self._log_fetched()
        return super()._to_http_stream()

    def _read_format(self, fnames, load="_classic_read"):
        # EXTENDS base: a content that is read by the API left, too
        is_content = not READ_CONTENT.isdisjoint(fnames)
        if is_content and not self.env.su and not self.env.context.get("bin_size"):
            self._log_fetched()
        return super()._read_format(fnames, load=load)

    def _log_fetched(self):
        handovers = self.env["gym.agency.handover"]
        # sudo: whoever reads the attachment need not see hand-overs, but is noted
        for attachment in self.sudo():
            if attachment.res_model == handovers._name:
                handovers._log_fetched(attachment)

    def action_download_document(self):
        # EXTENDS base: what goes to an agency is logged
        self.env["gym.agency.handover"]._log_download(self)
        return super().action_download_document()

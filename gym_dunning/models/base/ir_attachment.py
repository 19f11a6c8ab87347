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
    """Documents: fetched by a button; those that leave the house are noted, whatever
    way they leave, and never changed."""

    _inherit = "ir.attachment"

    # === WHAT LEFT THE HOUSE === #

    def _gym_export_logs(self):
        """Return the names of the logs (`gym.export.base`) that name documents."""
        return []

    def _gym_log_fetched(self):
        """Note who fetched these documents without pressing a button; the rooms whose
        documents they are do."""

    def write(self, vals):
        # EXTENDS base: the log of exports, and a message that is sent again, say what
        # left; it must stay that
        if not self.env.su and CONTENT & vals.keys():
            self._gym_refuse_sent_content()
        return super().write(vals)

    def _gym_refuse_sent_content(self):
        for name in self._gym_export_logs():
            # sudo: whoever writes an attachment need not see the log
            log = self.env[name].sudo()
            if sent := log.search([("attachment_id", "in", self.ids)], limit=1):
                raise UserError(
                    self.env._(
                        "%s has been handed out and can no longer be changed. Add "
                        "another file instead.",
                        sent.file_name,
                    )
                )

    def _to_http_stream(self):
        # EXTENDS base: past the buttons too, as from the chatter
        self._gym_log_fetched()
        return super()._to_http_stream()

    def _read_format(self, fnames, load="_classic_read"):
        # EXTENDS base: a content that is read by the API left, too
        is_content = not READ_CONTENT.isdisjoint(fnames)
        if is_content and not self.env.su and not self.env.context.get("bin_size"):
            self._gym_log_fetched()
        return super()._read_format(fnames, load=load)

    # === DOWNLOAD === #

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

from datetime import timedelta

from odoo import api, fields, models

# A click that was logged and the request that follows it are one download.
ONE_DOWNLOAD = timedelta(minutes=1)


class GymAgencyHandover(models.Model):
    """The log of what left the house."""

    _inherit = "gym.agency.handover"

    export_ids = fields.One2many(
        "gym.agency.export", "handover_id", string="Exports", readonly=True
    )

    def _log_export(self, kind, attachment, recipient=None):
        """Note who let which content leave the house, and to whom.

        :param kind: see `gym.agency.export`
        :param attachment: the content, as it left
        :param recipient: address of an e-mail or web service; else the agency's name
        :return: the entry
        """
        self.ensure_one()
        vals = {
            "handover_id": self.id,
            "company_id": self.company_id.id,
            "kind": kind,
            "recipient": recipient or self.agency_id.display_name,
        }
        log = self.env["gym.agency.export"]
        return log._log(attachment, vals | self._export_figures(attachment))

    @api.model
    def _log_download(self, attachment):
        """Note that what was exported is fetched once more."""
        handover = self.browse(attachment.res_id)
        is_ours = attachment.res_model == self._name
        if is_ours and attachment in handover.export_ids.attachment_id:
            handover._log_export("download", attachment)

    @api.model
    def _log_fetched(self, attachment):
        """Note who fetched what was exported without pressing our buttons."""
        since = fields.Datetime.now() - ONE_DOWNLOAD
        # sudo: every download is logged, whoever may see the log
        just_now = self.env["gym.agency.export"].sudo()
        if not just_now.search_count(
            [
                ("attachment_id", "=", attachment.id),
                ("user_id", "=", self.env.uid),
                ("date", ">=", since),
            ],
            limit=1,
        ):
            self.sudo()._log_download(attachment)

    def _export_figures(self, attachment):
        """Return what is in a content: as logged when it was made, else as of now."""
        made = self.export_ids.filtered(lambda one: one.attachment_id == attachment)
        if made:
            return {"line_count": made[0].line_count, "amount": made[0].amount}
        lines = self._lines_at_agency()
        return {
            "line_count": len(lines),
            "amount": sum(lines.mapped("amount_company")),
        }

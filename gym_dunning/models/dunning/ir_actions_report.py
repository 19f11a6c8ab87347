import io

from odoo import models
from odoo.tools.pdf import merge_pdf

SWISS_PART = "gym_dunning.action_report_swiss_part"


class IrActionsReport(models.Model):
    """A letter is kept once it is issued."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        # EXTENDS base: Swiss letters end with the payment part, on a sheet without
        # margins
        streams = super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        report = self._get_report(report_ref)
        is_part = report == self.env.ref(SWISS_PART, raise_if_not_found=False)
        if report.model == "gym.dunning.reminder" and not is_part:
            self._gym_add_swiss_parts(streams, data)
        return streams

    def _gym_add_swiss_parts(self, streams, data):
        """Add the payment part to letters that were made just now; kept ones have it."""
        made = [
            id
            for id, one in streams.items()
            if id and one["stream"] and not one.get("attachment")
        ]
        reminders = self.env["gym.dunning.reminder"].browse(made)
        swiss = reminders.filtered(lambda reminder: reminder._has_swiss_part())
        if not swiss:
            return
        # a file for each: what is joined has no places fixed on the sheet
        context = {k: v for k, v in self.env.context.items() if k != "gym_letter"}
        reports = self.with_env(self.env(context=context))
        parts = reports._render_qweb_pdf_prepare_streams(SWISS_PART, data, swiss.ids)
        for id in swiss.ids:
            letter, part = streams[id], parts[id]["stream"]
            whole = merge_pdf([letter["stream"].getvalue(), part.getvalue()])
            letter["stream"].close()
            part.close()
            letter["stream"] = io.BytesIO(whole)

    def _prepare_pdf_report_attachment_vals_list(self, report, streams):
        # EXTENDS base: the preview of a proposal must not be found as its letter
        # later, whatever a gym's own layout says
        if report.model == "gym.dunning.reminder":
            reminders = self.env[report.model].browse(filter(None, streams))
            issued = reminders.filtered(lambda reminder: reminder.state == "issued")
            streams = {id: streams[id] for id in issued.ids}
        return super()._prepare_pdf_report_attachment_vals_list(report, streams)

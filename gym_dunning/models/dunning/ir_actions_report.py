from odoo import models


class IrActionsReport(models.Model):
    """A letter is kept once it is issued."""

    _inherit = "ir.actions.report"

    def _prepare_pdf_report_attachment_vals_list(self, report, streams):
        # EXTENDS base: the preview of a proposal must not be found as its letter
        # later, whatever a gym's own layout says
        if report.model == "gym.dunning.reminder":
            reminders = self.env[report.model].browse(filter(None, streams))
            issued = reminders.filtered(lambda reminder: reminder.state == "issued")
            streams = {id: streams[id] for id in issued.ids}
        return super()._prepare_pdf_report_attachment_vals_list(report, streams)

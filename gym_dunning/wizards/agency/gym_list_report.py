from odoo import models


class GymListReport(models.AbstractModel):
    """Lists of debtors leave the house as hand-overs do: the log says by whom."""

    _inherit = "gym.list.report"

    def _log_taken(self, attachment):
        # EXTENDS base
        result = super()._log_taken(attachment)
        self.env["gym.agency.export"]._log(attachment, self._prepare_log_vals())
        return result

    def _log_printed(self):
        # EXTENDS base
        result = super()._log_printed()
        for report in self:
            vals = {
                "user_id": self.env.uid,
                "file_name": f"{report._file_name()}.pdf",
            } | report._prepare_log_vals()
            # sudo: every export is logged, and nobody writes the log
            self.env["gym.agency.export"].sudo().create(vals)
        return result

    def _prepare_log_vals(self):
        members, amount = self._figures()
        return {
            "kind": self._log_kind,
            "company_id": self.company_id.id,
            "line_count": members,
            "amount": amount,
        }

from odoo import fields, models

from ...reports.agency import gym_agency_list
from ...reports.base import tabular


class GymAgencyReport(models.TransientModel):
    """ "Rapport rappel 3" or "Export Inkasso-Gesellschaft" (E-26, E-54 to E-56)."""

    _name = "gym.agency.report"
    _description = "Report Reminder 3"
    _inherit = ["gym.list.report"]
    _log_kind = "report"
    _pdf_report = "gym_dunning.action_report_agency_list"

    date = fields.Date(string="As of", required=True, default=fields.Date.context_today)
    run_id = fields.Many2one(
        "gym.dunning.run",
        string="Limit to Run",
        domain="[('state', '=', 'done')]",
        help="Empty: everybody who has passed the last level and still owes.",
    )
    file_format = fields.Selection(
        [("pdf", "PDF"), ("xlsx", "Excel (XLSX)"), ("csv", "CSV")],
        required=True,
        default="pdf",
    )

    def _nothing_listed(self):
        return self.env._(
            "Nobody in %s has passed the last level with a balance that is free for"
            " collection.",
            self.company_id.name,
        )

    def _listed(self):
        return self.env["gym.agency.list"]._items(
            self.company_id._ticked_centres(), self.date, run=self.run_id
        )

    def _content(self, items):
        agency_list = self.env["gym.agency.list"]
        rows = agency_list._rows(agency_list._claims(items), self.date)
        if self.file_format == "csv":
            return tabular.to_csv(gym_agency_list.COLUMNS, rows)
        return self._workbook(rows)

    def _workbook(self, rows):
        """Return the list as people read it: what nobody has is no column."""
        agency_list = self.env["gym.agency.list"]
        titles = agency_list._titles()
        columns = [
            column
            for column in titles
            if any(not self._is_blank(row[column]) for row in rows)
        ]
        return tabular.to_xlsx(
            columns,
            rows,
            agency_list._totals(rows),
            self.env._("Totals"),
            titles=titles,
            sheet_title=self.env._("Claims"),
        )

    def _is_blank(self, value):
        return value is None or value is False or value == ""  # but no zero

    def _file_name(self):
        # OVERRIDES gym.list.report
        return self._dated_file_name("reminder-3")

    def _figures(self):
        # OVERRIDES gym.list.report
        items = self._listed()
        return len(items._persons()), sum(items.mapped("amount_residual_company"))

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...models.cases.mail_activity_type import CASE_STATES
from ...reports.base import tabular


class GymCaseReport(models.TransientModel):
    """What the report "Collection case status" is about (G-89a)."""

    _name = "gym.case.report"
    _description = "Collection Case Status"
    _inherit = ["gym.list.report"]
    _log_kind = "cases"
    _pdf_report = "gym_dunning.action_report_case_status"

    date = fields.Date(
        string="As of",
        required=True,
        readonly=True,
        default=fields.Date.context_today,
        help="Amounts and states are those of the moment of printing.",
    )
    manager_ids = fields.Many2many(
        "res.users",
        string="Debt Managers",
        domain=[("share", "=", False)],
        help="Empty: all, and cases without one.",
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", help="Empty: all customers."
    )
    state_not_started = fields.Boolean(string="Not Started", default=True)
    state_in_progress = fields.Boolean(string="Started and In Progress", default=True)
    state_promise = fields.Boolean(string="Promise", default=True)
    state_completed = fields.Boolean(string="Completed")
    start_from = fields.Date(help="Cases that start on this day count.")
    start_to = fields.Date(help="Cases that start on this day count.")
    only_planned = fields.Boolean(
        string="Only with a Next Action",
        help="Cases for which nothing is planned are left out.",
    )
    file_format = fields.Selection(
        [("pdf", "PDF"), ("xlsx", "Excel (XLSX)")], required=True, default="pdf"
    )

    def _nothing_listed(self):
        return self.env._(
            "No collection case of %s fits these criteria. Choose more states, or a"
            " longer time.",
            self.company_id.name,
        )

    def _listed(self):
        return self.env["gym.collection.case"].search(self._domain())

    def _domain(self):
        domain = Domain("company_id", "in", self.company_id._ticked_centres().ids)
        domain &= Domain("state", "in", self._states())
        if self.manager_ids:
            domain &= Domain("debt_manager_id", "in", self.manager_ids.ids)
        if self.partner_ids:
            domain &= Domain("partner_id", "child_of", self.partner_ids.ids)
        if self.start_from:
            domain &= Domain("date_start", ">=", self.start_from)
        if self.start_to:
            domain &= Domain("date_start", "<=", self.start_to)
        if self.only_planned:
            domain &= Domain("activity_ids", "!=", False)
        return domain

    def _states(self):
        return [state for state, __ in CASE_STATES if self[f"state_{state}"]]

    def _criteria(self):
        """Say what the cases were chosen by, besides the centre."""
        chosen = [", ".join(self.manager_ids.mapped("name"))]
        chosen.append(", ".join(self.partner_ids.mapped("display_name")))
        labels = self.fields_get([f"state_{state}" for state in self._states()])
        if len(labels) < len(CASE_STATES):
            chosen.append(", ".join(label["string"] for label in labels.values()))
        if self.start_from:
            start = format_date(self.env, self.start_from)
            chosen.append(self.env._("started from %s", start))
        if self.start_to:
            end = format_date(self.env, self.start_to)
            chosen.append(self.env._("started until %s", end))
        if self.only_planned:
            chosen.append(self.env._("with a next action"))
        return "; ".join(filter(None, chosen))

    # === FILES === #

    def _content(self, cases):
        """Return the sheet: the rows of the printed report, and the totals."""
        lists = self.env["gym.case.list"]
        columns, rows = lists._columns(), lists._rows(cases)
        titled = [{columns[key]: row[key] for key in columns} for row in rows]
        totals = []
        for currency, count, value, current in lists._totals(rows):
            totals += [
                (self.env._("Cases %s", currency), count),
                (self.env._("Case Value %s", currency), value),
                (self.env._("Current Amount %s", currency), current),
            ]
        return tabular.to_xlsx(
            list(columns.values()), titled, totals, self.env._("Totals")
        )

    def _file_name(self):
        # OVERRIDES gym.list.report
        return self._dated_file_name("cases")

    def _figures(self):
        # OVERRIDES gym.list.report
        cases = self._listed()
        total = sum(
            currency._convert(
                sum(group.mapped("amount_current")),
                self.company_id.currency_id,
                self.company_id,
                self.date,
            )
            for currency, group in cases.grouped("currency_id").items()
        )
        return len(cases.partner_id), total

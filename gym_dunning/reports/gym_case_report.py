from odoo import models
from odoo.tools import groupby


class ReportGymCase(models.AbstractModel):
    """Values of the printed "Collection case status": by debt manager (G-89b)."""

    _name = "report.gym_dunning.gym_case_report"
    _description = "Collection Case Status (PDF)"

    def _get_report_values(self, docids, data=None):
        docs = self.env["gym.case.report"].browse(docids)
        return {
            "docs": docs,
            "contents": {doc.id: self._content(doc) for doc in docs},
        }

    def _content(self, doc):
        lists = self.env["gym.case.list"]
        rows = lists._rows(doc._cases())
        return {
            "columns": lists._columns(),
            "with_centre": len({row["centre"] for row in rows}) > 1,
            "currencies": {
                one.name: one
                for one in self.env["res.currency"]
                .with_context(active_test=False)
                .search([("name", "in", list({row["currency"] for row in rows}))])
            },
            "managers": [
                (manager, mine, lists._totals(mine))
                for (__, manager), mine in groupby(
                    rows, lambda row: (row["manager_id"], row["manager"])
                )
            ],
            "totals": lists._totals(rows),
            "criteria": doc._criteria(),
        }

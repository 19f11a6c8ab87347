from textwrap import wrap

from odoo import models
from odoo.tools import groupby, split_every

# wkhtmltopdf prints a row that is higher than a page over the head of the next one:
# what may be long is printed in rows of a few lines.
NOTE_WIDTH = 700
ACTION_LINES = 12


class ReportGymCase(models.AbstractModel):
    """Values of the printed "Collection case status": by debt manager (G-89b)."""

    _name = "report.gym_dunning.gym_case_report"
    _description = "Collection Case Status (PDF)"

    def _get_report_values(self, docids, data=None):
        docs = self.env["gym.case.report"].browse(docids)
        docs._log_printed()
        return {
            "docs": docs,
            "contents": {doc.id: self._content(doc) for doc in docs},
        }

    def _content(self, doc):
        lists = self.env["gym.case.list"]
        rows = lists._rows(doc._listed())
        return {
            "columns": lists._columns(),
            "with_centre": len({row["centre"] for row in rows}) > 1,
            "currencies": {
                one.name: one
                for one in self.env["res.currency"]
                .with_context(active_test=False)
                .search([("name", "in", list({row["currency"] for row in rows}))])
            },
            "note_parts": self._note_parts,
            "action_parts": self._action_parts,
            "managers": [
                (manager, mine, lists._totals(mine))
                for (__, manager), mine in groupby(
                    rows, lambda row: (row["manager_id"], row["manager"])
                )
            ],
            "totals": lists._totals(rows),
            "criteria": doc._criteria(),
        }

    def _note_parts(self, row):
        """Return the note in parts that take a few lines each."""
        return [
            part for line in row["note"].splitlines() for part in wrap(line, NOTE_WIDTH)
        ]

    def _action_parts(self, row):
        """Return the actions in parts of a few lines; one empty part for none."""
        lines = row["actions"].splitlines()
        return ["\n".join(part) for part in split_every(ACTION_LINES, lines)] or [""]

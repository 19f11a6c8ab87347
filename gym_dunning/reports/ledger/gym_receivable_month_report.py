from odoo import models

from .gym_receivable_ageing_report import AMOUNTS

RATES = ("dso", "cei", "at_risk_rate")


class ReportGymReceivableMonth(models.AbstractModel):
    """Values of the printed month ends: a table for each centre, or of the holding."""

    _name = "report.gym_dunning.gym_receivable_month_report"
    _description = "Receivables by Month (PDF)"

    def _get_report_values(self, docids, data=None):
        docs = self.env["gym.receivable.ask"].browse(docids)
        return {"docs": docs, "contents": {doc.id: self._content(doc) for doc in docs}}

    def _content(self, doc):
        months = doc._months()
        rows = months.search([("id", "in", doc.printed_ids)])
        return {
            "amounts": AMOUNTS,
            "columns": [
                months._fields[name]._description_string(self.env)
                for name in ("date", *AMOUNTS, *RATES)
            ],
            "definitions": [
                (field._description_string(self.env), field._description_help(self.env))
                for field in (
                    months._fields[name] for name in ("dso", "cei", "amount_at_risk")
                )
            ],
            "tables": list(rows.grouped("company_id").items()),
        }

from collections import defaultdict

from odoo import models

from ...models.ledger.gym_receivable_ageing import BUCKETS

AMOUNTS = (*BUCKETS, "amount_credit", "amount")


class ReportGymReceivableAgeing(models.AbstractModel):
    """Values of the printed ageing: a table for each centre, a row for each debtor; or
    one table with a row for each centre."""

    _name = "report.gym_dunning.gym_receivable_ageing_report"
    _description = "Ageing of Receivables (PDF)"

    def _get_report_values(self, docids, data=None):
        docs = self.env["gym.receivable.ask"].browse(docids)
        return {"docs": docs, "contents": {doc.id: self._content(doc) for doc in docs}}

    def _content(self, doc):
        ageing = doc._ageing()
        found = self._amounts(doc)
        tables = [
            {"currency": currency, "title": title, "rows": rows, "total": _sums(rows)}
            for (currency, title), rows in self._tables(doc, found).items()
        ]
        by_currency = defaultdict(list)
        for table in tables:
            by_currency[table["currency"]].append((None, table["total"]))
        return {
            "columns": [
                ageing._fields[name]._description_string(self.env) for name in AMOUNTS
            ],
            "tables": tables,
            # of one table they stand under it
            "totals": [
                (currency, _sums(rows))
                for currency, rows in by_currency.items()
                if len(rows) > 1
            ],
        }

    def _amounts(self, doc):
        """Return rows of currency, centre, debtor (if they are told apart) and amounts,
        in the order in which they are printed."""
        of_whom = ["company_id", "partner_id"] if doc.is_by_member else ["company_id"]
        return doc._ageing()._read_group(
            doc._ageing_domain(),
            ["currency_id", *of_whom],
            [f"{name}:sum" for name in AMOUNTS],
            order=", ".join(["currency_id", *of_whom]),
        )

    def _tables(self, doc, found):
        """Return the rows of each table: what it is called, and its amounts."""
        tables = defaultdict(list)
        for currency, centre, *rest in found:
            debtor = rest.pop(0).display_name if doc.is_by_member else False
            title = centre.name if doc.is_by_member else False
            tables[currency, title].append((debtor or centre.name, rest))
        return tables


def _sums(rows):
    """Add the amounts of rows up, column by column."""
    return [sum(column) for column in zip(*(row[1] for row in rows), strict=True)]

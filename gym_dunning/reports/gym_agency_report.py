from odoo import models
from odoo.tools import groupby


class ReportGymAgency(models.AbstractModel):
    """Values of the printed list for the agency: by centre, then member."""

    _name = "report.gym_dunning.gym_agency_report"
    _description = "List for the Collection Agency (PDF)"

    def _get_report_values(self, docids, data=None):
        wizard = self.env["gym.agency.report"].browse(docids)
        items = wizard._items().sorted(self._order_key)
        agency_list = self.env["gym.agency.list"]
        return {
            "docs": wizard,
            "centres": [
                (centre, self._members(group))
                for centre, group in self._group(items, lambda item: item.company_id)
            ],
            "dates": agency_list._reminder_dates(items),
            "totals": self._totals(items),
            "member_count": len(items.partner_id),
            "item_count": len(items),
        }

    def _order_key(self, item):
        partner = item.partner_id
        return (
            item.company_id.id,
            partner.name or "",
            partner.id,
            item.currency_id.id,
            item.amount_residual < 0,
            item.date_maturity,
        )

    def _group(self, items, key):
        for value, group in groupby(items, key):
            yield value, items.browse(item.id for item in group)

    def _members(self, items):
        def debtor(item):
            return item.partner_id, item.currency_id

        return [
            (partner, currency, group, sum(group.mapped("amount_residual")))
            for (partner, currency), group in self._group(items, debtor)
        ]

    def _totals(self, items):
        by_currency = items.grouped("currency_id")
        return [
            (currency, sum(group.mapped("amount_residual")))
            for currency, group in by_currency.items()
        ]

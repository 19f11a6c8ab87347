from odoo import api, fields, models


class GymAgencyHandover(models.Model):
    """How much could be handed over now, on top of the hand-overs (M-03, M-04)."""

    _inherit = "gym.agency.handover"

    @api.model
    @api.readonly
    def ready_figures(self, date=None):
        """Count who passed the last level in the centres that are ticked.

        :param date: as of this day; today if not given
        :return: a list of dicts, one per currency: `currency_id` (id), `currency`
            (name), `members` (count), `amount` (in that currency)
        """
        # read for who may read hand-overs; items obey their own rules
        self.check_access("read")
        figures = [
            {
                "currency_id": currency.id,
                "currency": currency.name,
                "members": len(items._persons()),
                "amount": sum(items.mapped("amount_residual")),
            }
            for currency, items in self._ready_items(date)
            .grouped("currency_id")
            .items()
        ]
        return sorted(figures, key=lambda one: one["currency"])

    def _ready_items(self, date=None):
        date = fields.Date.to_date(date) or fields.Date.context_today(self)
        items = self.env["gym.open.item"]
        for root, companies in self.env.companies.grouped("root_id").items():
            items |= self.env["gym.agency.list"]._items(
                companies, date, deadline_over=not root.sudo().handover_at_once
            )
        return items.with_context(dunning_date=date)

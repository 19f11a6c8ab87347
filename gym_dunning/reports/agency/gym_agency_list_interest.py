from datetime import timedelta
from decimal import Decimal

from odoo import api, models

from ...tools import to_decimal


class GymAgencyList(models.AbstractModel):
    """The interest that an item has cost up to the list's day and no letter claimed.

    It is told and not part of the claim: `open_amount` is what the gym's books hold.
    """

    _inherit = "gym.agency.list"

    def _known_vals(self, items, persons, date):
        # EXTENDS agency
        known = super()._known_vals(items, persons, date)
        rules = self.env["gym.dunning.profile"]._by_company(items.company_id)
        claimed = self.env["gym.dunning.reminder.line"]._interest_claimed(items)
        for item in items:
            since = max(filter(None, (item._gym_due_date(), claimed.get(item.id))))
            rule = rules[item.company_id]
            known[item.id] |= self._interest_vals(item, rule, since, date)
        return known

    @api.model
    def _interest_vals(self, item, rule, since, date):
        """Return the columns of the interest; none where the centre may ask for none,
        or where nothing is known of the rates."""
        is_business = item.partner_id.is_company
        parts = []
        if (
            item.amount_residual_currency > 0
            and not item.move_id.is_dunning_fee
            and rule._may_charge_interest(item.company_id, is_business)
        ):
            parts, __ = rule._compute_interest(
                item.amount_residual_currency,
                since,
                date,
                is_business,
                item.currency_id,
            )
        if not parts:
            return {}
        amount = sum(to_decimal(part[2], item.currency_id) for part in parts)
        return {
            "interest_amount": amount,
            "interest_rate": Decimal(f"{parts[-1][1]:.2f}"),
            "interest_from": since + timedelta(days=1),
        }

from odoo import api, models
from odoo.fields import Command

from ...tools import age, is_minor


class GymAgencyHandoverLine(models.Model):
    """What the preview says of a member: the claim, and what is missing."""

    _inherit = "gym.agency.handover.line"

    @api.model
    def _prepare_vals(self, handover, debtor, items, dates):
        """Return the values of a line.

        :param debtor: tuple of member, centre and currency
        :param dates: the dates of the first reminders, by item
        """
        partner, company, currency = debtor
        amount = sum(items.mapped("amount_residual"))
        refusal = handover.agency_id._refusal(
            sum(items.mapped("amount_residual_company"))
        )
        minor = is_minor(partner.birthdate_date, handover.date)
        alone = minor and not partner.guardian_ids
        return {
            "handover_id": handover.id,
            "partner_id": partner.id,
            "company_id": company.id,
            "currency_id": currency.id,
            "amount": amount,
            "age": age(partner.birthdate_date, handover.date),
            "is_minor_alone": alone,
            "selected": not refusal and not alone,
            "reason": refusal,
            "warning": "\n".join(self._warnings(partner, handover, items, dates)),
            "claim_ids": self._claim_commands(items),
        }

    def _claim_commands(self, items):
        return [
            Command.create({"move_line_id": item.id, "amount": item.amount_residual})
            for item in items
        ]

    def _warnings(self, partner, handover, items, dates):
        """List what the agency will ask for, and what a person should look at."""
        warnings = []
        born = partner.birthdate_date
        if is_minor(born, handover.date) and not partner.guardian_ids:
            warnings.append(self.env._("Minor without a legal guardian."))
        if not partner.is_company and not partner.birthdate_date:
            warnings.append(self.env._("The birth date is missing."))
        if not (partner.street and partner.city):
            warnings.append(self.env._("The address is not complete."))
        return warnings + self._item_warnings(partner, handover.date, items, dates)

    def _item_warnings(self, partner, date, items, dates):
        warnings = []
        claims = items.filtered(
            lambda one: one.amount_residual > 0 and not one.is_dunning_fee
        )
        if any(not dates[item.id][0] for item in claims):
            warnings.append(self.env._("An item has no first reminder."))
        if any(not dates[item.id][1] for item in claims):
            warnings.append(self.env._("An item has no second reminder."))
        arose = min(one.move_id._gym_date_arisen() for one in claims)
        born = partner.birthdate_date
        if is_minor(born, arose) and not is_minor(born, date):
            warnings.append(self.env._("They were a minor when the debt arose."))
        return warnings

    def _take_items(self, items):
        """Note what is open now: the claim may have changed since the preview."""
        self.ensure_one()
        now = {item.id: item.amount_residual for item in items}
        if now == {claim.move_line_id.id: claim.amount for claim in self.claim_ids}:
            return
        self.write(
            {
                "claim_ids": [Command.clear(), *self._claim_commands(items)],
                "amount": sum(now.values()),
            }
        )

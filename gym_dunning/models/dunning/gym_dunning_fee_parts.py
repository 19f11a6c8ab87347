from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError

from ...tools import total

# What is claimed besides the fee's own article, and the articles of it.
INTEREST = "gym_dunning.product_interest"
RETURN_CHARGE = "gym_dunning.product_return_charge"


class Part(NamedTuple):
    """What is claimed by one article, in the currency of the reminder."""

    product: object
    amount: float


class GymDunningFee(models.AbstractModel):
    """Of what a reminder's costs consist: one document, a line of each."""

    _inherit = "gym.dunning.fee"

    @api.model
    def _parts(self, reminder):
        """Return the costs of a reminder by article; they add up to `_costs`.

        :raise UserError: an article that came with the module was deleted
        """
        # a lump sum takes the place of the fee, in the books as well
        fee = reminder.level_id.fee_product_id
        parts = [Part(fee, reminder.amount_fee)] if reminder.amount_fee else []
        for xml_id, amount in (
            (INTEREST, reminder.amount_interest),
            (RETURN_CHARGE, reminder.amount_charges),
        ):
            if amount:
                parts.append(Part(self._article(xml_id), amount))
        return parts

    @api.model
    def _article(self, xml_id):
        product = self.env.ref(xml_id, raise_if_not_found=False)
        if not product:
            raise UserError(
                self.env._(
                    "The article %s of Gym Dunning was deleted. Upgrade the module to "
                    "restore it.",
                    xml_id.split(".")[-1],
                )
            )
        return product

    @api.model
    def _shares(self, reminder, vals):
        """Share a receivable out to the articles it consists of, to the cent.

        :param vals: with `amount_currency` and `balance`, the whole or a rest of it
        :return: list of (product, amount in currency, balance)
        """
        parts = self._parts(reminder)
        whole = total(part.amount for part in parts)
        units = (reminder.currency_id, reminder.company_id.currency_id)
        left = [vals["amount_currency"], vals["balance"]]
        shares = []
        for part in parts[:-1]:
            amounts = [
                unit.round(vals[name] * part.amount / whole)
                for name, unit in zip(
                    ("amount_currency", "balance"), units, strict=True
                )
            ]
            left = [total([one, -two]) for one, two in zip(left, amounts, strict=True)]
            shares.append((part.product, *amounts))
        return [*shares, (parts[-1].product, *left)] if parts else []

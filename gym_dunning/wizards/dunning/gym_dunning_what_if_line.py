from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...models.dunning.gym_dunning_trial import LEVEL_FIELDS

OF_LEVEL = {
    "compute": "_compute_numbers",
    "store": True,
    "readonly": False,
    "precompute": True,
}


class GymDunningWhatIfLine(models.TransientModel):
    """The numbers of a level that are tried; each has the name of the level's own."""

    _name = "gym.dunning.what.if.line"
    _description = "Level of a Trial"
    _inherit = ["gym.dialog"]
    _order = "id"

    what_if_id = fields.Many2one(
        "gym.dunning.what.if", required=True, ondelete="cascade"
    )
    level_id = fields.Many2one(
        "gym.dunning.level", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="what_if_id.currency_id")
    min_days_overdue = fields.Integer(
        string="From Days Overdue",
        **OF_LEVEL,
        help="Days after the due date from which this level is possible; 9999: nobody"
        " reaches it.",
    )
    min_balance = fields.Monetary(
        string="Minimum Balance",
        **OF_LEVEL,
        help="What the member owes over all late items, in the company's currency.",
    )
    fee_product_id = fields.Many2one(
        "product.product",
        string="Fee",
        domain="[('type', '=', 'service')]",
        **OF_LEVEL,
        help="Charged once per reminder of this level. Empty: no fee.",
    )
    fee_amount = fields.Monetary(
        string="Other Amount",
        **OF_LEVEL,
        help="Instead of the article's price; net of tax, in the company's currency."
        " 0: the price of the article.",
    )
    charge_interest = fields.Boolean(string="Interest", **OF_LEVEL)

    @api.depends("level_id")
    def _compute_numbers(self):
        for line in self:
            for name in LEVEL_FIELDS:
                line[name] = line.level_id[name]

    @api.constrains("min_days_overdue", "min_balance", "fee_amount")
    def _check_not_negative(self):
        for line in self:
            if min(line.min_days_overdue, line.min_balance, line.fee_amount) < 0:
                raise ValidationError(
                    self.env._(
                        "Level %s: days, balance and fee cannot be negative.",
                        line.level_id.name,
                    )
                )

    def _numbers(self):
        """Return the numbers by name, as they are written and kept."""
        self.ensure_one()
        numbers = {name: self[name] for name in LEVEL_FIELDS}
        return numbers | {"fee_product_id": self.fee_product_id._origin.id}

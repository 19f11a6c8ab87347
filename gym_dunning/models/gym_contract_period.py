from odoo import fields, models


class GymContractPeriod(models.Model):
    """A term of a subscription as it was invoiced; renewing adds one (AMB-17)."""

    _name = "gym.contract.period"
    _description = "Period of a Subscription"
    _order = "date_start desc, id desc"
    _rec_name = "date_start"

    subscription_id = fields.Many2one(
        "gym.contract.subscription", required=True, ondelete="cascade", index=True
    )
    contract_id = fields.Many2one(
        related="subscription_id.contract_id", store=True, index=True
    )
    company_id = fields.Many2one(related="contract_id.company_id")
    product_id = fields.Many2one(related="subscription_id.product_id")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    date_start = fields.Date(required=True)
    date_end = fields.Date(required=True)
    price_unit = fields.Monetary()
    amount = fields.Monetary(help="Without tax.")
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        ondelete="set null",
        index="btree_not_null",
        help="Empty: invoiced before the contract came here.",
    )
    payment_state = fields.Selection(related="move_id.payment_state")

    _start_uniq = models.UniqueIndex(
        "(subscription_id, date_start)",
        "This subscription has a period from that day already: it was renewed.",
    )

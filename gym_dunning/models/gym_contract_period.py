from odoo import api, fields, models


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
    invoice = fields.Char(string="Invoice Number", compute="_compute_invoice")
    payment_state = fields.Selection(related="move_id.payment_state")

    _start_uniq = models.UniqueIndex(
        "(subscription_id, date_start)",
        "This subscription has a period from that day already: it was renewed.",
    )

    @api.depends("move_id.name")
    def _compute_invoice(self):
        for period in self:
            move = period.move_id
            if move:
                period.invoice = move.display_name
            else:
                period.invoice = period.amount and self.env._("Elsewhere")

    def action_open_invoice(self):
        """Open the invoice of the term."""
        self.ensure_one()
        return self.move_id._get_records_action()

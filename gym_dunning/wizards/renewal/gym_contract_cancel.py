from odoo import api, fields, models


class GymContractCancel(models.TransientModel):
    """Ask to which day contracts are cancelled, and why; say what that bills."""

    _name = "gym.contract.cancel"
    _description = "Cancel Contracts"
    _inherit = ["gym.dialog"]

    contract_ids = fields.Many2many("gym.contract", string="Contracts", required=True)
    date = fields.Date(
        string="Last Day",
        required=True,
        default=lambda self: self._default_date(),
        help="Access and services end after this day; nothing is renewed.",
    )
    reason = fields.Char()
    currency_id = fields.Many2one("res.currency", compute="_compute_effect")
    amount = fields.Monetary(
        string="To Invoice",
        compute="_compute_effect",
        help="Without tax, for what lies between the paid term and the last day.",
    )
    effect = fields.Text(compute="_compute_effect")

    def _default_date(self):
        contracts = self.env["gym.contract"].browse(
            self.env.context.get("default_contract_ids", [])
        )
        ends = contracts.filtered("date_end").mapped("date_end")
        return max(ends, default=fields.Date.context_today(self))

    @api.depends("contract_ids", "date")
    def _compute_effect(self):
        for wizard in self:
            contracts = wizard.contract_ids._origin
            effects = [
                contract._cancel_effect(wizard.date)
                for contract in contracts
                if wizard.date
            ]
            wizard.effect = "\n".join(text for __, texts in effects for text in texts)
            currency = contracts.currency_id
            # amounts of several currencies are said one by one
            wizard.currency_id = currency if len(currency) == 1 else False
            is_one = bool(wizard.currency_id)
            wizard.amount = is_one and sum(amount for amount, __ in effects)

    def action_confirm(self):
        """Cancel to the day given."""
        self.ensure_one()
        self.contract_ids._cancel(self.date, self.reason)
        return {"type": "ir.actions.act_window_close"}

from odoo import fields, models


class GymContractCancel(models.TransientModel):
    """Ask to which day contracts are cancelled, and why."""

    _name = "gym.contract.cancel"
    _description = "Cancel Contracts"

    contract_ids = fields.Many2many("gym.contract", string="Contracts", required=True)
    date = fields.Date(
        string="Last Day",
        required=True,
        default=lambda self: self._default_date(),
        help="Access and services end after this day; nothing is renewed.",
    )
    reason = fields.Char()

    def _default_date(self):
        contracts = self.env["gym.contract"].browse(
            self.env.context.get("default_contract_ids", [])
        )
        ends = contracts.filtered("date_end").mapped("date_end")
        return max(ends, default=fields.Date.context_today(self))

    def action_confirm(self):
        """Cancel to the day given."""
        self.ensure_one()
        self.contract_ids._cancel(self.date, self.reason)
        return {"type": "ir.actions.act_window_close"}

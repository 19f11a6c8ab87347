from odoo import api, fields, models


class GymDebitPaid(models.TransientModel):
    """The bank has credited a batch: on which day?"""

    _name = "gym.debit.paid"
    _description = "Direct Debits Are Paid"
    _inherit = ["gym.dialog"]

    batch_id = fields.Many2one("gym.debit.batch", required=True, readonly=True)
    currency_id = fields.Many2one(related="batch_id.currency_id")
    order_count = fields.Integer(related="batch_id.order_count")
    amount = fields.Monetary(related="batch_id.amount")
    date = fields.Date(
        string="Credited on",
        required=True,
        compute="_compute_date",
        store=True,
        precompute=True,
        readonly=False,
    )

    is_early = fields.Boolean(compute="_compute_is_early")

    @api.depends("date")
    @api.depends_context("dunning_date")
    def _compute_is_early(self):
        today = self.env["gym.debit.plan"]._today()
        for wizard in self:
            wizard.is_early = bool(wizard.date and wizard.date > today)

    @api.depends("batch_id")
    def _compute_date(self):
        for wizard in self:
            wizard.date = wizard.batch_id.execution_date

    def action_confirm(self):
        """Book a payment for each debit; many of them in the background."""
        self.ensure_one()
        message = self.batch_id._start_paid(self.date)
        return message or {"type": "ir.actions.act_window_close"}

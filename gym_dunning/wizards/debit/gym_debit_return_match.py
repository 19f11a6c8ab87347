from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...models.debit.gym_debit_return import RETURNABLE

# A clerk looks through no more.
LIMIT = 40


class GymDebitReturnMatch(models.TransientModel):
    """Choose by hand which debit came back."""

    _name = "gym.debit.return.match"
    _description = "Match a Returned Debit"
    _inherit = ["gym.dialog"]

    return_id = fields.Many2one(
        "gym.debit.return", required=True, readonly=True, ondelete="cascade"
    )
    message = fields.Text(related="return_id.message")
    debtor_name = fields.Char(related="return_id.debtor_name")
    amount = fields.Monetary(related="return_id.amount")
    currency_id = fields.Many2one(related="return_id.currency_id")
    creditor_id = fields.Many2one(related="return_id.creditor_id")
    candidate_ids = fields.Many2many(
        "gym.debit.order",
        string="Same Amount",
        compute="_compute_candidate_ids",
        help="Debits over the same amount that the bank may return.",
    )
    order_id = fields.Many2one(
        "gym.debit.order",
        string="Direct Debit",
        required=True,
        compute="_compute_order_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('state', 'in', ('exported', 'paid')),"
        " ('company_id', 'child_of', creditor_id)]",
    )
    partner_id = fields.Many2one(related="order_id.partner_id")
    is_another_amount = fields.Boolean(compute="_compute_is_another_amount")

    @api.depends("return_id")
    def _compute_candidate_ids(self):
        for dialog in self:
            dialog.candidate_ids = dialog._returnable(
                Domain("amount", "=", dialog.amount)
                & Domain("currency_id", "=", dialog.currency_id.id)
            )

    def _returnable(self, domain):
        return self.env["gym.debit.order"].search(
            domain
            & Domain("state", "in", RETURNABLE)
            & Domain("company_id", "child_of", self.creditor_id.ids),
            limit=LIMIT,
        )

    @api.depends("return_id")
    def _compute_order_id(self):
        """Propose the only one that can be meant."""
        for dialog in self:
            guesses = dialog._guesses()
            dialog.order_id = next((one for one in guesses if len(one) == 1), False)

    def _guesses(self):
        one = self.return_id
        found = one.sudo()._find().get(one.sudo()) if one else None  # see `_debits`
        for orders in (found.order, found.proposals) if found else ():
            yield self._returnable(Domain("id", "in", orders.ids))
        if one.mandate_reference:
            mine = Domain("mandate_id.name", "=", one.mandate_reference)
            yield self._returnable(mine)
        same = self.candidate_ids
        yield same.filtered(lambda order: order.partner_id.name == one.debtor_name)
        yield same

    @api.depends("order_id")
    def _compute_is_another_amount(self):
        for dialog in self:
            order = dialog.order_id
            dialog.is_another_amount = order and (
                order.currency_id != dialog.currency_id
                or bool(order.currency_id.compare_amounts(order.amount, dialog.amount))
            )

    def action_confirm(self):
        """Book the return of the debit that was chosen.

        :raise UserError: it is about another creditor, or cannot be booked
        """
        self.ensure_one()
        self.order_id.check_access("read")
        if self.order_id.company_id.sudo().root_id != self.creditor_id:  # whose it is
            raise UserError(
                self.env._(
                    "The direct debit %(name)s is not one of %(creditor)s. Choose"
                    " another.",
                    name=self.order_id.name,
                    creditor=self.creditor_id.name,
                )
            )
        self.return_id._book_as(self.order_id)
        return {"type": "ir.actions.act_window_close"}

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools import total


class GymReceiptAssign(models.TransientModel):
    """Say whose a receipt is, and which of his items it pays."""

    _name = "gym.receipt.assign"
    _description = "Assign a Receipt"
    _inherit = ["gym.dialog"]

    receipt_id = fields.Many2one("gym.receipt", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
    )
    line_ids = fields.One2many(
        "gym.receipt.assign.line",
        "wizard_id",
        string="Open Items",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    debtor_name = fields.Char(related="receipt_id.debtor_name")
    debtor_iban = fields.Char(related="receipt_id.debtor_iban")
    booking_date = fields.Date(related="receipt_id.booking_date")
    text = fields.Char(related="receipt_id.text")
    reference = fields.Char(related="receipt_id.reference")
    message = fields.Text(related="receipt_id.message")
    currency_id = fields.Many2one(related="receipt_id.currency_id")
    amount = fields.Monetary(related="receipt_id.amount")
    amount_rest = fields.Monetary(
        string="To Credit",
        compute="_compute_amount_rest",
        help="What pays none of the ticked items stays as the member's credit.",
    )
    will_learn = fields.Boolean(compute="_compute_will_learn")

    @api.depends("receipt_id")
    def _compute_partner_id(self):
        for dialog in self:
            dialog.partner_id = dialog.receipt_id.partner_id

    @api.depends("partner_id")
    def _compute_line_ids(self):
        for dialog in self:
            dialog.line_ids = [Command.clear(), *dialog._prepare_lines()]

    def _prepare_lines(self):
        """Yield the open items; those of the proposal are ticked, else all of them."""
        proposed = self._proposed()
        lines = self._items() if self.partner_id else proposed
        ticked = proposed & lines or lines
        for item in self.env["gym.open.item"].browse(lines.ids)._clearing_order():
            yield Command.create(
                {"move_line_id": item.id, "is_paid": item.id in ticked.ids}
            )

    def _proposed(self):
        return self.receipt_id.line_ids.move_line_id

    def _items(self):
        return self.receipt_id._items_of(self.partner_id)

    def _offered(self):
        """Return the journal items that the dialog may show: the receipt's own and the
        chosen member's."""
        return self._proposed() | self._items()

    @api.depends("line_ids.is_paid", "amount")
    def _compute_amount_rest(self):
        for dialog in self:
            paid = total(dialog.line_ids.filtered("is_paid").mapped("amount_residual"))
            currency = dialog.currency_id or self.env.company.currency_id
            dialog.amount_rest = max(currency.round(dialog.amount - paid), 0.0)

    @api.depends("partner_id", "receipt_id")
    def _compute_will_learn(self):
        for dialog in self:
            accounts = dialog.partner_id.bank_ids.mapped("sanitized_acc_number")
            iban = dialog.receipt_id.debtor_iban
            dialog.will_learn = bool(iban) and iban not in accounts

    def action_assign(self):
        """Book the receipt, and go back to the list."""
        self._assign()
        return {"type": "ir.actions.act_window_close"}

    def action_assign_next(self):
        """Book the receipt, and open the next one that waits."""
        self._assign()
        following = self.receipt_id._next_to_work()
        if not following:
            return {"type": "ir.actions.act_window_close"}
        return following.action_assign()

    def action_ignore(self):
        """Open the dialog that puts the receipt aside instead."""
        self.ensure_one()
        return self.receipt_id.action_ignore()

    def _assign(self):
        self.ensure_one()
        if not self.partner_id:
            raise UserError(self.env._("Choose the member whose payment it is."))
        lines = self.line_ids.filtered("is_paid").move_line_id
        self.receipt_id._assign(self.partner_id, lines)


class GymReceiptAssignLine(models.TransientModel):
    """An item that the receipt may pay."""

    _name = "gym.receipt.assign.line"
    _description = "Item to Pay"

    wizard_id = fields.Many2one("gym.receipt.assign", required=True, ondelete="cascade")
    move_line_id = fields.Many2one("account.move.line", required=True, readonly=True)
    is_paid = fields.Boolean(string="Pay", default=True)
    move_id = fields.Many2one(
        "account.move", string="Document", compute="_compute_item", compute_sudo=True
    )
    company_id = fields.Many2one(
        "res.company", string="Centre", compute="_compute_item", compute_sudo=True
    )
    date_maturity = fields.Date(
        string="Due", compute="_compute_item", compute_sudo=True
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_item", compute_sudo=True
    )
    amount_residual = fields.Monetary(
        string="Open", compute="_compute_item", compute_sudo=True
    )

    @api.depends("move_line_id", "wizard_id.partner_id", "wizard_id.receipt_id")
    def _compute_item(self):
        """Show the item; nothing of one that the dialog does not offer, because anybody
        can name any item in a line."""
        for wizard, lines in self.grouped("wizard_id").items():
            offered = wizard._offered()
            for line in lines:
                item = line.move_line_id._origin & offered
                line.move_id = item.move_id
                line.company_id = item.company_id
                line.date_maturity = item.date_maturity
                line.currency_id = item.currency_id
                line.amount_residual = item.amount_residual_currency

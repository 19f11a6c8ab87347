from odoo import fields, models


class GymReceiptLine(models.Model):
    """What of a receipt pays an open item, in the currency of the receipt."""

    _name = "gym.receipt.line"
    _description = "Item Paid by a Receipt"
    _order = "receipt_id, id"

    receipt_id = fields.Many2one("gym.receipt", required=True, ondelete="cascade")
    move_line_id = fields.Many2one(
        "account.move.line", string="Open Item", required=True, ondelete="cascade"
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Document")
    partner_id = fields.Many2one(related="move_line_id.partner_id", string="Member")
    date_maturity = fields.Date(related="move_line_id.date_maturity", string="Due")
    currency_id = fields.Many2one(related="receipt_id.currency_id")
    amount = fields.Monetary(readonly=True)

    _receipt_idx = models.Index("(receipt_id)")
    _item_idx = models.Index("(move_line_id)")

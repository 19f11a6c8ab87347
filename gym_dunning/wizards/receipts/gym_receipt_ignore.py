from odoo import fields, models


class GymReceiptIgnore(models.TransientModel):
    """Put receipts aside that are no member's, or book them to an account."""

    _name = "gym.receipt.ignore"
    _description = "Receipt of Nobody's"

    receipt_ids = fields.Many2many("gym.receipt", string="Receipts", required=True)
    note = fields.Char(string="What It Is", required=True)
    account_id = fields.Many2one(
        "account.account",
        string="Book to",
        check_company=False,
        domain="[('account_type', 'not in', ('asset_receivable', 'liability_payable'))]",
        help="Empty: nothing is booked, the receipt is put aside.",
    )

    def action_ignore(self):
        """Put the receipts aside, or book them to the account."""
        self.ensure_one()
        if self.account_id:
            self.receipt_ids._book_to(self.account_id, self.note)
        else:
            self.receipt_ids._put_aside(self.note)
        return {"type": "ir.actions.act_window_close"}

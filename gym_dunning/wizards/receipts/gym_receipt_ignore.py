from odoo import api, fields, models


class GymReceiptIgnore(models.TransientModel):
    """Put receipts aside that are no member's, or book them to an account."""

    _name = "gym.receipt.ignore"
    _description = "Receipt of Nobody's"
    _inherit = ["gym.dialog"]
    _check_company_auto = True

    receipt_ids = fields.Many2many("gym.receipt", string="Receipts", required=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    note = fields.Char(string="What It Is", required=True)
    account_id = fields.Many2one(
        "account.account",
        string="Book to",
        check_company=True,
        domain="[('account_type', 'not in', ('asset_receivable', 'liability_payable'))]",
        help="Empty: nothing is booked, the receipt is put aside.",
    )

    @api.depends("receipt_ids")
    def _compute_company_id(self):
        for dialog in self:
            # sudo: whose bank it is, whatever centres are ticked
            dialog.company_id = dialog.receipt_ids.sudo().journal_id.company_id[:1]

    def action_ignore(self):
        """Put the receipts aside, or book them to the account."""
        self.ensure_one()
        if self.account_id:
            self.receipt_ids._book_to(self.account_id, self.note)
        else:
            self.receipt_ids._put_aside(self.note)
        return {"type": "ir.actions.act_window_close"}

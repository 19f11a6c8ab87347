from odoo import api, models


class AccountMove(models.Model):
    """Who pays by direct debit is what the payment mode says, where there is one."""

    _inherit = "account.move"

    @api.depends("payment_mode_id")
    def _compute_preferred_payment_method_line_id(self):
        # EXTENDS account
        result = super()._compute_preferred_payment_method_line_id()
        for move in self.filtered("payment_mode_id"):
            way = move.payment_mode_id._payment_method_line()
            if move.is_sale_document() and way:
                move.preferred_payment_method_line_id = way
        return result

from odoo import api, models
from odoo.fields import Domain


class AccountPaymentMethod(models.Model):
    """A method that wants a mandate is a direct debit."""

    _inherit = "account.payment.method"

    @api.model
    def _get_sdd_payment_method_code(self):
        # EXTENDS account
        by_mandate = self.search(
            Domain("mandate_required", "=", True)
            & Domain("payment_type", "=", "inbound")
        )
        return [*super()._get_sdd_payment_method_code(), *by_mandate.mapped("code")]

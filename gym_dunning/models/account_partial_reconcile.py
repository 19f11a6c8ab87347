from odoo import api, models


class AccountPartialReconcile(models.Model):
    """The one place where payments, bank lines and credit notes meet invoices."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS account: `_invoice_paid_hook` misses credit notes and partial
        # payments, every settlement passes here
        partials = super().create(vals_list)
        partials.debit_move_id.partner_id._unblock_who_paid()
        return partials

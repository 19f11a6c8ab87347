from odoo import api, models


class AccountPartialReconcile(models.Model):
    """The one place where payments, bank lines and credit notes meet invoices."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS account: `_invoice_paid_hook` misses credit notes and partial
        # payments, every settlement passes here
        partials = super().create(vals_list)
        self.env["gym.dunning.consequence"]._unblock_who_paid(partials.debit_move_id)
        return partials

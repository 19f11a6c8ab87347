from odoo import api, models


class AccountPartialReconcile(models.Model):
    """The one place where payments, bank lines and credit notes meet invoices."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS account: `_invoice_paid_hook` misses credit notes and partial
        # payments, every settlement passes here
        partials = super().create(vals_list)
        consequences = self.env["gym.dunning.consequence"]
        consequences._unblock_who_paid(partials.debit_move_id)
        # a payment that is reversed counts until its reversal is matched with it
        reversals = partials.debit_move_id.filtered("move_id.reversed_entry_id")
        consequences._lifted(reversals)._block_again()
        return partials

    def unlink(self):
        # EXTENDS account: whatever undoes a payment, and whoever, passes here
        lifted = self.env["gym.dunning.consequence"]._lifted(self.debit_move_id)
        result = super().unlink()
        lifted._block_again()
        return result

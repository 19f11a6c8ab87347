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
        consequences._block_again(
            partials.debit_move_id.filtered("move_id.reversed_entry_id")
        )
        return partials

    def unlink(self):
        # EXTENDS account: whatever undoes a payment, and whoever, passes here
        items = self.debit_move_id
        result = super().unlink()
        self.env["gym.dunning.consequence"]._block_again(items.exists())
        return result

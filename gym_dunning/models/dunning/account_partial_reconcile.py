from odoo import api, models
from odoo.fields import Domain


class AccountPartialReconcile(models.Model):
    """The one place where payments, bank lines and credit notes meet invoices."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS account: `_invoice_paid_hook` misses credit notes and partial
        # payments, every settlement passes here
        partials = super().create(vals_list)
        self.env["gym.dunning.consequence"]._unblock_who_paid(partials.debit_move_id)
        partials._alert_agency()
        return partials

    def _alert_agency(self):
        """Have the agency told when a claim it works on is settled at the gym."""
        claims = Domain("claim_ids.move_line_id", "in", self.debit_move_id.ids)
        self.env["gym.agency.handover.line"]._alert_changes(claims)

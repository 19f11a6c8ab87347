from odoo import api, models
from odoo.fields import Domain


class AccountPartialReconcile(models.Model):
    """What settles a claim at the gym while the agency works on it."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS account: payments, bank lines and credit notes all pass here
        partials = super().create(vals_list)
        partials._gym_alert_agency()
        return partials

    def _gym_alert_agency(self):
        claims = Domain("claim_ids.move_line_id", "in", self.debit_move_id.ids)
        self.env["gym.agency.handover.line"]._alert_changes(claims)

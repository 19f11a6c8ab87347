from odoo import api, models
from odoo.fields import Domain


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts, each with related contacts: one of them stays the main one."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # EXTENDS base: a row that breaks a unique index would be deleted
        customers = Domain("partner_id", "in", (src_partners | dst_partner).ids)
        # sudo: contacts that the merging user may not see are merged too
        related = self.env["gym.related.contact"].sudo().search(customers)
        mains = related.filtered("is_main").sorted(
            lambda one: one.partner_id != dst_partner
        )
        mains[1:].is_main = False
        related.flush_recordset()
        return super()._update_foreign_keys(src_partners, dst_partner)

from odoo import models


class PortalWizardUser(models.TransientModel):
    """Access to the portal is access to the invoices of every centre."""

    _inherit = "portal.wizard.user"

    def action_grant_access(self):
        # EXTENDS portal: also where the user was there before
        result = super().action_grant_access()
        self.user_id._gym_open_centres()
        return result

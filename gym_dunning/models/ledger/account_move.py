from odoo import models


class AccountMove(models.Model):
    """What a document is about; rooms that know more of it answer besides."""

    _inherit = "account.move"

    def _gym_date_arisen(self):
        """Return the day the debt arose."""
        return self.invoice_date or self.date

    def _gym_concerned_members(self):
        """Return the contacts whose membership these documents may be about."""
        return self.partner_id

    def _gym_clearing_names(self):
        """Return the names by which a debtor may pay this document."""
        self.ensure_one()
        return [name for name in (self.name, self.payment_reference) if name]

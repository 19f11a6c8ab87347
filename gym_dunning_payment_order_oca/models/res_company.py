from odoo import models


class ResCompany(models.Model):
    """Payment orders know their creditor by themselves."""

    _inherit = "res.company"

    def _debit_reasons(self, scheme):
        # OVERRIDES gym_dunning: no file is written here, so nothing is missing
        return []

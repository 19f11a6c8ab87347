from odoo import models

from ..reports import debit_file


class GymDebitMandate(models.Model):
    """Who is debited, as the bank is told."""

    _inherit = "gym.debit.mandate"

    def _to_party(self):
        account = self.partner_bank_id
        debtor = self.debtor_id
        return debit_file.Party(
            name=account.acc_holder_name or debtor.name or "",
            iban=account.sanitized_acc_number or "",
            bic=account.bank_bic or None,
            street=debtor.street or "",
            zip=debtor.zip or "",
            city=debtor.city or "",
            country=debtor.country_id.code or "",
        )

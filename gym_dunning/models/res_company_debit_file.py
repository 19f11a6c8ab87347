from odoo import models

from ..reports import debit_file
from .gym_debit_reasons import OF_BATCH


class ResCompany(models.Model):
    """Whether the creditor is set up, as the writer of the file asks it."""

    _inherit = "res.company"

    def _debit_format_code(self, scheme):
        """Return the format that the creditor's debits of a scheme are written in."""
        self.ensure_one()
        if scheme == "sepa_core":
            return self.debit_format
        return scheme if scheme in debit_file.FORMATS else "csv"

    def _to_creditor(self):
        """Return the creditor as the bank is told."""
        self.ensure_one()
        account = self.debit_journal_id.bank_account_id
        return debit_file.Creditor(
            name=account.acc_holder_name or self.name,
            iban=account.sanitized_acc_number or "",
            bic=account.bank_bic or None,
            street=self.street or "",
            zip=self.zip or "",
            city=self.city or "",
            country=self.country_id.code or "",
            identifier=self.debit_creditor_identifier or "",
        )

    def _debit_reasons(self, scheme):
        """Return why no debit of the creditor's leaves the house.

        :return: list of `Reason`
        """
        self.ensure_one()
        code, creditor = self._debit_format_code(scheme), self._to_creditor()
        found = debit_file.creditor_reasons(code, creditor)
        if creditor.iban:
            return found
        missing = [debit_file.Reason("creditor_account_missing")]
        return missing + [one for one in found if one.code != "creditor_iban_invalid"]

    def _debit_refusals(self, scheme):
        """Say in words what the creditor's set-up wants for direct debits."""
        known = {"creditor": self.name, "batch": ""}
        return [
            self.env._(OF_BATCH[reason.code]) % (reason.params | known)
            for reason in self._debit_reasons(scheme)
        ]

import re
from decimal import Decimal

from odoo import api, models
from odoo.tools.misc import mod10r

from odoo.addons.account.tools import format_structured_reference_iso

QRR_DIGITS = 26
RF_CHARACTERS = 21
SWISS = ("CH", "LI")


class GymDunningPayment(models.AbstractModel):
    """How a reminder is paid: account, reference and QR code over what is asked for."""

    _name = "gym.dunning.payment"
    _description = "Payment Part of a Reminder"

    @api.model
    def _bank_account(self, company, currency=None):
        """Return the creditor's account: the centre's, else the parent's."""
        # sudo: a letter shows the gym's account, whoever prints it
        for creditor in reversed(company.sudo().parent_ids):
            for bank in creditor.partner_id.bank_ids:
                if not bank.currency_id or bank.currency_id == (
                    currency or bank.currency_id
                ):
                    return bank
        return self.env["res.partner.bank"]

    @api.model
    def _reference(self, reminder):
        """Return the reminder's own creditor reference (ISO 11649).

        One transfer pays several invoices, so none of theirs would do.
        """
        characters = re.sub("[^0-9A-Z]", "", (reminder.name or "").upper())
        if not characters:
            return False
        characters = f"{characters}"[-RF_CHARACTERS:]
        return format_structured_reference_iso(characters)

    @api.model
    def _qr_reference(self, reminder):
        """Return the 27 digits that a Swiss QR-IBAN demands."""
        digits = re.sub(r"\D", "", reminder.name or "")
        return mod10r(digits[-QRR_DIGITS:].zfill(QRR_DIGITS))

    @api.model
    def _qr_code(self, reminder):
        """Return the payment QR code as a data URI, or None where there is none."""
        bank = self._bank_account(reminder.company_id, reminder.currency_id)
        total = reminder._amount_to_transfer()
        if not bank or reminder.currency_id.compare_amounts(total, 0) <= 0:
            return None
        # A Decimal prints as "1683.10"; Odoo's EPC code writes str(amount), which
        # is 1683.1000000000001 for the float.
        amount = Decimal(f"{total:.{reminder.currency_id.decimal_places}f}")
        for method in self._qr_methods(reminder):
            reference = self._reference_for(bank, reminder)
            code = bank.build_qr_code_base64(
                amount,
                reminder.name,
                reference,
                reminder.currency_id,
                reminder.addressee_id,
                qr_method=method,
            )
            if code:
                return code
        return None

    @api.model
    def _qr_methods(self, reminder):
        """Name the QR codes to try: the automatic choice takes the Swiss one for
        German accounts, so the country decides."""
        available = dict(
            self.env["res.partner.bank"].get_available_qr_methods_in_sequence()
        )
        country = (
            reminder.company_id.country_id or reminder.company_id.root_id.country_id
        )
        wanted = ["ch_qr", "sct_qr"] if country.code in SWISS else ["sct_qr"]
        return [method for method in wanted if method in available]

    @api.model
    def _reference_for(self, bank, reminder):
        # the field comes with the Swiss localisation
        if "l10n_ch_qr_iban" in bank._fields and bank.l10n_ch_qr_iban:
            return self._qr_reference(reminder)
        return (reminder.payment_reference or "").replace(" ", "")

    @api.model
    def _printed_reference(self, bank, reminder):
        """Return the reference as people read it, in groups."""
        reference = self._reference_for(bank, reminder)
        if reference and reference.isdigit():
            groups = [reference[:2]]
            groups += [reference[i : i + 5] for i in range(2, len(reference), 5)]
            return " ".join(groups)
        return reminder.payment_reference

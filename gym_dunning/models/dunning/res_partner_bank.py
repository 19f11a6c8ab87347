from odoo import models

# positions among the values of a code
BENEFICIARY = 5  # in EPC and Swiss codes
SWISS_PAYER = 21
NAME_LENGTH = 70  # of both
QR_PIXELS = 300


class ResPartnerBank(models.Model):
    """Keep payment codes within their standards (EPC069-12, Swiss QR-bill)."""

    _inherit = "res.partner.bank"

    def _gym_holder_on_letter(self):
        """Return the account's holder as it is printed and coded: on one line, as
        long as the codes allow."""
        self.ensure_one()
        entered = " ".join((self.acc_holder_name or "").split())
        return (entered or " ".join((self.partner_id.name or "").split()))[:NAME_LENGTH]

    def _get_qr_vals(self, qr_method, *args, **kwargs):
        # EXTENDS account_qr_code_sepa, which cuts the name one character too late,
        # and l10n_ch, which names the payer's company although a person is addressed
        values = super()._get_qr_vals(qr_method, *args, **kwargs)
        if qr_method in ("sct_qr", "ch_qr"):
            values[BENEFICIARY] = self._gym_holder_on_letter()
        payer = self.env.context.get("gym_payer_name")
        if qr_method == "ch_qr" and payer:
            values[SWISS_PAYER] = payer[:NAME_LENGTH]
        return values

    def _get_qr_code_generation_params(self, qr_method, *args, **kwargs):
        # EXTENDS account_qr_code_sepa: the standard asks for error level M
        params = super()._get_qr_code_generation_params(qr_method, *args, **kwargs)
        if qr_method == "sct_qr":
            params["barLevel"] = "M"
        if self.env.context.get("gym_letter"):
            params.update(width=QR_PIXELS, height=QR_PIXELS)  # sharp in print
        return params

from odoo import api, models

# The ways of sending that carry e-invoices, of Odoo's modules for Peppol, Denmark and
# Croatia. By name: whether one is installed changes nothing for all others.
E_INVOICE_METHODS = {"peppol", "nemhandel", "mojeracun"}


class AccountMoveSend(models.AbstractModel):
    """Fees of reminders leave as PDF only: a claim for damages bears no tax and is no
    invoice, so neither a network nor an authority gets it (E-51)."""

    _inherit = "account.move.send"

    @api.model
    def _get_default_sending_methods(self, move):
        # EXTENDS account: a customer whose invoices go by a network gets an e-mail
        methods = super()._get_default_sending_methods(move)
        if move._gym_is_fee_document():
            return self._gym_without_e_invoicing(methods) or {"email"}
        return methods

    @api.model
    def _get_default_extra_edis(self, move):
        # EXTENDS account: what is not reported is not offered, either
        if move._gym_is_fee_document():
            return set()
        return super()._get_default_extra_edis(move)

    @api.model
    def _get_default_invoice_edi_format(self, move, **kwargs):
        # EXTENDS account
        if move._gym_is_fee_document():
            return False
        return super()._get_default_invoice_edi_format(move, **kwargs)

    @api.model
    def _get_default_sending_settings(self, move, from_cron=False, **custom_settings):
        # EXTENDS account: everything that is sent comes through here, also what was
        # chosen by hand, and what a module that is loaded after us adds to the defaults
        if move._gym_is_fee_document():
            custom_settings |= {"invoice_edi_format": False, "extra_edis": set()}
            if "sending_methods" in custom_settings:
                custom_settings["sending_methods"] = self._gym_without_e_invoicing(
                    custom_settings["sending_methods"]
                )
        return super()._get_default_sending_settings(
            move, from_cron=from_cron, **custom_settings
        )

    @api.model
    def _gym_without_e_invoicing(self, methods):
        """Return the ways of sending that carry no e-invoice."""
        return set(methods or ()) - E_INVOICE_METHODS

from odoo import models


class AccountMoveSend(models.AbstractModel):
    """Nothing is put into the PDF of a reminder's fee (E-51)."""

    _inherit = "account.move.send"

    def _hook_invoice_document_after_pdf_report_render(self, invoice, invoice_data):
        # EXTENDS account_edi_ubl_cii, which puts a Factur-X into every PDF, whatever
        # format the customer has; a fee with one would be an e-invoice. There is no
        # switch for it, so nothing below is called: what else Odoo does there is for
        # formats that fees do not have.
        if invoice._gym_is_fee_document():
            return None
        return super()._hook_invoice_document_after_pdf_report_render(
            invoice, invoice_data
        )

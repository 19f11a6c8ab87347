from odoo import models

# Where the modules of the networks keep what waits to be sent.
NETWORK_STATES = ("peppol_move_state", "nemhandel_move_state")
NOT_SENT = ("ready", "to_send")


class AccountMove(models.Model):
    """No XML is made of a reminder's fee, whoever asks for it (E-51)."""

    _inherit = "account.move"

    def _need_ubl_cii_xml(self, ubl_cii_format):
        # EXTENDS account_edi_ubl_cii; the networks ask this before they take a document
        return not self._gym_is_fee_document() and super()._need_ubl_cii_xml(
            ubl_cii_format
        )

    def _get_invoice_legal_documents(self, filetype, allow_fallback=False):
        # EXTENDS account_edi_ubl_cii: one that was made earlier is still handed out
        may_make = not (filetype == "ubl" and self._gym_is_fee_document())
        return super()._get_invoice_legal_documents(
            filetype, allow_fallback=allow_fallback and may_make
        )

    def get_extra_print_items(self):
        # EXTENDS account_edi_ubl_cii: nothing to export where there are fees only
        items = super().get_extra_print_items()
        if all(move._gym_is_fee_document() for move in self):
            return [item for item in items if item["key"] != "download_ubl"]
        return items

    def _post(self, soft=True):
        # EXTENDS account: credit notes, and a fee that is posted again
        posted = super()._post(soft=soft)
        posted._gym_leave_networks()
        return posted

    def _gym_leave_networks(self):
        """Take fees off the lists of what waits for a network.

        The fields are those of modules that need not be installed. They are written and
        not computed otherwise, because no order of loading would be sure for that.
        """
        for name in NETWORK_STATES:
            if name in self._fields:
                waiting = self.filtered(lambda move, name=name: move[name] in NOT_SENT)
                fees = waiting.filtered(lambda move: move._gym_is_fee_document())
                fees.write({name: False})

from odoo import models

from ...models.dunning.account_move_send import E_INVOICE_METHODS


class AccountMoveSendWizard(models.TransientModel):
    """Fees of reminders are offered no way that carries e-invoices (E-51)."""

    _inherit = "account.move.send.wizard"

    def _compute_sending_method_checkboxes(self):
        # EXTENDS account
        result = super()._compute_sending_method_checkboxes()
        for wizard in self:
            offered = wizard.sending_method_checkboxes or {}
            if (
                E_INVOICE_METHODS & set(offered)
                and wizard.move_id._gym_is_fee_document()
            ):
                wizard.sending_method_checkboxes = {
                    method: checkbox
                    for method, checkbox in offered.items()
                    if method not in E_INVOICE_METHODS
                }
        return result

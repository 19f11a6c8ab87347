from odoo import api, models


class GymBankBooks(models.AbstractModel):
    """Where the bank's file is read: who reads it as a statement, reads it there."""

    _inherit = "gym.bank.books"

    @api.model
    def _import_action(self):
        # EXTENDS gym_dunning
        # sudo: a centre's money may come in at the holding's bank, out of its sight
        creditor = self.env.company.sudo().root_id
        is_ours = self.env["gym.receipt.file"]._is_in_use(creditor)
        if is_ours or not self.env["account.statement.import"].has_access("create"):
            return super()._import_action()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "account_statement_import_file.account_statement_import_action"
        )

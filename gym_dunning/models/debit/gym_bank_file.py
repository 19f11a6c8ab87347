from odoo import api, models
from odoo.exceptions import UserError


class GymBankFile(models.AbstractModel):
    """A bank's file that was read for something else tells of returns, too."""

    _inherit = "gym.bank.file"

    @api.model
    def _take_elsewhere(self, name, content, found, company):
        # EXTENDS base
        sentences = super()._take_elsewhere(name, content, found, company)
        files = self.env["gym.debit.return.file"]
        if self._name == files._name or not (found.entries or found.candidates):
            return sentences
        creditor = company.sudo().root_id  # whose account of direct debits it is
        vals_list, __ = self.env["gym.debit.return"]._prepare_new(found, creditor)
        if not vals_list:
            return sentences
        try:
            files._check_importer(creditor)
            taken = files._import_one(name, content, creditor, found)
        except UserError as error:
            return [*sentences, error.args[0]]
        file = taken.sudo()  # sudo: only figures
        told = self.env._(
            "Returned direct debits: %(returns)s, booked %(booked)s, to work %(open)s.",
            returns=file.entry_count,
            booked=file.booked_count,
            open=file.open_count,
        )
        return [*sentences, told]

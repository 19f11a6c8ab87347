from odoo import api, models
from odoo.exceptions import UserError


class GymBankFile(models.AbstractModel):
    """A bank's file that was read for something else holds receipts, too."""

    _inherit = "gym.bank.file"

    @api.model
    def _take_elsewhere(self, name, content, found, company):
        # EXTENDS base
        sentences = super()._take_elsewhere(name, content, found, company)
        files = self.env["gym.receipt.file"]
        if self._name != files._name and found.receipts and files._is_in_use(company):
            try:
                taken = files._import_one(name, content, found=found)
                sentences += taken._result_sentences()
            except UserError as error:
                sentences.append(error.args[0])
        return sentences

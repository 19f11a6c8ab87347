from odoo import api, models

from ..base.gym_overview import Part


class GymOverview(models.AbstractModel):
    """Receipts of the bank's files that are nobody's yet."""

    _inherit = "gym.overview"

    @api.model
    def _parts_bank(self):
        # EXTENDS ledger
        books = self.env["gym.bank.books"]
        receipts = Part(
            self.env._("Receipts Not Assigned"),
            "gym_dunning.gym_receipt_action",
            books._waiting_receipts_domain(self.env.companies),
            "amount",
        )
        read = Part(
            self.env._("Import Bank Files"),
            "gym_dunning.gym_receipt_import_action",
            is_always=True,
        )
        return {"receipts": receipts, **super()._parts_bank(), "import": read}

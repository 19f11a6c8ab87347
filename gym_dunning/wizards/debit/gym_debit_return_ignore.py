from odoo import fields, models


class GymDebitReturnIgnore(models.TransientModel):
    """Put entries of the bank aside that are about none of our debits."""

    _name = "gym.debit.return.ignore"
    _description = "Ignore Returned Debits"
    _inherit = ["gym.dialog"]

    return_ids = fields.Many2many(
        "gym.debit.return", string="Returns", required=True, readonly=True
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Put them aside for this reason; it can be taken back."""
        self.ensure_one()
        self.return_ids._ignore(self.reason)
        return {"type": "ir.actions.act_window_close"}

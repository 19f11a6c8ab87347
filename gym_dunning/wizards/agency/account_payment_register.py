from odoo import api, fields, models
from odoo.tools import unique


class AccountPaymentRegister(models.TransientModel):
    """Who takes money for a claim at the agency is told; nothing is refused."""

    _inherit = "account.payment.register"

    agency_message = fields.Char(compute="_compute_agency_message")

    @api.depends("line_ids")
    def _compute_agency_message(self):
        for wizard in self:
            # sudo: whoever may take the money reads it
            moves = wizard.sudo().line_ids.move_id
            messages = filter(None, moves.mapped("agency_message"))
            wizard.agency_message = " ".join(unique(messages))

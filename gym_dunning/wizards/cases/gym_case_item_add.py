from odoo import api, fields, models
from odoo.exceptions import UserError


class GymCaseItemAdd(models.TransientModel):
    """Choose the customer's free items for a case (G-47 to G-50)."""

    _name = "gym.case.item.add"
    _description = "Add Open Items to a Case"
    _inherit = ["gym.dialog"]

    case_id = fields.Many2one("gym.collection.case", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="case_id.partner_id")
    currency_id = fields.Many2one(related="case_id.currency_id")
    free_message = fields.Char(related="case_id.free_message")
    free_line_ids = fields.Many2many(
        "account.move.line", compute="_compute_free_line_ids", string="Free Items"
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        string="Open Items",
        compute="_compute_move_line_ids",
        store=True,
        readonly=False,
        domain="[('id', 'in', free_line_ids)]",
    )
    amount = fields.Monetary(string="Chosen", compute="_compute_amount")

    @api.depends("case_id")
    def _compute_free_line_ids(self):
        for wizard in self:
            wizard.free_line_ids = wizard.case_id._free_items().move_line_id

    @api.depends("case_id")
    def _compute_move_line_ids(self):
        """Propose all that is free; the person takes out what does not belong."""
        for wizard in self:
            wizard.move_line_ids = wizard.free_line_ids

    @api.depends("move_line_ids")
    def _compute_amount(self):
        for wizard in self:
            lines = wizard.move_line_ids
            wizard.amount = sum(lines.mapped("amount_residual_currency"))

    def action_confirm(self):
        """Take the chosen items into the case.

        :raise UserError: nothing is chosen, or an item is not free any more
        """
        self.ensure_one()
        if not self.move_line_ids:
            raise UserError(
                self.env._(
                    "Nothing is selected for case %s. Add a line, or close the dialog.",
                    self.case_id.name,
                )
            )
        self.case_id._add_items(self.move_line_ids)
        return {"type": "ir.actions.act_window_close"}

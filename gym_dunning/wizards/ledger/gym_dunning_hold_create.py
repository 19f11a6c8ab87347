from odoo import api, fields, models
from odoo.exceptions import UserError


class GymDunningHoldCreate(models.TransientModel):
    """Keep selected items back from reminders."""

    _name = "gym.dunning.hold.create"
    _description = "Hold Items Back"

    move_line_ids = fields.Many2many(
        "account.move.line", string="Open Items", required=True
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Members",
        readonly=True,
        help="Everything they owe that is not held otherwise.",
    )
    item_count = fields.Integer(string="Items to Hold", compute="_compute_item_count")
    reason = fields.Selection(
        [("dispute", "Disputed"), ("manual", "Held by Hand")],
        required=True,
        default="dispute",
    )
    date_until = fields.Date(
        string="Until", help="Last day of the hold; empty means until it is released."
    )
    note = fields.Char()

    @api.depends("move_line_ids")
    def _compute_item_count(self):
        for wizard in self:
            wizard.item_count = len(wizard.move_line_ids)

    def action_confirm(self):
        """Place the holds; reminders leave these items out from now on.

        :raise UserError: the last day lies in the past
        """
        self.ensure_one()
        if self.date_until and self.date_until < fields.Date.context_today(self):
            raise UserError(
                self.env._("The hold would already be over: choose a later day.")
            )
        self.env["gym.dunning.hold"].create(
            [
                {
                    "move_line_id": line.id,
                    "reason": self.reason,
                    "date_until": self.date_until,
                    "note": self.note,
                }
                for line in self.move_line_ids
            ]
        )
        return {"type": "ir.actions.act_window_close"}

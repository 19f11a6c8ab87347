from odoo import api, fields, models
from odoo.exceptions import UserError

# Order of precedence when an item is held for several reasons.
HOLD_REASONS = [
    ("dispute", "Disputed"),
    ("promise", "Promise to Pay"),
    ("agency", "At the Agency"),
    ("debit", "Direct Debit under Way"),
    ("manual", "Held by Hand"),
    ("case", "Collection Case"),
]


class GymDunningHold(models.Model):
    """Why an open item is kept back.

    Reasons `case` and `agency` reserve the item for one of them; all reasons but
    `case` stop reminders.
    """

    _name = "gym.dunning.hold"
    _description = "Hold on an Open Item"
    _order = "id desc"
    _rec_name = "reason"

    move_line_id = fields.Many2one(
        "account.move.line",
        string="Open Item",
        required=True,
        ondelete="cascade",
        index=True,
    )
    partner_id = fields.Many2one(related="move_line_id.partner_id", string="Member")
    company_id = fields.Many2one(
        related="move_line_id.company_id", store=True, index=True
    )
    reason = fields.Selection(HOLD_REASONS, required=True, default="dispute")
    date_until = fields.Date(
        string="Until",
        help="Last day of the hold; empty means until it is released.",
    )
    note = fields.Char()
    res_model = fields.Char(string="Placed by Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Placed by Record", model_field="res_model", readonly=True
    )
    active = fields.Boolean(default=True)

    _reserved_once = models.UniqueIndex(
        "(move_line_id) WHERE reason IN ('case', 'agency') AND active",
        "This item already stands in a collection case or at the agency."
        " Take it out there first.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        holds = super().create(vals_list)
        self.env["gym.open.item"].invalidate_model()
        return holds

    def write(self, vals):
        if not self.env.su:
            self._check_placed_by_hand()
        result = super().write(vals)
        self.env["gym.open.item"].invalidate_model()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_by_owner(self):
        if not self.env.su:
            self.filtered("active")._check_placed_by_hand()

    def _check_placed_by_hand(self):
        """A hold that a hand-over or a case placed goes with it, and only so."""
        for hold in self.filtered("res_model"):
            owner = self.env[hold.res_model].sudo().browse(hold.res_id)
            raise UserError(
                self.env._(
                    "The item of %(member)s is held by %(owner)s. Take it back there.",
                    member=hold.partner_id.display_name,
                    owner=owner.display_name,
                )
            )

    def action_release(self):
        """Release the items: reminders go on with them."""
        self.action_archive()

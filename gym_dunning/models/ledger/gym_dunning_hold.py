from odoo import api, fields, models
from odoo.exceptions import UserError

# Order of precedence when an item is held for several reasons.
HOLD_REASONS = [
    ("dispute", "Disputed"),
    ("promise", "Promise to Pay"),
    ("agency", "At the Agency"),
    ("online", "Online Payment under Way"),
    ("debit", "Direct Debit under Way"),
    ("manual", "Held by Hand"),
    ("answer", "Answered"),
    ("case", "Collection Case"),
]
# Hold reasons that stop reminders, and the code of the refusal.
STOPPING_HOLDS = {
    "dispute": "disputed",
    "promise": "promise",
    "agency": "agency",
    "online": "online",
    "debit": "debit",
    "manual": "manual",
    "answer": "answer",
}
# Those that people give; the others belong to the record that placed the hold.
BY_HAND = ("dispute", "manual")


class GymDunningHold(models.Model):
    """Why an open item is kept back.

    Reasons `case` and `agency` reserve the item for one of them; all reasons but
    `case` stop reminders.
    """

    _name = "gym.dunning.hold"
    _description = "Hold on an Open Item"
    _inherit = ["gym.guarded"]
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
        related="move_line_id.company_id", string="Centre", store=True, index=True
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
        "This item is already in a collection case or at the agency. Take it out "
        "there first.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        holds = super().create(vals_list)
        holds._check_reason()
        self.env["gym.open.item"].invalidate_model()
        return holds

    def write(self, vals):
        if not self.env.su:
            self._check_placed_by_hand()
        result = super().write(vals)
        if "reason" in vals:
            self._check_reason()
        self.env["gym.open.item"].invalidate_model()
        return result

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded
        placed = {"move_line_id", "company_id", "res_model", "res_id"}
        return super()._guarded_fields() | placed

    @api.model
    def _guarded_on_create(self):
        # EXTENDS gym.guarded
        return super()._guarded_on_create() | {"res_model", "res_id"}

    @api.model
    def _guarded_hint(self):
        # EXTENDS gym.guarded
        return self.env._("Release this hold and place another.")

    def _check_reason(self):
        """Promises, files at the agency, debits and cases place their own holds."""
        if self.env.su:
            return
        foreign = self.filtered(lambda hold: hold.reason not in BY_HAND)
        if foreign:
            reasons = dict(self._fields["reason"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "The item of %(member)s cannot be held by hand with the reason"
                    " %(reason)s. Choose %(by_hand)s.",
                    member=foreign[0].partner_id.display_name,
                    reason=reasons[foreign[0].reason],
                    by_hand=" / ".join(reasons[name] for name in BY_HAND),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_by_owner(self):
        if not self.env.su:
            self.filtered("active")._check_placed_by_hand()

    def _check_placed_by_hand(self):
        """A hold that a hand-over or a case placed goes with it, and only so."""
        for hold in self:
            if owner := hold._owner():
                raise UserError(
                    self.env._(
                        "The item of %(member)s is held by %(owner)s. Take it back"
                        " there.",
                        member=hold.partner_id.display_name,
                        owner=owner.display_name,
                    )
                )

    def _owner(self):
        """Return the record that placed the hold, if there is one and it is there."""
        if not self.res_model or self.res_model not in self.env:
            return None
        # sudo: who releases may not see the owner, and learns its name only
        return self.env[self.res_model].sudo().browse(self.res_id).exists()

    def action_release(self):
        """Release the items: reminders go on with them."""
        self.action_archive()

    def _release_free(self, date):
        """Release those that no record placed.

        :param date: the day that counts
        :return: a message that names the records that hold on, if there are any
        :raise UserError: there are no others
        """
        owned = self.filtered(lambda hold: hold._owner())
        in_force = owned.filtered(
            lambda hold: not hold.date_until or hold.date_until >= date
        )
        free = self - owned
        if not free:
            in_force._check_placed_by_hand()
        free.action_release()
        stopping = in_force.filtered(lambda hold: hold.reason in STOPPING_HOLDS)
        return stopping._told_kept() if stopping else None

    def _told_kept(self):
        """Return the message that says who holds on."""
        owners = dict.fromkeys(hold._owner().display_name for hold in self)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "Still held by %s. Take it back there.", ", ".join(owners)
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

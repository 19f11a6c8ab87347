from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools import total

# The bank has not answered yet, or not even got it.
IN_FLIGHT = ("draft", "exported")
STATES = [
    ("draft", "Draft"),
    ("exported", "Exported"),
    ("paid", "Paid"),
    ("returned", "Returned"),
    ("cancelled", "Cancelled"),
]
NEXT_STATES = {
    "draft": ("exported", "cancelled"),
    "exported": ("draft", "paid", "returned", "cancelled"),
    # exported: the bank had not credited it after all; cancelled: where payments are
    # booked elsewhere, and taken back there
    "paid": ("exported", "returned", "cancelled"),
    "returned": (),
    "cancelled": (),
}


class GymDebitOrder(models.Model):
    """One direct debit: items of one member, collected together.

    In flight (`draft`, `exported`) it holds its items; the bank's answer releases
    them. Amounts are in `currency_id`.
    """

    _name = "gym.debit.order"
    _description = "Direct Debit"
    _inherit = ["mail.thread"]
    _order = "execution_date desc, id desc"
    _rec_names_search = ["name", "partner_id"]

    name = fields.Char(
        string="Number",
        readonly=True,
        copy=False,
        help="The end-to-end identification.",
    )
    company_id = fields.Many2one(
        "res.company", string="Centre", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    mandate_id = fields.Many2one(
        "gym.debit.mandate",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    scheme = fields.Selection(related="mandate_id.scheme", store=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    line_ids = fields.One2many("gym.debit.order.line", "order_id", readonly=True)
    amount = fields.Monetary(compute="_compute_amount", store=True)
    execution_date = fields.Date(
        string="Day of Execution", required=True, readonly=True, tracking=True
    )
    attempt = fields.Integer(
        readonly=True, default=1, help="1 for the first debit of these items."
    )
    state = fields.Selection(
        STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    reminder_id = fields.Many2one(
        "gym.dunning.reminder",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The letter that announces the debit.",
    )
    paid_date = fields.Date(string="Paid on", readonly=True, copy=False)
    payment_ids = fields.One2many(
        "account.payment", "gym_debit_order_id", readonly=True
    )
    return_date = fields.Date(string="Returned on", readonly=True, copy=False)
    return_code_id = fields.Many2one(
        "gym.debit.return.code",
        string="Return Reason",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    return_note = fields.Char(string="Note of the Bank", readonly=True, copy=False)
    return_charges = fields.Monetary(
        string="Charges of the Bank",
        readonly=True,
        copy=False,
        help="What the bank charged for the return.",
    )
    _name_uniq = models.UniqueIndex(
        "(name)", "Each direct debit has a number of its own."
    )

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for order in self:
            order.amount = total(order.line_ids.mapped("amount"))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        unnamed = [vals for vals in vals_list if not vals.get("name")]
        names = self.env["ir.sequence"]._gym_draw_by_code(self._name, len(unnamed))
        for vals, name in zip(unnamed, names, strict=True):
            vals["name"] = name
        orders = super().create(vals_list)
        orders._place_holds(orders.line_ids)
        return orders

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for order in self:
            raise UserError(
                self.env._(
                    "The direct debit %s cannot be deleted. Cancel it instead.",
                    order.name,
                )
            )

    # === HOLDS === #

    def _place_holds(self, lines):
        """Keep the items back from reminders until the bank answers."""
        # sudo: holds belong to the order, people do not place them
        self.env["gym.dunning.hold"].sudo().create(
            [
                {
                    "move_line_id": line.move_line_id.id,
                    "reason": "debit",
                    "note": line.order_id.name,
                    "res_model": self._name,
                    "res_id": line.order_id.id,
                }
                for line in lines
            ]
        )

    def _hold_again(self):
        """Keep back the items of debits that were answered and are not any more."""
        # sudo: see `_place_holds`
        lines = self.filtered(lambda one: one.state not in IN_FLIGHT).line_ids.sudo()
        lines.in_flight = True
        lines.flush_recordset(["in_flight"])  # one of another debit is refused here
        self._place_holds(lines)

    def _release(self):
        """The items may be reminded or collected again."""
        # sudo: see `_place_holds`
        holds = self.env["gym.dunning.hold"].sudo()
        mine = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        holds.search(mine).action_release()
        lines = self.line_ids.sudo()
        lines.in_flight = False
        # the next debit of these items is inserted at once, where this would wait
        lines.flush_recordset(["in_flight"])

    # === STATES === #

    def _set_state(self, state, **vals):
        """Change the state; nothing else writes it.

        :raise UserError: the state does not follow from the one before
        """
        for order in self:
            if state not in NEXT_STATES[order.state]:
                raise UserError(order._state_error(state))
        if state in IN_FLIGHT:
            self._hold_again()
        # sudo: people do not edit debits, they act on them
        self.sudo().write({"state": state} | vals)
        self.sudo()._fix_told()
        if state not in IN_FLIGHT:
            self._release()

    def _state_error(self, state):
        labels = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "The direct debit %(name)s of %(member)s is in state '%(state)s' and"
            " cannot become '%(wanted)s'.",
            name=self.name,
            member=self.partner_id.display_name,
            state=labels[self.state],
            wanted=labels[state],
        )

    def action_cancel(self):
        """Give up debits that the bank has not got; reminders go on."""
        self.check_access("read")
        self._check_clerk()
        for order in self:
            if order.state != "draft":
                raise UserError(order._state_error("cancelled"))
        self._set_state("cancelled")

    def _check_clerk(self):
        if not self.env.user.has_group("gym_dunning.group_dunning_user"):
            raise UserError(
                self.env._("Only a reminder clerk may process direct debits.")
            )

    # === MAKING === #

    @api.model
    def _prepare_vals(self, debit):
        """Return the values of a draft for a planned `Debit`."""
        return {
            "mandate_id": debit.mandate.id,
            "partner_id": debit.partner.id,
            "company_id": debit.company.id,
            "currency_id": debit.currency.id,
            "execution_date": debit.date,
            "attempt": debit.attempt,
            "line_ids": [
                Command.create({"move_line_id": item.id, "amount": amount})
                for item, amount in debit.amounts.items()
            ],
        }

    def _add_items(self, items):
        """Collect further journal items with a draft, such as the reminder's fee."""
        self.ensure_one()
        # sudo: people do not edit debits
        lines = (
            self.env["gym.debit.order.line"]
            .sudo()
            .create(
                [
                    {
                        "order_id": self.id,
                        "move_line_id": item.id,
                        "amount": self.currency_id.round(item.amount_residual_currency),
                    }
                    for item in items
                    if item.amount_residual_currency > 0
                ]
            )
        )
        self._place_holds(lines)

    def action_open_partner(self):
        """Open the member."""
        self.ensure_one()
        return self.partner_id._get_records_action(name=self.partner_id.display_name)

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

# What may become what; everything else is refused.
TRANSITIONS = {
    "draft": ("active",),
    "active": ("cancelled", "ended"),
    "cancelled": ("active", "ended"),
    "ended": ("active",),
}


class GymContract(models.Model):
    """A member's contract: what was subscribed, from when to when, who pays."""

    _name = "gym.contract"
    _description = "Contract"
    _inherit = ["gym.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "date_end, id"

    name = fields.Char(string="Number", readonly=True, copy=False)
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    payer_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
        help="Who gets the invoices; empty means the member.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    date_start = fields.Date(
        string="Start",
        required=True,
        default=fields.Date.context_today,
        copy=False,
        tracking=True,
    )
    date_end = fields.Date(
        string="End",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        copy=False,
        index=True,
        tracking=True,
        help="Last day of the current term; a renewal starts the day after.",
    )
    date_cancel = fields.Date(
        string="Cancelled to", readonly=True, copy=False, tracking=True
    )
    auto_renew = fields.Boolean(
        string="Automatic Renewal",
        default=True,
        tracking=True,
        help="Renewed by the renewal run when its term ends.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("active", "Active"),
            ("cancelled", "Terminated"),
            ("ended", "Ended"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    term_state = fields.Selection(
        selection=lambda self: (
            self._fields["state"]._description_selection(self.env)
            + [("over", self.env._("Not Renewed"))]
        ),
        string="Term",
        compute="_compute_term_state",
        help="An active contract whose term is over is shown as not renewed.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        check_company=True,
        help="Instalments are the payment term's; empty: due on the invoice date.",
    )
    subscription_ids = fields.One2many(
        "gym.contract.subscription", "contract_id", copy=True
    )
    period_ids = fields.One2many("gym.contract.period", "contract_id", readonly=True)
    member_number = fields.Char(related="partner_id.member_number")
    member_status_id = fields.Many2one(related="partner_id.member_status_id")
    client_status_id = fields.Many2one(related="partner_id.client_status_id")
    amount_term = fields.Monetary(
        string="Per Term",
        compute="_compute_amount_term",
        store=True,  # lists and graphs sum it
        help="What all its renewable subscriptions cost for their terms, without tax.",
    )
    note = fields.Html()

    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "This contract number is taken. Choose another.",
    )
    _renewal_idx = models.Index("(company_id, date_end) WHERE state = 'active'")

    # === COMPUTES === #

    @api.depends("company_id")
    def _compute_currency_id(self):
        for contract in self:
            contract.currency_id = contract.company_id.currency_id

    @api.depends("state", "date_end")
    @api.depends_context("dunning_date")
    def _compute_term_state(self):
        today = self._day()
        for contract in self:
            is_over = contract.date_end and contract.date_end < today
            not_renewed = contract.state == "active" and is_over
            contract.term_state = "over" if not_renewed else contract.state

    @api.depends(
        "subscription_ids.date_end", "subscription_ids.renewable", "date_cancel"
    )
    def _compute_date_end(self):
        """The first end that asks for a renewal; without any, the last one."""
        for contract in self:
            subscriptions = contract.subscription_ids.filtered("date_end")
            renewing = subscriptions.filtered("renewable")
            contract.date_end = (
                contract.date_cancel
                or min(renewing.mapped("date_end"), default=False)
                or max(subscriptions.mapped("date_end"), default=False)
            )

    @api.depends(
        "subscription_ids.price_unit",
        "subscription_ids.quantity",
        "subscription_ids.renewable",
    )
    def _compute_amount_term(self):
        for contract in self:
            contract.amount_term = sum(
                subscription._amount()
                for subscription in contract.subscription_ids.filtered("renewable")
            )

    # === CONSTRAINTS === #

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for contract in self:
            if contract.date_end and contract.date_end < contract.date_start:
                raise ValidationError(
                    self.env._(
                        "Contract %(contract)s of %(member)s ends on %(end)s, before"
                        " it starts. Correct the dates.",
                        contract=contract.name or "",
                        member=contract.partner_id.display_name,
                        end=format_date(self.env, contract.date_end),
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        contracts = super().create([self._spread_end(vals) for vals in vals_list])
        contracts._number()
        # contracts taken over from elsewhere: their current term was invoiced there
        contracts.filtered(lambda one: one.state == "active")._note_current_terms()
        return contracts

    def _number(self):
        """Draw the numbers that nobody gave, those of a company at once."""
        unnumbered = self.filtered(lambda one: not one.name)
        for company, group in unnumbered.grouped("company_id").items():
            sequence = self._number_sequence(company)
            numbers = (
                sequence and sequence._gym_draw(len(group)) or [False] * len(group)
            )
            for contract, number in zip(group, numbers, strict=True):
                # sudo: a number is given, nobody chooses it
                contract.sudo().name = number

    @api.model
    def _number_sequence(self, company):
        """Return the sequence that Odoo itself would take for the code."""
        # sudo: whoever makes a contract draws its number
        return (
            self.env["ir.sequence"]
            .sudo()
            .search(
                [
                    ("code", "=", "gym.contract"),
                    ("company_id", "in", [company.id, False]),
                ],
                order="company_id",
                limit=1,
            )
        )

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded
        fixed = {"name", "state", "date_cancel", "date_end", "amount_term"}
        return super()._guarded_fields() | fixed

    def write(self, vals):
        # EXTENDS gym.guarded: a file imported again names what stands already
        fixed = self._guarded_fields().intersection(vals)
        return super().write(
            {
                name: value
                for name, value in vals.items()
                if name not in fixed or self._changes(name, value)
            }
        )

    def _changes(self, name, value):
        field = self._fields[name]
        return any(
            field.convert_to_cache(value, contract)
            != field.convert_to_cache(contract[name], contract)
            for contract in self
        )

    @api.model
    def _guarded_on_create(self):
        # OVERRIDE gym.guarded: contracts come from elsewhere, with number and state
        return {"amount_term"}

    @api.model
    def _guarded_hint(self):
        # EXTENDS gym.guarded
        return self.env._("Use the buttons of the contract, or its subscriptions.")

    @api.model
    def _spread_end(self, vals):
        """An end given for the contract is that of its subscriptions."""
        if not vals.get("date_end"):
            return vals
        commands = [
            (0, 0, {"date_end": vals["date_end"]} | command[2])
            if command[0] == 0
            else command
            for command in vals.get("subscription_ids", [])
        ]
        return vals | {"subscription_ids": commands}

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        for contract in self:
            if contract.state != "draft":
                raise UserError(
                    self.env._(
                        "Contract %s was active, and its history is kept. Cancel or "
                        "end it instead.",
                        contract.name,
                    )
                )

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for contract in self:
            contract.display_name = " · ".join(
                filter(None, [contract.name, contract.partner_id.display_name])
            )

    # === STATES === #

    def _set_state(self, target, note=None):
        """The one gate for every change of state; says why in the chatter.

        :raise UserError: the contract cannot go there from its state
        """
        states = dict(self._fields["state"]._description_selection(self.env))
        for contract in self:
            if target not in TRANSITIONS[contract.state]:
                raise UserError(
                    self.env._(
                        "Contract %(contract)s is '%(state)s' and cannot become"
                        " '%(target)s'.",
                        contract=contract.name,
                        state=states[contract.state],
                        target=states[target],
                    )
                )
            # sudo: the buttons decide, people do not write states
            contract.sudo().state = target
            if note:
                contract.message_post(body=note)

    def action_activate(self):
        """Start the contract: its first term is invoiced as a renewal would be.

        :raise UserError: nothing is subscribed, or the invoice cannot be posted
        """
        self.check_access("write")
        for contract in self:
            if not contract.subscription_ids:
                raise UserError(
                    self.env._(
                        "Contract %s has no subscription. Add one first.", contract.name
                    )
                )
            contract._set_state("active")
            contract._invoice_first_term()

    def action_renew(self):
        """Open the dialog that renews these contracts, after an estimate.

        :raise UserError: none of them is active and has an end
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_renewal_generate_action"
        )
        chosen = {"active_model": self._name, "active_ids": self.ids}
        return dict(action, context=chosen)

    def action_cancel(self):
        """Open the dialog that asks to which day, and why."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel Contract"),
            "res_model": "gym.contract.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_contract_ids": self.ids},
        }

    def action_reopen(self):
        """Take a cancellation or an end back, with what was billed for it."""
        self.check_access("write")
        for contract in self:
            was_running = contract.state == "cancelled"
            contract._set_state("active", self.env._("Reopened."))
            contract._forget_cancellation(was_running)

    def action_end(self):
        """End the contract now; it gives no access any more and is not renewed."""
        self.check_access("write")
        self._set_state("ended", self.env._("Ended by hand."))

    # === TERMS === #

    def _debtor(self):
        """Return who is invoiced."""
        self.ensure_one()
        return self.payer_id or self.partner_id

    def _due_subscriptions(self):
        """Return what a renewal at the contract's end renews (E-62, E-63)."""
        self.ensure_one()
        return self.subscription_ids.filtered(
            lambda one: one.renewable and one.date_end == self.date_end
        )

    def _new_subscriptions(self):
        return self.subscription_ids.filtered(lambda one: not one.period_ids)

    def _note_current_terms(self):
        # sudo: periods are history; only activation and renewal write them
        self.env["gym.contract.period"].sudo().create(
            [
                subscription._prepare_period_vals(
                    subscription.date_start, subscription.date_end
                )
                for subscription in self.subscription_ids
            ]
        )

    def _invoice_first_term(self):
        """Invoice what was never invoiced: all of a new contract, or what was added.

        :raise UserError: the invoice cannot be posted
        """
        self.ensure_one()
        terms = [
            subscription._prepare_period_vals(
                subscription.date_start, subscription.date_end
            )
            for subscription in self._new_subscriptions()
        ]
        failures = self.env["gym.contract.billing"]._bill(
            {self: terms}, fields.Date.context_today(self)
        )
        for __, message in failures:
            raise UserError(message)

    def _ran_on(self, day):
        """Tell whether the contract ran on a day; open ends are open."""
        ended = self.state != "active" and self.date_end
        return self.date_start <= day and (not ended or day <= ended)

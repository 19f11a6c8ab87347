from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .mail_activity_type import CASE_STATES

# What may become what; everything else is refused. Completed is left by a person
# only, through `action_reopen` (AMB-36).
TRANSITIONS = {
    "not_started": ("in_progress", "promise", "completed"),
    "in_progress": ("promise", "completed"),
    "promise": ("in_progress", "completed"),
    "completed": ("in_progress",),
}

# Nobody writes them: the buttons, activities and debts decide.
FOLLOWING = {"amount_case", "amount_debt", "date_completed", "state"}


class GymCollectionCase(models.Model):
    """A debtor worked in-house: the items, the calls and promises (G-01).

    Amounts are in `currency_id`; one case has one debtor, one creditor (the centre)
    and one currency.
    """

    _name = "gym.collection.case"
    _description = "Collection Case"
    _inherit = ["gym.guarded", "mail.thread", "mail.activity.mixin"]

    name = fields.Char(string="Code", copy=False, index="trigram", tracking=True)
    is_name_typed = fields.Boolean(compute="_compute_is_name_typed")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    branch_partner_id = fields.Many2one(
        "res.partner",
        string="Branch of the Customer",
        domain="[('id', 'child_of', partner_id), ('id', '!=', partner_id)]",
        ondelete="restrict",
        index="btree_not_null",
        help="Only what is invoiced or delivered to this address; empty: all.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        required=True,
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        help="The creditor: by default, where the customer has open items.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    debt_manager_id = fields.Many2one(
        "res.users",
        compute="_compute_debt_manager_id",
        store=True,
        precompute=True,  # later it would be of whoever happens to write next
        readonly=False,
        domain=[("collection_team_ids", "!=", False), ("share", "=", False)],
        index=True,
        tracking=True,
        help="Who works on the case: by default, the customer's debt manager, else "
        "whoever creates the case.",
    )
    contact_id = fields.Many2one(
        "res.partner",
        string="Payment Contact",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        help="Whom the debt manager talks to.",
    )
    date_start = fields.Date(
        string="Start",
        required=True,
        default=fields.Date.context_today,
        copy=False,
        tracking=True,
    )
    date_completed = fields.Date(string="Completed on", readonly=True, copy=False)
    state = fields.Selection(
        CASE_STATES,
        default="not_started",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    item_ids = fields.One2many("gym.collection.case.item", "case_id", string="Debts")
    other_amount = fields.Monetary(
        tracking=True,
        help="Claimed but not posted, e.g. an advance for work that is not invoiced.",
    )
    other_collected = fields.Monetary(
        string="Collected (Other Amount)",
        tracking=True,
        copy=False,
        help="What was received of the other amount; the books do not show it.",
    )
    amount_debt = fields.Monetary(
        string="Debt",
        compute="_compute_amounts",
        store=True,
        help="The debts as they were when added to the case.",
    )
    amount_case = fields.Monetary(
        string="Case Value",
        compute="_compute_amounts",
        store=True,
        help="The debt and the other amount.",
    )
    amount_current = fields.Monetary(
        string="Current Amount",
        compute="_compute_amount_current",
        help="What is still open of the case value.",
    )
    next_activity_id = fields.Many2one(
        "mail.activity", compute="_compute_next_activity_id"
    )
    all_activity_ids = fields.One2many(
        "mail.activity",
        "res_id",
        string="Activities, Open and Done",
        domain=lambda self: [("res_model", "=", self._name)],
        context={"active_test": False},
        readonly=True,
    )
    note = fields.Html(string="Notes")

    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "This case code is taken. Choose another.",
    )
    _other_amount = models.Constraint(
        "CHECK (other_amount >= 0)", "The other amount of a case cannot be negative."
    )
    _other_collected = models.Constraint(
        "CHECK (COALESCE(other_collected, 0) BETWEEN 0 AND COALESCE(other_amount, 0))",
        "The collected part of the other amount must be between 0 and that amount.",
    )

    # === COMPUTES === #

    @api.depends("company_id")
    def _compute_is_name_typed(self):
        for case in self:
            # sudo: a centre's clerk does not see the holding, whose setting counts
            case.is_name_typed = case.company_id.sudo().root_id.case_code_typed

    @api.depends("partner_id")
    def _compute_company_id(self):
        for case in self:
            # what is in the case stands at its centre
            if not case._origin.item_ids:
                case.company_id = case._proposed_company()

    @api.depends("company_id")
    def _compute_currency_id(self):
        for case in self:
            case.currency_id = case.company_id.currency_id

    @api.depends("partner_id")
    def _compute_debt_manager_id(self):
        me = self._default_manager()
        for case in self:
            # a case that has one loses him to nobody, e.g. when customers are merged
            case.debt_manager_id = (
                case.partner_id.debt_manager_id or case._origin.debt_manager_id or me
            )

    @api.model
    def _default_manager(self):
        """Return who works a case that nobody is named for: whoever makes it; nobody
        for the system itself."""
        user = self.env.user
        works = user.has_group("gym_dunning.group_debt_manager")
        return user if works and not user._is_superuser() else user.browse()

    @api.depends("partner_id", "branch_partner_id")
    def _compute_contact_id(self):
        for case in self:
            debtor = case.branch_partner_id or case.partner_id
            address = debtor.address_get(["invoice"])["invoice"]
            case.contact_id = (
                debtor._collection_contact()
                or case.partner_id._collection_contact()
                or debtor.browse(address)
            )

    @api.depends("item_ids.amount", "other_amount")
    def _compute_amounts(self):
        for case in self:
            case.amount_debt = sum(case.item_ids.mapped("amount"))
            case.amount_case = case.amount_debt + case.other_amount

    @api.depends("item_ids.amount_open", "other_amount", "other_collected")
    def _compute_amount_current(self):
        for case in self:
            case.amount_current = (
                sum(case.item_ids.mapped("amount_open"))
                + case.other_amount
                - case.other_collected
            )

    @api.depends("activity_ids.date_deadline", "activity_ids.active")
    def _compute_next_activity_id(self):
        for case in self:
            # by hand, because an activity that is new stands at the end of the cache
            planned = case.activity_ids.sorted(lambda one: (one.date_deadline, one.id))
            case.next_activity_id = planned[:1]

    # === CONSTRAINTS === #

    @api.constrains("partner_id", "company_id", "currency_id")
    def _check_items(self):
        for case in self:
            if any(not case._is_mine(item.move_line_id) for item in case.item_ids):
                raise ValidationError(
                    self.env._(
                        "Case %s has debts of another customer, centre or currency."
                        " Take them out first.",
                        case.name,
                    )
                )

    def _is_mine(self, move_line):
        self.ensure_one()
        return (
            move_line.partner_id == self.partner_id.commercial_partner_id
            and move_line.company_id == self.company_id
            and move_line.currency_id == self.currency_id
        )

    # === CRUD === #

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded
        return super()._guarded_fields() | FOLLOWING

    @api.model
    def _guarded_on_create(self):
        # EXTENDS gym.guarded
        return super()._guarded_on_create() | FOLLOWING

    @api.model
    def _guarded_hint(self):
        # EXTENDS gym.guarded
        return self.env._(
            "A case begins in the state Not Started. Its state then follows the "
            "buttons and activities, and its amounts follow the debts."
        )

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        for case in cases.filtered(lambda one: not one.name):
            case.name = case._next_name()
        return cases

    def _next_name(self):
        """Return the next code, where codes are not typed (G-44)."""
        if self.is_name_typed:
            raise UserError(
                self.env._(
                    "Type the code of the case of %s: automatic numbering is off.",
                    self.partner_id.display_name,
                )
            )
        sequence = self.env["ir.sequence"].with_company(self.company_id)
        return sequence.next_by_code("gym.collection.case")

    def unlink(self):
        # EXTENDS base: activities go with the record, holds would stay behind
        self.check_access("unlink")
        self._holds().unlink()
        return super().unlink()

    # === STATES === #

    def _set_state(self, state):
        """Change the state; nothing else writes it.

        Completing frees the items, reopening takes them again.

        :raise UserError: the state cannot follow the present one, or an item is
            no longer free
        """
        cases = self.filtered(lambda case: case.state != state)
        for case in cases:
            case._check_transition(state)
            if case.state == "completed":
                case._reserve(case.item_ids)
        if state == "completed":
            cases._release()
        done = fields.Date.context_today(self) if state == "completed" else False
        # sudo: the one way for a state to change; the caller may write the case
        cases.sudo().write({"state": state, "date_completed": done})

    def _check_transition(self, state):
        if state not in TRANSITIONS[self.state]:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "Case %(case)s is in the state %(old)s and cannot become %(new)s.",
                    case=self.name,
                    old=labels[self.state],
                    new=labels[state],
                )
            )

    # === ACTIONS === #

    def action_start(self):
        """Begin to work the case."""
        self.check_access("write")
        self._set_state("in_progress")

    def action_complete(self):
        """Close the case; its items are free again."""
        self.check_access("write")
        self._set_state("completed")

    def action_reopen(self):
        """Take a completed case up again, with its items.

        :raise UserError: an item stands in another case or at the agency meanwhile
        """
        self.check_access("write")
        self.filtered(lambda case: case.state == "completed")._set_state("in_progress")

    def action_add_items(self):
        """Open the dialog with the customer's free items (G-47).

        :raise UserError: the case is completed
        """
        self.ensure_one()
        self._check_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Open Items"),
            "res_model": "gym.case.item.add",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id},
        }

    def action_delete(self):
        """Open the dialog that says what goes with these cases (G-70)."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Delete Cases"),
            "res_model": "gym.case.delete",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_ids": self.ids},
        }

    def _check_open(self):
        for case in self:
            if case.state == "completed":
                raise UserError(
                    self.env._("Case %s is completed: reopen it first.", case.name)
                )

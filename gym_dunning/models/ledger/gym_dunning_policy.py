from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError, ValidationError

MAX_LEVELS = 9  # one digit: `due_level` is one


class GymDunningPolicy(models.Model):
    """How a company, its branches or certain members are reminded (E-03, E-10)."""

    _name = "gym.dunning.policy"
    _description = "Reminder Policy"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index=True,
        help="The company and its branches; empty means all companies.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    level_ids = fields.One2many("gym.dunning.level", "policy_id", copy=True)
    responsible_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
        help="Receives the reports of automatic reminders and the members' replies.",
    )
    # defaults of the wizard
    min_days_overdue = fields.Integer(
        string="Days Overdue (Minimum)",
        default=10,
        help="Days after the due date from which an item is reminded.",
    )
    min_balance = fields.Monetary(
        string="Minimum Balance",
        help="What the member owes over all late items, in the company's currency.",
    )
    min_invoice_balance = fields.Monetary(
        string="Minimum Balance per Invoice",
        help="Smaller items are left out, in the company's currency.",
    )
    payment_days = fields.Integer(
        string="Days to Pay",
        default=10,
        help="From the reminder's date to its deadline.",
    )
    # the last level
    block_mode = fields.Selection(
        [
            ("none", "Never block"),
            ("propose", "Propose members to block"),
            ("auto", "Block automatically"),
        ],
        string="Blocking at the Last Level",
        default="propose",
        required=True,
        help="Never block: nobody can be blocked from a run, the client status is"
        " still set.",
    )
    block_preselected = fields.Boolean(
        string="Preselect Members to Block",
        default=True,
        help="Members who reach the last level are ticked for blocking from the start.",
    )
    last_member_status_id = fields.Many2one(
        "gym.member.status",
        string="Member Status at the Last Level",
        ondelete="restrict",
        help="Given to the members who are blocked; it decides about their access.",
    )
    last_client_status_id = fields.Many2one(
        "gym.client.status",
        string="Client Status at the Last Level",
        ondelete="restrict",
        help="Given to everybody who reaches the last level, blocked or not.",
    )
    # fees
    fee_booking = fields.Selection(
        [
            ("invoice", "One invoice per reminder"),
            ("entry", "One journal entry per batch"),
            ("none", "On the letter only"),
        ],
        string="Booking of Fees",
        default="invoice",
        required=True,
    )
    configuration_warning = fields.Text(
        string="Still to Do", compute="_compute_configuration_warning"
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for policy in self:
            company = policy.company_id or self.env.company
            policy.currency_id = company.currency_id

    @api.depends(
        "level_ids.fee_product_id",
        "level_ids.fee_amount",
        "level_ids.send_document",
        "level_ids.report_id.attachment",
        "level_ids.report_id.model",
        "level_ids.report_id.report_type",
        "level_ids.mail_template_id.model",
        "block_mode",
        "fee_booking",
        "last_member_status_id",
    )
    def _compute_configuration_warning(self):
        for policy in self:
            policy.configuration_warning = "\n".join(policy._configuration_errors())

    @api.constrains(
        "min_days_overdue", "min_balance", "min_invoice_balance", "payment_days"
    )
    def _check_not_negative(self):
        for policy in self:
            if (
                min(
                    policy.min_days_overdue,
                    policy.min_balance,
                    policy.min_invoice_balance,
                    policy.payment_days,
                )
                < 0
            ):
                raise ValidationError(
                    self.env._(
                        "%s: days and balances cannot be negative. Enter 0 for no"
                        " limit.",
                        policy.name,
                    )
                )

    @api.constrains("level_ids")
    def _check_level_count(self):
        for policy in self:
            if len(policy.level_ids) > MAX_LEVELS:
                raise ValidationError(
                    self.env._(
                        "%(policy)s has more than %(count)s levels. Remove some.",
                        policy=policy.name,
                        count=MAX_LEVELS,
                    )
                )

    def copy_data(self, default=None):
        return [
            dict(vals, name=self.env._("%s (copy)", policy.name))
            for policy, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # === CONFIGURATION CHECK === #

    def _check_configuration(self):
        """Refuse to run on a policy that is not complete, naming what is missing."""
        self.ensure_one()
        if errors := self._configuration_errors():
            raise UserError("\n".join(errors))

    def _configuration_errors(self):
        """Return a sentence for each thing that keeps the policy from running."""
        self.ensure_one()
        if not self.level_ids:
            return [
                self.env._(
                    "The policy %s has no levels. Add at least one under"
                    " Configuration > Policies.",
                    self.name,
                )
            ]
        errors = [
            error for level in self.level_ids for error in self._level_errors(level)
        ]
        if self.block_mode != "none" and not self.last_member_status_id:
            errors.append(
                self.env._(
                    "The policy %s blocks members at the last level, but has no"
                    " member status for it. Choose one or set blocking to 'Never"
                    " block'.",
                    self.name,
                )
            )
        return errors

    def _level_errors(self, level):
        names = {"level": level.name, "policy": self.name}
        if level.fee_amount and not level.fee_product_id and self.fee_booking != "none":
            yield self.env._(
                "Level %(level)s of %(policy)s has a fee amount, but no article for it."
                " Choose the article or book fees on the letter only.",
                **names,
            )
        if self.fee_booking == "entry" and level.fee_product_id.taxes_id:
            yield self.env._(
                "Level %(level)s of %(policy)s: fees with taxes need an invoice per"
                " reminder. Change the booking of fees or remove the taxes of the"
                " fee product.",
                **names,
            )
        if level.send_document and (fault := level._document_fault()):
            yield fault
        if fault := level._template_fault():
            yield fault

    # === WHICH POLICY === #

    @api.model
    def _by_company(self, companies):
        """Return each company's policy: its own, else the nearest parent's.

        :return: dict of company id to policy, empty where there is none
        """
        first_of = {}
        # sudo: a branch inherits from a holding that its user may not see
        for policy in self.sudo().search([]):
            first_of.setdefault(policy.company_id.id, policy.id)
        shared = first_of.get(False)
        result = {}
        for company in companies.sudo():
            line = [first_of.get(ancestor.id) for ancestor in company.parent_ids]
            nearest = next(filter(None, reversed(line)), shared)
            result[company.id] = self.browse(nearest)
        return result

    @api.model
    def _for_company(self, company):
        return self._by_company(company)[company.id]

    @api.model
    def _for_company_or_raise(self, company):
        policy = self._for_company(company)
        if not policy:
            raise RedirectWarning(
                self.env._(
                    "%s has no reminder policy. Create one with its levels first.",
                    company.name,
                ),
                self.env.ref("gym_dunning.gym_dunning_policy_action").id,
                self.env._("Reminder policies"),
            )
        return policy

    def _covers(self, company):
        """Tell whether the policy is meant for the company.

        It is not when the company, or a parent nearer than the policy's own
        company, has policies of its own.
        """
        self.ensure_one()
        nearest = self._for_company(company)
        return not nearest or nearest.sudo().company_id == self.sudo().company_id

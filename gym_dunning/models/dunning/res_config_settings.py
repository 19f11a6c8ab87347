from odoo import api, fields, models
from odoo.exceptions import UserError


class ResConfigSettings(models.TransientModel):
    """The settings page of reminders (E-10 to E-26): the policy of the company."""

    _inherit = "res.config.settings"

    dunning_policy_id = fields.Many2one(
        "gym.dunning.policy",
        string="Reminder Policy",
        compute="_compute_dunning_policy_id",
    )
    dunning_configuration_warning = fields.Text(
        related="dunning_policy_id.configuration_warning"
    )
    dunning_payment_warning = fields.Text(related="dunning_policy_id.payment_warning")
    dunning_level_ids = fields.One2many(related="dunning_policy_id.level_ids")
    dunning_min_days_overdue = fields.Integer(
        related="dunning_policy_id.min_days_overdue", readonly=False
    )
    dunning_min_balance = fields.Monetary(
        related="dunning_policy_id.min_balance",
        readonly=False,
        currency_field="currency_id",
    )
    dunning_min_invoice_balance = fields.Monetary(
        related="dunning_policy_id.min_invoice_balance",
        readonly=False,
        currency_field="currency_id",
    )
    dunning_payment_days = fields.Integer(
        related="dunning_policy_id.payment_days", readonly=False
    )
    gym_short_code = fields.Char(related="company_id.gym_short_code", readonly=False)
    dunning_fee_product_id = fields.Many2one(
        "product.product",
        string="Default Reminder Fee",
        compute="_compute_dunning_fee_product_id",
        inverse="_inverse_dunning_fee_product_id",
        domain="[('type', '=', 'service')]",
        help="The article of the fee; the levels that charge one use it.",
    )
    dunning_fee_booking = fields.Selection(
        related="dunning_policy_id.fee_booking", readonly=False
    )
    dunning_fee_agreed = fields.Boolean(
        related="company_id.dunning_fee_agreed", readonly=False
    )
    dunning_fee_agreed_amount = fields.Monetary(
        related="company_id.dunning_fee_agreed_amount",
        readonly=False,
        currency_field="currency_id",
    )
    dunning_fee_agreed_date = fields.Date(
        related="company_id.dunning_fee_agreed_date", readonly=False
    )
    dunning_cost_print = fields.Monetary(
        related="company_id.dunning_cost_print",
        readonly=False,
        currency_field="currency_id",
    )
    dunning_cost_email = fields.Monetary(
        related="company_id.dunning_cost_email",
        readonly=False,
        currency_field="currency_id",
    )
    dunning_cost_booking = fields.Monetary(
        related="company_id.dunning_cost_booking",
        readonly=False,
        currency_field="currency_id",
    )
    dunning_fee_clause = fields.Char(
        related="company_id.dunning_fee_clause", readonly=False
    )
    dunning_interest_agreed = fields.Boolean(
        related="company_id.dunning_interest_agreed", readonly=False
    )
    dunning_costs = fields.Html(
        string="What Is Charged", compute="_compute_dunning_costs"
    )
    dunning_block_mode = fields.Selection(
        related="dunning_policy_id.block_mode", readonly=False
    )
    dunning_block_preselected = fields.Boolean(
        related="dunning_policy_id.block_preselected", readonly=False
    )
    dunning_last_member_status_id = fields.Many2one(
        related="dunning_policy_id.last_member_status_id", readonly=False
    )
    dunning_last_client_status_id = fields.Many2one(
        related="dunning_policy_id.last_client_status_id", readonly=False
    )
    dunning_auto_unblock = fields.Boolean(
        related="company_id.dunning_auto_unblock", readonly=False
    )

    dunning_lonely_fee = fields.Selection(
        related="company_id.dunning_lonely_fee", readonly=False
    )
    dunning_lonely_fee_days = fields.Integer(
        related="company_id.dunning_lonely_fee_days", readonly=False
    )

    @api.depends("company_id")
    def _compute_dunning_policy_id(self):
        policies = self.env["gym.dunning.policy"]
        for settings in self:
            settings.dunning_policy_id = policies._for_company(settings.company_id)

    @api.depends(
        "company_id",
        "dunning_fee_agreed",
        "dunning_fee_agreed_amount",
        "dunning_fee_product_id",
        "dunning_interest_agreed",
    )
    def _compute_dunning_costs(self):
        """A line for the centre and each branch that the user has ticked."""
        for settings in self:
            policy = settings.dunning_policy_id
            centres = settings.company_id._ticked_centres()
            settings.dunning_costs = policy and centres._gym_costs_of(policy)

    @api.depends("dunning_policy_id.level_ids.fee_product_id")
    def _compute_dunning_fee_product_id(self):
        for settings in self:
            products = settings.dunning_policy_id.level_ids.fee_product_id
            settings.dunning_fee_product_id = products[:1]

    def _inverse_dunning_fee_product_id(self):
        """The levels that charge a fee charge this one; without any, the second.

        The page writes all its fields whatever was edited: fees that differ by
        level stay unless another article is chosen.
        """
        for settings in self:
            levels = settings.dunning_policy_id.level_ids
            charging = levels.filtered("fee_product_id")
            if settings.dunning_fee_product_id != charging.fee_product_id[:1]:
                wanted = charging or levels[1:2]
                wanted.fee_product_id = settings.dunning_fee_product_id

    def action_example_letter(self):
        """Download an example letter of the first level that costs something, as this
        centre would send it to a member.

        :raise UserError: the company has no policy, or the letter cannot be made
        """
        self.ensure_one()
        levels = self.dunning_policy_id.level_ids
        level = (levels.filtered("fee_product_id") or levels)[:1]
        if not level:
            raise UserError(
                self.env._("%s has no reminder policy yet.", self.company_id.name)
            )
        content = self.env["gym.dunning.reminder"]._example_letter(
            self.company_id, level
        )
        attachment = self.env["ir.attachment"].create(
            {
                "name": self.env._("Example of %s.pdf", level.name),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,  # goes with these settings, by itself
                "res_id": self.id,
            }
        )
        return attachment._gym_download(target="download")

    def action_open_dunning_policy(self):
        """Open the company's policy with its levels and texts."""
        self.ensure_one()
        if not self.dunning_policy_id:
            raise UserError(
                self.env._("%s has no reminder policy yet.", self.company_id.name)
            )
        return self.dunning_policy_id._get_records_action(
            name=self.dunning_policy_id.name
        )

from odoo import api, fields, models


class GymContract(models.Model):
    """What the screens of contracts show besides, and where their buttons lead."""

    _inherit = "gym.contract"

    articles = fields.Char(compute="_compute_articles")
    move_ids = fields.Many2many("account.move", compute="_compute_moves")
    invoice_count = fields.Integer(compute="_compute_moves", string="Invoices")
    new_articles = fields.Char(
        string="Not Invoiced Yet",
        compute="_compute_new_articles",
        help="Subscriptions added to a running contract, to be invoiced once.",
    )

    @api.depends("subscription_ids.product_id")
    def _compute_articles(self):
        for contract in self:
            contract.articles = contract.subscription_ids._article_names()

    @api.depends("period_ids.move_id")
    def _compute_moves(self):
        for contract in self:
            contract.move_ids = contract.period_ids.move_id
            contract.invoice_count = len(contract.move_ids)

    @api.depends("state", "subscription_ids.period_ids")
    def _compute_new_articles(self):
        for contract in self:
            added = contract._origin._new_subscriptions()
            contract.new_articles = contract._is_running() and added._article_names()

    def _is_running(self):
        return self.state in ("active", "cancelled")

    def action_open_invoices(self):
        """List the contract's invoices."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        return dict(
            action,
            domain=[("id", "in", self.move_ids.ids)],
            context={"default_move_type": "out_invoice"},
        )

    def action_invoice_added(self):
        """Invoice the first term of what was added to a running contract.

        :raise UserError: the invoice cannot be posted
        """
        self.check_access("write")
        for contract in self:
            if contract._is_running() and contract._new_subscriptions():
                contract._invoice_first_term()

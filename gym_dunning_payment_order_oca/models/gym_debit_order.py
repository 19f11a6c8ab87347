from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class GymDebitOrder(models.Model):
    """A debit is put into a payment order, item by item; that one writes the file."""

    _inherit = "gym.debit.order"

    payment_line_ids = fields.One2many(
        "account.payment.line", "gym_debit_order_id", readonly=True
    )
    payment_order_id = fields.Many2one(
        "account.payment.order", compute="_compute_payment_order_id"
    )

    @api.depends("payment_line_ids.order_id.state")
    def _compute_payment_order_id(self):
        for order in self:
            # sudo: whoever sees the debit may know where it stands
            theirs = order.sudo().payment_line_ids.order_id
            order.payment_order_id = theirs.filtered(lambda one: one.state != "cancel")[
                :1
            ]

    # === PUTTING IN === #

    def _put_into_payment_orders(self):
        """Put the drafts among these into draft payment orders, one for each payment
        mode and day of execution.

        :return: the payment orders
        :raise UserError: with a sentence for each debit that does not fit; nothing is
            put in
        """
        free = self.filtered(
            lambda order: order.state == "draft" and not order.payment_order_id
        )
        if reasons := [reason for order in free if (reason := order._why_not_feed())]:
            raise UserError("\n".join(reasons))
        # sudo: the clerk puts debits in; confirming and sending is for others
        payment_orders = self.env["account.payment.order"].sudo()
        groups = free.sudo().grouped(
            lambda order: (order._payment_mode(), order._payment_day())
        )
        for (mode, day), orders in groups.items():
            payment_order = mode._draft_payment_order(day)
            orders._feed(payment_order, orders.line_ids)
            payment_orders |= payment_order
        return payment_orders.sudo(False)

    def _feed(self, payment_order, lines):
        self.payment_line_ids.unlink()  # of cancelled payment orders
        self.env["account.payment.line"].create(
            [line._prepare_payment_line(payment_order) for line in lines]
        )

    def _payment_day(self):
        """Payment orders do not collect in the past."""
        return max(self.execution_date, fields.Date.context_today(self))

    def _payment_mode(self):
        """Return the payment mode of the documents, else the centre's own."""
        self.ensure_one()
        modes = self.env["account.payment.mode"].sudo()  # the clerk cannot read them
        domain = modes._by_mandate_domain() & Domain("company_id", "=", self.company_id.id)
        documents = self.line_ids.move_id.sudo()
        return documents.payment_mode_id.filtered_domain(domain)[:1] or modes.search(
            domain, limit=1
        )

    def _add_items(self, items):
        # EXTENDS gym_dunning: the payment order collects the fee as well
        known = self.line_ids
        super()._add_items(items)
        order = self.sudo()  # as `_put_into_payment_orders`
        if order.payment_order_id:
            added = order.line_ids - known
            self.env["account.payment.line"].sudo().create(
                [line._prepare_payment_line(order.payment_order_id) for line in added]
            )

    # === WHY NOT === #

    def _why_not_feed(self):
        """Return a sentence on why the debit cannot be collected, or None."""
        self.ensure_one()
        return self._why_no_mandate() or self._why_not_open() or self._why_no_mode()

    def _why_no_mandate(self):
        mandate = self.mandate_id.sudo()
        if mandate.state == "active" and mandate.banking_mandate_id.state == "valid":
            return None
        return self.env._(
            "%(name)s of %(member)s: the mandate %(mandate)s is not valid. Validate it"
            " among the mandates of the payment orders, or cancel the direct debit.",
            name=self.name,
            member=self.partner_id.display_name,
            mandate=mandate.name,
        )

    def _why_not_open(self):
        for line in self.line_ids:
            left = line.move_line_id.amount_residual_currency
            if self.currency_id.compare_amounts(left, line.amount) < 0:
                return self.env._(
                    "%(name)s of %(member)s: of %(document)s only %(left)s are open."
                    " Cancel the direct debit.",
                    name=self.name,
                    member=self.partner_id.display_name,
                    document=line.move_id.display_name,
                    left=self.currency_id.format(left),
                )
        return None

    def _why_no_mode(self):
        if self._payment_mode():
            return None
        return self.env._(
            "%(name)s of %(member)s: %(centre)s has no payment mode for direct debits"
            " in payment orders. Create one under Invoicing > Configuration > Payment"
            " Modes.",
            name=self.name,
            member=self.partner_id.display_name,
            centre=self.company_id.name,
        )

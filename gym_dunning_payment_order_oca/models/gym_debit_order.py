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
        "account.payment.order",
        compute="_compute_payment_order_id",
        compute_sudo=True,  # whoever sees the debit may know where it stands
    )

    @api.depends("payment_line_ids.order_id.state")
    def _compute_payment_order_id(self):
        for order in self:
            theirs = order.payment_line_ids.order_id
            order.payment_order_id = theirs.filtered(lambda one: one.state != "cancel")[
                :1
            ]

    # === PUTTING IN === #

    def _put_into_payment_orders(self):
        """Put drafts into draft payment orders, one for each payment mode and day.

        What was paid or held meanwhile is left out first.

        :return: the payment orders, and a dict of each debit that does not fit to why
        """
        # sudo: the clerk puts debits in; confirming and sending is for others
        waiting = self.sudo().filtered(lambda order: order._is_waiting())
        waiting._recheck(self.env["gym.debit.plan"]._today())
        reasons = {
            order: reason
            for order in waiting.filtered(lambda one: one.state == "draft")
            if (reason := order._why_no_mandate() or order._why_no_mode())
        }
        fitting = waiting.filtered(
            lambda one: one.state == "draft" and one not in reasons
        )
        payment_orders = self.env["account.payment.order"].sudo()
        groups = fitting.grouped(lambda one: (one._payment_mode(), one._payment_day()))
        for (mode, day), orders in groups.items():
            payment_order = mode._draft_payment_order(day)
            orders._feed(payment_order)
            payment_orders |= payment_order
        return payment_orders.sudo(False), reasons

    def _is_waiting(self):
        return self.state == "draft" and not self.payment_order_id

    def _feed(self, payment_order):
        self.payment_line_ids.unlink()  # of cancelled payment orders
        self.line_ids._create_payment_lines(payment_order)

    def _payment_day(self):
        """Payment orders do not collect in the past."""
        return max(self.execution_date, fields.Date.context_today(self))

    def _payment_mode(self):
        """Return the payment mode of the documents, else the centre's own."""
        self.ensure_one()
        modes = self.env["account.payment.mode"].sudo()  # the clerk cannot read them
        domain = modes._by_mandate_domain() & Domain(
            "company_id", "=", self.company_id.id
        )
        documents = self.line_ids.move_id.sudo()
        return documents.payment_mode_id.filtered_domain(domain)[:1] or modes.search(
            domain, limit=1
        )

    def _add_items(self, items):
        # EXTENDS gym_dunning: the payment order collects the fee as well
        known = self.line_ids
        result = super()._add_items(items)
        order = self.sudo()  # as `_put_into_payment_orders`
        if order.payment_order_id:
            added = order.line_ids - known
            added._create_payment_lines(order.payment_order_id)
        return result

    # === WHY NOT === #

    def _why_no_mandate(self):
        mandate = self.mandate_id.sudo()  # its state is no secret to the payment order
        if mandate.state == "active" and mandate.banking_mandate_id.state == "valid":
            return None
        return self.env._(
            "%(name)s of %(member)s: the mandate %(mandate)s is not valid. Validate it"
            " among the mandates of the payment orders, or cancel the direct debit.",
            name=self.name,
            member=self.partner_id.display_name,
            mandate=mandate.name,
        )

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

    # === IN PLACE OF BATCHES === #

    def _put_into_batches(self):
        """Payment orders take the place of batches: no file is written here.

        :return: no batch
        """
        __, reasons = self._put_into_payment_orders()
        for order, reason in reasons.items():
            order.message_post(body=reason)
        return self.env["gym.debit.batch"]

    def action_put_into_batches(self):
        """Put drafts into payment orders.

        :return: the action that shows the payment orders
        :raise UserError: some do not fit, with all reasons; or none is a draft
        """
        self.check_access("read")
        self._check_clerk()
        payment_orders, reasons = self._put_into_payment_orders()
        if reasons:
            raise UserError("\n".join(reasons.values()))
        if not payment_orders:
            raise UserError(
                self.env._(
                    "Nothing to put into payment orders: choose drafts that stand in"
                    " none."
                )
            )
        return self._show_batches(self.env["gym.debit.batch"])

    def _show_batches(self, batches):
        """Return the action that shows the payment orders; who may not see them is
        shown the debits."""
        theirs = self.env["account.payment.order"]
        if theirs.has_access("read") and self.payment_order_id:
            return self.payment_order_id._get_records_action(
                name=self.env._("Payment Orders")
            )
        return super()._show_batches(batches)

    def action_take_out(self):
        """Take drafts out of their payment order; they wait for another one."""
        result = super().action_take_out()
        self.sudo().payment_line_ids.unlink()  # as they were put in
        return result

    def action_open_payment_order(self):
        """Open the payment order, for those who may see it."""
        self.ensure_one()
        return self.payment_order_id._get_records_action(
            name=self.payment_order_id.sudo().name
        )

    def _move(self, date):
        # EXTENDS gym_dunning
        placed = self.filtered("payment_order_id")
        result = super()._move(date)
        placed.sudo().payment_line_ids.unlink()  # as they were put in
        placed._put_into_batches()
        return result

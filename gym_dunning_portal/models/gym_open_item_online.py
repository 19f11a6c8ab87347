from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date


class GymOpenItem(models.Model):
    """What may be paid online, and why the rest may not."""

    _inherit = "gym.open.item"

    def _why_not_online(self):
        """Return the sentence that says why the member cannot pay this item online now;
        None: he can."""
        self.ensure_one()
        document = self.move_id.name
        if self.hold_reason == "agency":
            return self.env._("%s is with the collection agency: pay there.", document)
        if self._online_payments():
            return self.env._("%s is being paid online already.", document)
        order = self._debit_under_way()
        if order and order.state != "draft":
            return self.env._(
                "%(document)s is collected from your account on %(date)s.",
                document=document,
                date=format_date(self.env, order.execution_date),
            )
        return None

    def _what_of_debit(self):
        """Return the sentence about a debit that paying now takes the item out of; None
        where there is none."""
        self.ensure_one()
        order = self._debit_under_way()
        if not order or order.state != "draft":
            return None
        return self.env._(
            "%(document)s is to be collected from your account on %(date)s. If you pay"
            " now, we take it out.",
            document=self.move_id.name,
            date=format_date(self.env, order.execution_date),
        )

    def _debit_under_way(self):
        """Return the direct debits that are collecting these items."""
        # sudo: who pays knows that the bank collects it
        lines = self.env["gym.debit.order.line"].sudo()
        return lines.search(
            Domain("move_line_id", "in", self.ids) & Domain("in_flight", "=", True)
        ).order_id

    def _online_payments(self):
        """Return the online payments of these items that are under way, or whose money
        came and is not booked yet."""
        # sudo: who pays may not read other payments, and learns that there is one
        transactions = self.env["payment.transaction"].sudo()
        return transactions.search(
            Domain("gym_item_ids", "in", self.ids)
            & (
                Domain("state", "in", ("pending", "authorized"))
                | Domain("state", "=", "done")
                & Domain("payment_id", "=", False)
                & Domain("child_transaction_ids", "=", False)
            )
        ).filtered(lambda one: one._gym_is_holding())

    def _check_online(self, lines):
        """Refuse to pay what cannot be paid online now.

        :param lines: the journal items that were chosen; these are what is open of them
        :raise UserError: one cannot be, or nothing is to be paid
        """
        debts = self.filtered(lambda item: item.amount_residual > 0)
        for item in debts:
            if sentence := item._why_not_online():
                raise UserError(sentence)
        paid = lines.filtered(lambda line: line.id not in self.ids)
        if paid or not debts:
            names = ", ".join((paid or lines).move_id.mapped("name"))
            raise UserError(
                self.env._(
                    "%s is paid already. Open the page again to see what is open.",
                    names,
                )
            )
        if len(self.currency_id) > 1 or len(self.company_id) > 1:
            raise UserError(
                self.env._("Pay what is in another currency by itself, please.")
            )
        if (
            self.currency_id.compare_amounts(sum(self.mapped("amount_residual")), 0)
            <= 0
        ):
            raise UserError(
                self.env._(
                    "Your credit covers all that is open: nothing is to be paid."
                )
            )

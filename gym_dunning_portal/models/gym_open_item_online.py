from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date


class GymOpenItem(models.Model):
    """What may be paid online, and why the rest may not."""

    _inherit = "gym.open.item"

    def _why_not_online(self):
        """Return the sentence that says why the member cannot pay an item online now, by
        item; those that are not named he can. Some queries for all of them.
        """
        paying = self._paying_online()
        orders = self._orders_under_way()
        sentences = {
            item: item._refused_online(item.id in paying, orders.get(item.id))
            for item in self
        }
        return {item: sentence for item, sentence in sentences.items() if sentence}

    def _refused_online(self, is_paying, order):
        """Return the sentence of one item; None: it can be paid.

        :param is_paying: an online payment of it is under way
        :param order: the direct debit that collects it, if there is one
        """
        document = self.move_id.name
        if self.hold_reason == "agency":
            return self.env._("%s is with the collection agency: pay there.", document)
        if is_paying:
            return self.env._("%s is being paid online already.", document)
        if order and order.state != "draft":
            return self.env._(
                "%(document)s is collected from your account on %(date)s.",
                document=document,
                date=format_date(self.env, order.execution_date),
            )
        return None

    def _what_of_debits(self):
        """Return a sentence for each item that paying now takes out of a debit."""
        orders = self._orders_under_way()
        return [
            self.env._(
                "%(document)s is to be collected from your account on %(date)s. If you"
                " pay now, we take it out.",
                document=item.move_id.name,
                date=format_date(self.env, orders[item.id].execution_date),
            )
            for item in self
            if item.id in orders and orders[item.id].state == "draft"
        ]

    def _orders_under_way(self):
        """Return the direct debit that is collecting each item, by its id."""
        flying = self.filtered(lambda item: item.debit_state == "in_flight")
        if not flying:
            return {}
        # sudo: who pays knows that the bank collects it
        lines = self.env["gym.debit.order.line"].sudo()
        found = lines.search(
            Domain("move_line_id", "in", flying.ids) & Domain("in_flight", "=", True)
        )
        return {line.move_line_id.id: line.order_id for line in found}

    def _paying_online(self):
        """Return the ids of items of which a payment is under way, or whose money came
        and is not booked yet."""
        held = self.filtered("hold_reason")  # it holds them, whatever else does
        if not held:
            return set()
        # sudo: who pays may not read other payments, and learns that there is one
        transactions = self.env["payment.transaction"].sudo()
        found = transactions.search(
            Domain("gym_item_ids", "in", held.ids)
            & (
                Domain("state", "in", ("pending", "authorized"))
                | Domain("state", "=", "done")
                & Domain("payment_id", "=", False)
                & Domain("child_transaction_ids", "=", False)
            )
        )
        return set(found and found._gym_holds().move_line_id.ids)

    def _check_online(self, lines):
        """Refuse to pay what cannot be paid online now.

        :param lines: the journal items that were chosen; these are what is open of them
        :raise UserError: one cannot be, or nothing is to be paid
        """
        debts = self.filtered(lambda item: item.amount_residual > 0)
        for sentence in debts._why_not_online().values():
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
        if not self.env["payment.transaction"]._gym_amount(self):
            raise UserError(
                self.env._(
                    "Your credit covers all that is open: nothing is to be paid."
                )
            )

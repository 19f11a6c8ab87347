from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from .gym_debit_return import RETURNABLE


class GymDebitReturn(models.Model):
    """Which direct debit a bank's entry is about.

    Works on rows that are not saved, too: the preview of an import asks the same.
    """

    _inherit = "gym.debit.return"

    def _match(self):
        """Find the order of each; where none fits, say why.

        A debit that was chosen by hand is kept, whatever its amount.
        """
        by_number, by_reference = self._find_orders()
        taken = set()
        for one in self:
            chosen = one.order_id
            order = (
                chosen
                or by_number.get(one.end_to_end_id, chosen)
                or by_reference.get(one.reference, chosen)
            )
            one.message = (
                one._is_unknown(order)
                or one._is_not_returnable(order, taken)
                or (not chosen and one._is_another_amount(order))
            )
            if not one.message:
                one.order_id = order
                taken.add(order.id)

    def _find_orders(self):
        """Return the creditor's orders by number, and by the payment reference that
        Swiss banks give back instead."""
        free = self.filtered(lambda one: not one.order_id)
        numbers = [number for number in free.mapped("end_to_end_id") if number]
        references = [text for text in free.mapped("reference") if text]
        # sudo: the bank's file is about all centres, whoever imports it
        orders = self.env["gym.debit.order"].sudo()
        found = orders.search(
            (Domain("name", "in", numbers) | Domain("bank_reference", "in", references))
            & Domain("company_id", "child_of", self.creditor_id.ids)
        )
        by_number = {order.name: order for order in found}
        return by_number, {order.bank_reference: order for order in found}

    # === WHY NOT === #

    def _is_unknown(self, order):
        if order:
            return False
        if self.rejected_file:
            return self.env._(
                "The bank rejected the file %(file)s as a whole, but no direct debit of it"
                " is under way. Ignore this entry if it was sent once more meanwhile.",
                file=self.rejected_file,
            )
        number = self.end_to_end_id or self.reference
        if not number:
            return self.env._(
                "The bank names no number of a direct debit. Match it by hand, or ignore"
                " it."
            )
        return self.env._(
            "%(creditor)s has no direct debit %(number)s. Match it by hand, or ignore it"
            " if it was made by another program.",
            creditor=self.creditor_id.name,
            number=number,
        )

    def _is_not_returnable(self, order, taken):
        if order.id in taken:
            return self.env._(
                "The direct debit %(number)s of %(member)s is returned by another entry"
                " already. Ignore this one.",
                **self._about(order),
            )
        if order.state in RETURNABLE:
            return False
        if order.state == "returned":
            return self.env._(
                "The direct debit %(number)s of %(member)s was returned on %(date)s"
                " already. Ignore this entry.",
                date=format_date(self.env, order.return_date),
                **self._about(order),
            )
        return self._was_not_sent(order)

    def _was_not_sent(self, order):
        labels = dict(order._fields["state"]._description_selection(self.env))
        return self.env._(
            "The direct debit %(number)s of %(member)s is in state '%(state)s': the bank"
            " has not got it from here. Find out who sent it, then retry or ignore it.",
            state=labels[order.state],
            **self._about(order),
        )

    def _is_another_amount(self, order):
        if not self.currency_id and not self.amount:
            return False  # a rejection need not repeat it
        same = self.currency_id == order.currency_id
        if same and not order.currency_id.compare_amounts(self.amount, order.amount):
            return False
        return self.env._(
            "The bank returns %(returned)s, but the direct debit %(number)s of %(member)s"
            " collected %(collected)s. Match it by hand if it is the one.",
            returned=self._formatted_amount(),
            collected=order.currency_id.format(order.amount),
            **self._about(order),
        )

    def _formatted_amount(self):
        if self.currency_id:
            return self.currency_id.format(self.amount)
        return str(self.amount)

    def _about(self, order):
        return {"number": order.name, "member": order.partner_id.display_name}

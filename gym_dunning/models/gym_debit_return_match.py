from odoo import models
from odoo.tools import format_date

from .gym_debit_return import RETURNABLE

# A sentence names no more; the dialog shows them all.
MAX_PROPOSALS = 5


class GymDebitReturn(models.Model):
    """Whether the debit that was found is the one that came back.

    Works on rows that are not saved, too: the preview of an import asks the same.
    """

    _inherit = "gym.debit.return"

    def _match(self):
        """Take the order that was found for each; where none fits, say why.

        A debit that was chosen by hand is kept, whatever its amount.

        :return: a `Found` for each row
        """
        by_row = self._find()
        taken = set()
        for one in self:
            found, chosen = by_row[one], one.order_id
            order = chosen or found.order
            one.message = (not chosen and one._is_doubted(found)) or (
                one._is_unknown(order, found)
                or one._is_not_returnable(order, taken)
                or (not chosen and one._is_another_amount(order))
            )
            if not one.message:
                one.order_id = order
                taken.add(order.id)
                one.match_reason = not chosen and found.reason
                one._take_reading(order)
        return by_row

    # === WHY NOT === #

    def _is_doubted(self, found):
        if not self.doubt:
            return False
        if not found.order:
            return self.doubt
        return self.env._(
            "%(doubt)s It names the direct debit %(number)s of %(member)s.",
            doubt=self.doubt,
            **self._about(found.order),
        )

    def _is_unknown(self, order, found):
        if order:
            return False
        if found.proposals:
            return self._is_ambiguous(found)
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

    def _is_ambiguous(self, found):
        return self.env._(
            "The bank names no number of a direct debit. By %(what)s it may be"
            " %(numbers)s: match the right one by hand.",
            what=found.reason,
            numbers=", ".join(found.proposals[:MAX_PROPOSALS].mapped("name")),
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
        if self._reading_of(order):
            return False
        return self.env._(
            "The bank returns %(returned)s, but the direct debit %(number)s of %(member)s"
            " collected %(collected)s. Match it by hand if it is the one.",
            returned=self._formatted_amount(),
            collected=order.currency_id.format(order.amount),
            **self._about(order),
        )

    def _reading_of(self, order):
        """Return the pair of amount and charges that fits the order, or None."""
        if self.currency_id != order.currency_id:
            return None
        readings = [(self.amount, self.charges), *(self.readings or [])]
        compare = order.currency_id.compare_amounts
        fits = (pair for pair in readings if not compare(pair[0], order.amount))
        return next(fits, None)

    def _take_reading(self, order):
        """Keep what the order tells of the amounts: which is it, which are charges."""
        reading = self._reading_of(order)
        if reading and self.readings:
            self.amount, self.charges = reading

    def _formatted_amount(self):
        if self.currency_id:
            return self.currency_id.format(self.amount)
        return str(self.amount)

    def _about(self, order):
        return {"number": order.name, "member": order.partner_id.display_name}

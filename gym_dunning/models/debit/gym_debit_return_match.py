import re
from datetime import timedelta
from typing import NamedTuple

from stdnum.util import clean

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date, split_every

from ...tools import creditor_reference
from .gym_debit_mandate import USED_STATES
from .gym_debit_return import RETURNABLE

# A debtor may take a debit back so long after it, with some days of the banks.
MAX_DAYS = 420
# The same return is told again on about the same day.
SAME_DAYS = 10
# What stands between the words and numbers of a bank's text.
_BETWEEN = re.compile(r"[^0-9A-Za-z/.\-]+")
_NUMBER = re.compile(r"(?=(?:.*\d){4})[A-Z0-9]{6,35}")
# As many references as one query asks for.
AT_ONCE = 5000
# A sentence names no more; the dialog shows them all.
MAX_PROPOSALS = 5


class Found(NamedTuple):
    """The debit an entry is about; or those it may be about, for a person."""

    order: models.Model
    proposals: models.Model
    reason: str | bool = False


class GymDebitReturn(models.Model):
    """Which of the creditor's debits an entry of the bank is about."""

    _inherit = "gym.debit.return"

    def _find(self):
        """Return a `Found` for each row.

        By the number first; without a number by the mandate and the amount, if only
        one debit fits; by account and amount a debit is only proposed.
        """
        by_row = self._find_by_number()
        by_row |= self._still_unknown(by_row)._find_by_mandate()
        return by_row | self._still_unknown(by_row)._find_by_account()

    def _still_unknown(self, by_row):
        return self.filtered(
            lambda one: (
                not (one.order_id or by_row[one].order or by_row[one].proposals)
                and not one.end_to_end_id
                and one.amount
            )
        )

    # === BY NUMBER === #

    def _find_by_number(self):
        free = self.filtered(lambda one: not one.order_id)
        named = {
            one: self._references(one.end_to_end_id, one.reference, one.bank_text)
            for one in free
        }
        numbers = [one.end_to_end_id for one in free if one.end_to_end_id]
        debits = self._debits_by_number(numbers, named.values(), self.creditor_id)
        none = self.env["gym.debit.order"].sudo()
        by_row = dict.fromkeys(self, Found(none, none))
        for one, (sure, mentioned) in named.items():
            by_row[one] = one._found_by_number(debits, sure, mentioned, none)
        return by_row

    def _found_by_number(self, debits, sure, mentioned, none):
        order = debits.get(self.end_to_end_id, none)
        if order:
            return Found(order, none)
        orders = none.union(*(debits.get(reference, none) for reference in sure))
        if len(orders) == 1:
            return Found(orders, none)
        orders |= none.union(*(debits.get(reference, none) for reference in mentioned))
        reason = self.env._("the bank's text")
        if len(orders) == 1:
            return Found(orders, none, reason)
        return Found(none, orders, reason)

    @api.model
    def _references(self, number, reference, text):
        """Return what debits may be known by: for certain, and by the text.

        The number of a debit is in its creditor reference, whatever a bank does to
        its case, blanks and hyphens.
        """
        sure = [self._reference_of(number)] if number else []
        if reference:
            sure.append(reference.replace(" ", "").upper())
        words = {clean(word, " -/.").upper() for word in _BETWEEN.split(text or "")}
        numbers = sorted(word for word in words if _NUMBER.fullmatch(word))
        mentioned = [self._reference_of(word) for word in numbers]
        return sure, [*mentioned, *(word for word in numbers if word[:2] == "RF")]

    def _reference_of(self, number):
        number = clean(number, " -/.").upper()
        is_number = number.isascii() and number.isalnum()
        return creditor_reference(number) if is_number else number

    @api.model
    def _debits_by_number(self, numbers, references, creditor):
        """Return the creditor's debits by number and by creditor reference.

        :param references: results of `_references`
        """
        names = sorted(set(numbers))
        known_by = {text for pair in references for texts in pair for text in texts}
        debits = {}
        for field, texts in (("name", names), ("bank_reference", sorted(known_by))):
            for part in split_every(AT_ONCE, texts):
                for order in self._debits(Domain(field, "in", part), creditor):
                    debits[order[field]] = order
        return debits

    def _debits(self, domain, creditor):
        # sudo: the bank's file is about all centres, whoever imports it
        orders = self.env["gym.debit.order"].sudo()
        return orders.search(domain & Domain("company_id", "child_of", creditor.ids))

    # === WITHOUT A NUMBER === #

    def _find_by_mandate(self):
        mandates = {name for one in self for name in one._mandate_names()}
        orders = self._sent(Domain("mandate_id.name", "in", sorted(mandates)))
        none = orders.browse()
        by_name = orders.grouped(lambda order: order.mandate_id.name)
        return {
            one: one._found_by_mandate(
                none.union(*(by_name.get(name, none) for name in one._mandate_names()))
            )
            for one in self
        }

    def _mandate_names(self):
        name = self.mandate_reference
        return {name, name.upper(), name.replace(" ", "").upper()} if name else set()

    def _found_by_mandate(self, orders):
        fits = orders.filtered(self._may_be)
        none = fits.browse()
        if len(fits) == 1:
            reason = self.env._(
                "mandate %(mandate)s and amount", mandate=self.mandate_reference
            )
            return Found(fits, none, reason)
        return Found(none, fits, self.env._("mandate and amount"))

    def _find_by_account(self):
        accounts = {one._account() for one in self if one.debtor_iban}
        orders = self._sent(
            Domain(
                "mandate_id.partner_bank_id.sanitized_acc_number",
                "in",
                sorted(accounts),
            )
        )
        by_account = orders.grouped(
            lambda order: order.mandate_id.partner_bank_id.sanitized_acc_number
        )
        reason, none = self.env._("account and amount"), orders.browse()
        return {
            one: Found(
                none,
                by_account.get(one._account(), none).filtered(one._may_be),
                reason,
            )
            for one in self
        }

    def _account(self):
        return (self.debtor_iban or "").replace(" ", "").upper()

    def _sent(self, domain):
        if not self:
            return self.env["gym.debit.order"].sudo()
        return self._debits(
            domain & Domain("state", "in", USED_STATES), self.creditor_id
        )

    def _may_be(self, order):
        """Tell whether amount and day fit; one that came back before does not."""
        day = self._return_date()
        if not self._reading_of(order) or day - order.execution_date > timedelta(
            days=MAX_DAYS
        ):
            return False
        return order.state != "returned" or self._is_same_day(order.return_date)

    def _is_same_day(self, day):
        return bool(day) and abs((self._return_date() - day).days) <= SAME_DAYS

    # === MATCH === #
    # Whether the debit that was found is the one that came back. Works on rows that are
    # not saved, too: the preview of an import asks the same.

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
                "The bank rejected the file %(file)s as a whole, but none of its "
                "direct debits is under way. Ignore this entry if the file has since "
                "been sent again.",
                file=self.rejected_file,
            )
        number = self.end_to_end_id or self.reference
        if not number:
            return self.env._(
                "The bank gives no direct debit number. Match it by hand, or ignore it."
            )
        return self.env._(
            "%(creditor)s has no direct debit %(number)s. Match it by hand, or ignore it"
            " if it was made by another program.",
            creditor=self.creditor_id.name,
            number=number,
        )

    def _is_ambiguous(self, found):
        return self.env._(
            "The bank gives no direct debit number. Going by %(what)s, it may be "
            "%(numbers)s: match the right one by hand.",
            what=found.reason,
            numbers=", ".join(found.proposals[:MAX_PROPOSALS].mapped("name")),
        )

    def _is_not_returnable(self, order, taken):
        if order.id in taken:
            return self.env._(
                "Another entry already returns the direct debit %(number)s of "
                "%(member)s. Ignore this one.",
                **self._about(order),
            )
        if order.state in RETURNABLE:
            return False
        if order.state == "returned":
            return self.env._(
                "The direct debit %(number)s of %(member)s was already returned on "
                "%(date)s. Ignore this entry.",
                date=format_date(self.env, order.return_date),
                **self._about(order),
            )
        return self._was_not_sent(order)

    def _was_not_sent(self, order):
        labels = dict(order._fields["state"]._description_selection(self.env))
        return self.env._(
            "The direct debit %(number)s of %(member)s is in state '%(state)s': it "
            "was not sent to the bank from here. Find out who sent it, then retry or "
            "ignore it.",
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

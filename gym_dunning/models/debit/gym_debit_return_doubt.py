from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models

from ...tools import has_more_decimals, to_decimal

# Banks book no further ahead.
MAX_AHEAD = timedelta(days=60)
NO_AMOUNT = "no_amount"


class GymDebitReturn(models.Model):
    """What may be a return and is not sure, or cannot be read, is listed.

    A bank's day has many other bookings, which are passed over.
    """

    _inherit = "gym.debit.return"

    @api.model
    def _entries_of_ours(self, found, creditor):
        """Return the entries of a `ReturnFile` to list: its returns, and the bookings
        without any sign of one that name a debit of ours."""
        entries = [*found.entries, *self._named_candidates(found, creditor)]
        entries = self._without_doubt_by_number(entries, creditor)
        return self._with_amounts_of_debits(entries, creditor)

    def _without_doubt_by_number(self, entries, creditor):
        """A reversal that names a debit of ours over its amount is one of it."""
        reversals = [entry for entry in entries if entry.doubt == "by_reversal"]
        debits = self._debits_of_entries(reversals, creditor)
        sure = {
            entry for entry, order in debits.items() if self._is_about(entry, order)
        }
        return [
            replace(entry, doubt="") if entry in sure else entry for entry in entries
        ]

    def _is_about(self, entry, order):
        compare = order.currency_id.compare_amounts
        return entry.currency == order.currency_id.name and any(
            not compare(float(amount), order.amount) for amount, __ in entry.readings
        )

    def _named_candidates(self, found, creditor):
        named = {
            entry: self._references(entry.end_to_end_id, entry.reference, entry.text)
            for entry in found.candidates
        }
        numbers = [entry.end_to_end_id for entry in named if entry.end_to_end_id]
        debits = self._debits_by_number(numbers, named.values(), creditor)
        return [
            entry
            for entry, (sure, mentioned) in named.items()
            if debits.keys() & {entry.end_to_end_id, *sure, *mentioned}
        ]

    def _with_amounts_of_debits(self, entries, creditor):
        """Give entries without an amount the one of their debit, where all of their
        booking are known by number and their sum is what the bank booked."""
        groups = defaultdict(list)
        for entry in entries:
            if entry.doubt == NO_AMOUNT and entry.booking:
                groups[entry.booking].append(entry)
        amounts = {}
        debits = self._debits_of_entries(
            [entry for parts in groups.values() for entry in parts], creditor
        )
        for booking, parts in groups.items():
            orders = [debits.get(entry) for entry in parts]
            if self._is_sum(booking, orders):
                amounts |= dict(zip(parts, orders, strict=True))
        return [
            self._with_amount(entry, amounts[entry]) if entry in amounts else entry
            for entry in entries
        ]

    def _debits_of_entries(self, entries, creditor):
        """Return the debit of each entry that names it for certain."""
        named = {
            entry: self._references(entry.end_to_end_id, entry.reference, "")
            for entry in entries
        }
        numbers = [entry.end_to_end_id for entry in entries if entry.end_to_end_id]
        debits = self._debits_by_number(numbers, named.values(), creditor)
        return {
            entry: order
            for entry, (sure, __) in named.items()
            for text in (entry.end_to_end_id, *sure)
            if (order := debits.get(text))
        }

    def _is_sum(self, booking, orders):
        if None in orders or len(set(orders)) != booking.count:
            return False
        if any(order.currency_id.name != booking.currency for order in orders):
            return False
        compare = orders[0].currency_id.compare_amounts
        total = sum(order.amount for order in orders)
        booked = (booking.amount, booking.amount - booking.charges)
        return any(not compare(total, float(amount)) for amount in booked)

    def _with_amount(self, entry, order):
        amount = to_decimal(order.amount, order.currency_id)
        return replace(entry, amount=amount, currency=order.currency_id.name, doubt="")

    @api.model
    def _doubt_sentence(self, entry, currency):
        """Return why a person has to look at the entry, or False.

        :param currency: of its amount; may be none that we know
        """
        doubt, value = entry.doubt, entry.doubt_value
        # finer than its currency: rounded it might fit a debit
        if not doubt and currency and has_more_decimals(entry.amount, currency):
            doubt, value = "bad_amount", f"{entry.amount}"
        if not doubt and self._is_far_ahead(entry.booking_date):
            doubt, value = "bad_date", f"{entry.booking_date}"
        return doubt and self._doubt_sentences()[doubt] % {"value": value}

    def _is_far_ahead(self, day):
        """Tell whether it would be booked in a year to come: the file may name no time
        that it could be compared with."""
        latest = fields.Date.context_today(self) + MAX_AHEAD
        return bool(day) and day > latest

    def _doubt_sentences(self):
        """Return a template for each of the reader's codes.

        Filled in later: the reader knows the values, and they may hold anything.
        """
        return {
            "bad_amount": self.env._(
                "The bank gives '%(value)s' as the amount. Match it by hand, or "
                "ignore it."
            ),
            "no_amount": self.env._(
                "The bank gives no amount for this one, only the total of several. "
                "Match it by hand."
            ),
            "no_currency": self.env._(
                "The bank gives the amount %(value)s without a currency. Match it by "
                "hand, or ignore it."
            ),
            "bad_date": self.env._(
                "The bank gives '%(value)s' as the booking date. Match it by hand, or "
                "ignore it."
            ),
            "broken_part": self.env._(
                "A part of the file is damaged and was not read. Download the file "
                "from the bank again, then ignore this entry."
            ),
            "unknown_part": self.env._(
                "A part of the file begins with '%(value)s' and was not read: it is "
                "not a camt.054, camt.053 or pain.002. Ignore this entry."
            ),
            "by_text": self.env._(
                "Only the bank's text suggests that it may be a return: %(value)s. "
                "Match it by hand, or ignore it."
            ),
            "by_code": self.env._(
                "The booking code %(value)s is one of direct debits, but none of a"
                " return. Match it by hand if a debit came back, or ignore it."
            ),
            "by_reversal": self.env._(
                "The bank reversed a booking without saying which. Match it by hand "
                "if it was a debit, or ignore it."
            ),
            "by_number": self.env._(
                "The bank does not say that it is a return, but names a direct debit."
                " Match it by hand if the debit came back, or ignore it."
            ),
            "money_back": self.env._(
                "The bank has paid the money again and seems to have reversed a "
                "return. Register the payment on the invoice, and ignore this entry."
            ),
            "no_status": self.env._(
                "The bank gives a reason, but the status '%(value)s' does not say "
                "that the debit was rejected. Ask the bank; match it by hand, or "
                "ignore it."
            ),
        }

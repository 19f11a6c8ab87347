"""Is it the same money? What a file and a statement say of a payment: without Odoo."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple

# What banks write where the payer gave no number.
NOTHING = {"", "NOTPROVIDED", "NONREF", "NONE"}


class Trace(NamedTuple):
    """What a payment is recognised by, wherever it is told of.

    `numbers` are the bank's, the payer's and ours; `references` are those of them that
    name one document: who names two pays twice.
    """

    day: date
    amount: Decimal
    currency_id: int
    account: str = ""
    names: frozenset = frozenset()
    numbers: frozenset = frozenset()
    references: frozenset = frozenset()
    text: str = ""

    def money(self):
        return self.day, self.amount, self.currency_id


def likeness(one, other):
    """Tell how surely two traces of as much money on one day are the same payment; 0:
    they are not.

    >>> from datetime import date
    >>> anna = Trace(date(2026, 3, 2), Decimal(49), 1, names=frozenset({"anna wolf"}))
    >>> likeness(anna, anna._replace(account="DE1"))
    1
    >>> likeness(anna, anna._replace(names=frozenset()))
    0
    >>> likeness(anna._replace(account="DE1"), anna._replace(account="DE2"))
    0
    """
    if one.money() != other.money():
        return 0
    if one.account and other.account and one.account != other.account:
        return 0
    if one.references and other.references and not one.references & other.references:
        return 0
    if one.numbers & other.numbers:
        return 3
    if one.text and one.text == other.text:
        return 2
    is_payer = one.account and one.account == other.account
    return 1 if is_payer or one.names & other.names else 0


def pairs_of(ones, others):
    """Return which of the others is the same money as each one, by its key: the surest
    first, and each once, so that two equal payments are two.

    :param ones: `Trace` by key, as `others`
    """
    by_money = defaultdict(list)
    for key, trace in others.items():
        by_money[trace.money()].append((key, trace))
    alike = [
        (likeness(trace, other), key, other_key)
        for key, trace in ones.items()
        for other_key, other in by_money[trace.money()]
    ]
    pairs, used = {}, set()
    for grade, key, other_key in sorted(alike, key=lambda row: -row[0]):
        if grade and key not in pairs and other_key not in used:
            pairs[key] = other_key
            used.add(other_key)
    return pairs


def joined(text):
    """Return letters and digits of a number, as it is compared; "" for none.

    >>> joined("RF18 5390-0754"), joined("NOTPROVIDED"), joined(False)
    ('RF1853900754', '', '')
    """
    found = "".join(sign for sign in (text or "").upper() if sign.isalnum())
    return "" if found in NOTHING else found

"""In which order money clears debts, and what a transfer names: without Odoo."""

import re
from typing import NamedTuple

# Shorter words of a transfer are amounts, months or numbers of something else.
SHORTEST_NAME = 4
# Where a number goes on: 2026/0001 is no document of INV/2026/0001.
JOINING = r"[/_-]"
BLANKS = r"\s*"
BETWEEN = r"[\s/_.-]"


def clearing_key(is_credit, is_named, is_cost, due, document, item):
    """Return the sort key of an item: what the debtor named, then costs, then the
    oldest; credits last, for no money clears them.

    Costs that he named with a reminder are cleared by age like the rest of it.

    >>> rent = clearing_key(False, False, False, "2026-01-01", 1, 1)
    >>> fee = clearing_key(False, False, True, "2026-02-01", 2, 2)
    >>> named = clearing_key(False, True, False, "2026-03-01", 3, 3)
    >>> credit = clearing_key(True, False, False, "2025-01-01", 4, 4)
    >>> sorted([credit, rent, fee, named]) == [named, fee, rent, credit]
    True

    :param is_cost: whether the rule puts the item before the principal
    """
    return is_credit, not is_named, is_named or not is_cost, due, document, item


class Item(NamedTuple):
    """An open item: what of it is left, and whose it is."""

    id: int
    left: int
    debtor_id: int
    key: tuple


def shares_of(amount, items):
    """Return what each item gets, and what is left: the first in order first.

    Amounts are integers in the smallest unit of the currency.

    >>> one, two = Item(1, 4990, 7, (1,)), Item(2, 2000, 7, (2,))
    >>> shares_of(6000, [two, one])
    ({1: 4990, 2: 1010}, 0)
    >>> shares_of(8000, [one, two])
    ({1: 4990, 2: 2000}, 1010)
    """
    shares = {}
    for item in sorted(items, key=lambda item: item.key):
        if amount <= 0:
            break
        if share := min(amount, item.left):
            shares[item.id] = share
            amount -= share
    return shares, amount


def names(text, name):
    """Tell whether a text, as written on a transfer, names a document.

    Blanks and case do not count; banks may have changed or dropped the separators. A
    name that is part of a longer one does not count.

    >>> names("Rechnung inv 2026 0001 danke", "INV/2026/0001")
    True
    >>> names("INV/2026/00012, XINV/2026/0001", "INV/2026/0001")
    False
    >>> names("INV/2026/0001", "2026/0001")
    False
    >>> names("INV/2026/0001/INV/2026/0002", "INV/2026/0002")
    True
    >>> names("RF18 5390 0754 7034", "RF18539007547034")
    True
    >>> names("Member 261", "26/1")
    False
    """
    parts = re.findall(r"[^\W_]+", name or "")
    letters = "".join(parts)
    if len(letters) < SHORTEST_NAME or not text or not re.search(r"\d", letters):
        return False
    # dropped separators would make any number of bare digits
    between = BETWEEN + ("+" if letters.isdigit() else "*")
    body = between.join(BLANKS.join(map(re.escape, part)) for part in parts)
    pattern = _not_going_on(letters[0], body, letters[-1])
    return bool(re.search(pattern, text, re.IGNORECASE))


def _not_going_on(first, body, last):
    """Return the pattern of a name by itself. A separator joins it to what stands
    beside it, unless it is between a number and a word."""
    before = r"[^\W_]" if first.isdigit() else r"[^\W\d_]"
    after = r"\d" if last.isdigit() else r"[^\W_]"
    return (
        rf"(?<![^\W_])(?<!{before}{JOINING}){body}"
        rf"(?![^\W_])(?!{JOINING}{after})"
    )

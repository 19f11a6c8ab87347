"""Which items money pays: without Odoo.

Amounts are integers in the smallest unit of the currency.
"""

from typing import NamedTuple


class Item(NamedTuple):
    """An open item: what of it is left, and whose it is."""

    id: int
    left: int
    debtor_id: int
    key: tuple


def shares_of(amount, items):
    """Return what each item gets, and what is left: the first in order first.

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


def fits(amount, items):
    """Tell whether an amount is all that is open, one item of it, or the oldest ones.

    >>> one, two = Item(1, 4990, 7, (1,)), Item(2, 2000, 7, (2,))
    >>> fits(6990, [one, two]), fits(2000, [one, two]), fits(3000, [one, two])
    (True, True, False)
    """
    if any(item.left == amount for item in items):
        return True
    so_far = 0
    for item in sorted(items, key=lambda item: item.key):
        so_far += item.left
        if so_far == amount:
            return True
    return False

"""Which centre's letter takes which credit: plain arithmetic, without Odoo."""

from collections import defaultdict, namedtuple
from decimal import Decimal

# `above` are the companies whose credits count for the item, its own first.
Item = namedtuple("Item", "id company above amount due")
# `held` is what letters that are under way have taken, by company.
Credit = namedtuple("Credit", "id company amount date held")


def share(items, credits):
    """Share the credits of one person among what he owes to a company's centres.

    The oldest item takes first, of its own centre's credits before those above it,
    of the oldest credit first. What nobody takes stays where it was posted.

    >>> hall = Credit(1, "hall", Decimal(100), 1, {})
    >>> north = Item(7, "north", ["north", "hall"], Decimal(70), 5)
    >>> south = Item(8, "south", ["south", "hall"], Decimal(70), 4)
    >>> shares = share([north, south], [hall])
    >>> [(company, str(shares[1, company])) for __, company in sorted(shares)]
    [('north', '30'), ('south', '70')]

    :return: dict of (credit id, company) to an amount above zero
    """
    free = {
        one.id: max(Decimal(0), one.amount - sum(one.held.values())) for one in credits
    }
    held = {
        (one.id, company): amount
        for one in credits
        for company, amount in one.held.items()
    }
    shares = defaultdict(Decimal)
    for item in sorted(items, key=lambda item: (item.due, item.id)):
        wanted = item.amount
        for credit in _in_order(item, credits):
            wanted -= _take(credit, item.company, wanted, free, held, shares)
    for credit in credits:
        own = credit.id, credit.company
        shares[own] += free[credit.id] + held.get(own, Decimal(0))
    return {key: amount for key, amount in shares.items() if amount > 0}


def _in_order(item, credits):
    usable = [credit for credit in credits if credit.company in item.above]
    return sorted(
        usable,
        key=lambda credit: (item.above.index(credit.company), credit.date, credit.id),
    )


def _take(credit, company, wanted, free, held, shares):
    """Take up to `wanted`, first of what a letter of this company holds already."""
    own = credit.id, company
    kept = min(wanted, held.get(own, Decimal(0)))
    taken = min(wanted - kept, free[credit.id])
    if kept:
        held[own] -= kept
    free[credit.id] -= taken
    shares[own] += kept + taken
    return kept + taken

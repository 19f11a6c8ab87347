"""How an agreed amount is spread over what is open (AMB-31). Plain numbers, no ORM.

Amounts go in and out as floats in one currency; `rounding` is its smallest unit,
in which everything is reckoned, so that the shares make the total exactly.
"""

from odoo.tools import float_round


def oldest_first(total, opens, rounding=0.01):
    """Fill one after the other.

    >>> oldest_first(1200.0, [534.96, 1148.14])
    [534.96, 665.04]
    >>> oldest_first(1700.0, [534.96, 1148.14, 100.0])
    [534.96, 1148.14, 16.9]
    """
    left, *rooms = _units([total, *opens], rounding)
    shares = []
    for room in rooms:
        shares.append(min(left, room))
        left -= shares[-1]
    return _amounts(shares, rounding)


def pro_rata(total, opens, rounding=0.01):
    """Give each its part; what rounding leaves over goes to the largest fractions.

    >>> pro_rata(1200.0, [534.96, 1148.14])
    [381.41, 818.59]
    >>> pro_rata(1.0, [5.0, 5.0, 5.0])
    [0.34, 0.33, 0.33]
    """
    whole, *rooms = _units([total, *opens], rounding)
    base = sum(rooms) or 1
    whole = min(whole, sum(rooms))
    shares = [whole * room // base for room in rooms]
    fractions = [whole * room % base for room in rooms]
    order = sorted(range(len(rooms)), key=lambda one: (-fractions[one], one))
    for one in order[: whole - sum(shares)]:
        shares[one] += 1
    return _amounts(shares, rounding)


def _units(amounts, rounding):
    return [max(0, round(amount / rounding)) for amount in amounts]


def _amounts(units, rounding):
    # rounded: 66504 * 0.01 is 665.0400000000001
    return [float_round(unit * rounding, precision_rounding=rounding) for unit in units]

"""Pure functions, without a database."""

import calendar
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from dateutil.relativedelta import relativedelta


def term_end(start, months):
    """Return the last day of a term of `months` months that begins on `start`.

    It ends on the day before the corresponding day; where that day does not exist,
    on the last day of the month.

    >>> import datetime
    >>> str(term_end(datetime.date(2026, 3, 15), 12))
    '2027-03-14'
    >>> str(term_end(datetime.date(2026, 1, 31), 1))
    '2026-02-28'
    >>> str(term_end(datetime.date(2024, 2, 29), 12))
    '2025-02-28'
    >>> str(term_end(datetime.date(2026, 2, 1), 1))
    '2026-02-28'
    """
    target = start + relativedelta(months=months)
    last = calendar.monthrange(target.year, target.month)[1]
    if start.day > last:
        return target.replace(day=last)
    return target - relativedelta(days=1)


# No currency has more decimals, and the crumbs of binary fractions have.
MONEY_DIGITS = 6


def exact(amount):
    """Return an amount of money as the Decimal that it shows.

    >>> exact(10.1 * 3), exact(0.1 + 0.2 - 0.3), exact(Decimal("9.90"))
    (Decimal('30.3'), Decimal('0.0'), Decimal('9.90'))
    """
    if isinstance(amount, Decimal):
        return amount
    return Decimal(str(round(amount, MONEY_DIGITS)))


def total(amounts):
    """Return the sum of amounts of money without the crumbs of binary fractions.

    >>> total([10.1, 10.1, 10.1]), total([])
    (30.3, 0.0)
    """
    return float(sum(map(exact, amounts), Decimal(0)))


def to_decimal(amount, currency):
    """Return an amount with the decimals of its currency, as files show it."""
    return Decimal(f"{amount:.{currency.decimal_places}f}")


def read_amount(value):
    """Return a paid amount as a Decimal; nothing is 0.

    >>> read_amount("1234,50"), read_amount(148.1), read_amount(None)
    (Decimal('1234.50'), Decimal('148.1'), Decimal('0'))

    :raise ValueError: it is no amount, or below 0
    """
    if value in (None, "", False):
        return Decimal(0)
    text = str(value).strip()
    if "." not in text:
        text = text.replace(",", ".", 1)
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not amount.is_finite() or amount < 0 or isinstance(value, bool):
        raise ValueError(text)
    return amount


def read_date(value):
    """Return a date from a date or from YYYY-MM-DD; nothing is None.

    :raise ValueError: it is no date
    """
    if value in (None, "", False):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return datetime.strptime(str(value).strip(), "%Y-%m-%d").date()


def read_text(value):
    """Return a cell as text without blanks around it; nothing is ''."""
    return "" if value in (None, False) else str(value).strip()

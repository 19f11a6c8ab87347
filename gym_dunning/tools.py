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


def months_before(day, months):
    """Return the day `months` months before, as terms count: from the last day of a
    month to the last day of a month.

    >>> import datetime
    >>> str(months_before(datetime.date(2026, 6, 30), 1))
    '2026-05-31'
    >>> str(months_before(datetime.date(2026, 2, 28), 1))
    '2026-01-31'
    >>> str(months_before(datetime.date(2028, 2, 28), 1))
    '2028-01-28'
    >>> str(months_before(datetime.date(2026, 3, 30), 1))
    '2026-02-28'
    """
    target = day - relativedelta(months=months)
    if (day + relativedelta(days=1)).day == 1:
        last = calendar.monthrange(target.year, target.month)[1]
        return target.replace(day=last)
    return target


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

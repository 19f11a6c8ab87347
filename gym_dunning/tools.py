"""Pure functions, without a database."""

import calendar
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from dateutil.relativedelta import relativedelta

# More than anybody owes, and far below where floats and columns end.
MAX_AMOUNT = 10**12


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


def to_decimal(amount, currency):
    """Return an amount with the decimals of its currency, as files show it."""
    return Decimal(f"{amount:.{currency.decimal_places}f}")


def read_amount(value):
    """Return a paid amount as a Decimal; nothing is 0.

    >>> read_amount("1234,50"), read_amount(148.1), read_amount(None)
    (Decimal('1234.50'), Decimal('148.1'), Decimal('0'))
    >>> read_amount(0.1 + 0.2)  # as spreadsheets reckon
    Decimal('0.3')

    :raise ValueError: it is no amount, below 0, or more than anybody owes
    """
    if value in (None, "", False):
        return Decimal(0)
    text = f"{value:.12g}" if isinstance(value, float) else str(value).strip()
    if "." not in text:
        text = text.replace(",", ".", 1)
    if isinstance(value, bool) or "_" in text:  # Python's own way to group digits
        raise ValueError(text)
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not amount.is_finite() or not 0 <= amount < MAX_AMOUNT:
        raise ValueError(text)
    return amount


def has_more_decimals(amount, currency):
    """Tell whether a Decimal is more exact than amounts of a currency are."""
    return amount != amount.quantize(Decimal(1).scaleb(-currency.decimal_places))


def is_storable(text):
    """Tell whether the database can keep a text.

    >>> is_storable("Grüße"), is_storable("a" + chr(0)), is_storable(chr(0xD800))
    (True, False, False)
    """
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a sign, which JSON can write
        return False
    return chr(0) not in text


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

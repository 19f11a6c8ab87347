"""Pure functions, without a database."""

import calendar

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

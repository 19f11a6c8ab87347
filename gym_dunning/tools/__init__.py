"""Pure functions, without a database."""

import calendar
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from dateutil.relativedelta import relativedelta
from stdnum.util import clean

from odoo.tools import SQL

from odoo.addons.account.tools import format_structured_reference_iso

AGE_OF_MAJORITY = 18
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


def born_by(day):
    """Return the latest birth date of those who are of age on a day.

    Who was born later is a minor on that day. Who was born on 29 February comes of
    age on 1 March where there is no such day: the eighteenth year ends with 28
    February (BGB 187 II, 188 II and III).

    >>> import datetime
    >>> str(born_by(datetime.date(2026, 3, 2)))
    '2008-03-02'
    >>> datetime.date(2008, 2, 29) <= born_by(datetime.date(2026, 2, 28))
    False
    >>> datetime.date(2008, 2, 29) <= born_by(datetime.date(2026, 3, 1))
    True
    """
    return day - relativedelta(years=AGE_OF_MAJORITY)


def born_by_sql(day):
    """Return the same for a day that is an SQL expression."""
    return SQL("(%s - INTERVAL '%s years')::date", day, AGE_OF_MAJORITY)


def is_minor(born, day):
    """Tell whether somebody is a minor on a day; who has no birth date is none."""
    return bool(born) and born > born_by(day)


def age(born, day):
    """Return the full years of somebody on a day; 0 without a birth date.

    >>> import datetime
    >>> age(datetime.date(2008, 2, 29), datetime.date(2026, 2, 28))
    17
    """
    if not born:
        return 0
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


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


def read_text(value):
    """Return a cell as text without blanks around it; nothing is ''."""
    return "" if value in (None, False) else str(value).strip()


def creditor_reference(number):
    """Return the creditor reference (ISO 11649) of a number, as banks compare it.

    >>> creditor_reference("dd/2026-00001")
    'RF20DD202600001'
    """
    characters = clean(number, " -/.").upper()
    return format_structured_reference_iso(characters).replace(" ", "")


def names_of(name):
    """Return a name as banks may write it, in small letters: as it is, and with its
    last or first word at the other end.

    >>> sorted(names_of("Koch, Julia"))
    ['julia koch', 'koch julia']
    """
    words = (name or "").replace(",", " ").lower().split()
    if len(words) < 2:
        return set()
    turned = ([*words[1:], words[0]], [words[-1], *words[:-1]])
    return {" ".join(found) for found in (words, *turned)}

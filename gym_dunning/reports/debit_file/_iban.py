"""Account numbers (IBAN).

python-stdnum's own module for them reads a data file, which cannot be opened once
Odoo has changed how that package is imported (seen with 2.2): only its
arithmetic is used here.
"""

import re

from stdnum.iso7064 import mod_97_10
from stdnum.util import clean

_FORM = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
# Of the countries of SEPA; elsewhere the check digits must do.
_COUNTRIES = (
    "AD24 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GI23 GR27 "
    "HR21 HU28 IE22 IS26 IT27 LI21 LT20 LU20 LV21 MC27 MT31 NL18 NO15 PL28 PT25 RO24 "
    "SE24 SI19 SK24 SM27 VA22"
)
_LENGTHS = {country[:2]: int(country[2:]) for country in _COUNTRIES.split()}


def compact(number):
    """Return the number as banks want it.

    >>> compact("de89 3704 0044 0532 0130 00")
    'DE89370400440532013000'
    """
    return clean(number or "", " -.").strip().upper()


def is_valid(number):
    """Tell whether a compact number has the right form, length and check digits.

    >>> is_valid("DE89370400440532013000"), is_valid("DE88370400440532013000")
    (True, False)
    """
    return (
        bool(_FORM.fullmatch(number))
        and len(number) == _LENGTHS.get(number[:2], len(number))
        and mod_97_10.is_valid(number[4:] + number[:4])
    )


def clearing_number(number):
    """Return the number of the bank (IID) in a Swiss IBAN.

    >>> clearing_number("CH98 0483 5011 0623 8529 5")
    '4835'
    """
    return compact(number)[4:9].lstrip("0")

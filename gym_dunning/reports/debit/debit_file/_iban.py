"""Account numbers (IBAN), and the countries whose accounts SEPA reaches.

python-stdnum's own module for them reads a data file, which cannot be opened once
Odoo has changed how that package is imported (seen with 2.2): only its
arithmetic is used here. `base_iban` raises sentences of Odoo, and this package
knows no Odoo; a test holds our lengths against its table.
"""

import re

from stdnum.iso7064 import mod_97_10
from stdnum.util import clean

_FORM = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
# By the country in the number, which is what counts: overseas and crown territories
# have numbers of FR, ES, PT, FI and GB. Source: EPC409-09, list of SEPA scheme
# countries (Albania, Montenegro, Moldova and North Macedonia since October 2025,
# Serbia since May 2026). Elsewhere the check digits must do.
_EEA = (
    "AT20 BE16 BG22 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GR27 HR21 HU28 IE22 IS26 "
    "IT27 LI21 LT20 LU20 LV21 MT31 NL18 NO15 PL28 PT25 RO24 SE24 SI19 SK24"
)
_REST_OF_SEPA = (
    "AD24 AL28 CH21 GB22 GI23 MC27 MD24 ME22 MK19 RS22 SM27 VA22"  # outside the EEA
)


def _lengths(countries):
    return {country[:2]: int(country[2:]) for country in countries.split()}


EEA_COUNTRIES = frozenset(_lengths(_EEA))
_LENGTHS = _lengths(_EEA) | _lengths(_REST_OF_SEPA)
SEPA_COUNTRIES = frozenset(_LENGTHS)
OUTSIDE_EEA = SEPA_COUNTRIES - EEA_COUNTRIES


def compact(number):
    """Return the number as banks want it.

    >>> compact("de89 3704 0044 0532 0130 00")
    'DE89370400440532013000'
    """
    number = number or ""
    if not (number.isascii() and number.isalnum()):  # most have nothing to clean
        number = clean(number, " -.").strip()
    return number.upper()


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

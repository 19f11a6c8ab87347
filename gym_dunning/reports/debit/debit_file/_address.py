"""Postal addresses: whole and in their parts, or not at all.

Since 14 and 15 November 2026 banks refuse addresses in lines, and parts without
town and country (Swiss Payment Standards 2026, EPC153-22).
"""

import re

from ._charset import SEPA, is_readable, written


def has_address(party):
    """Tell whether the address has what banks ask for: town and country."""
    return is_country(party.country) and is_readable(written(party.city, 35))


def address_parts(party, charset=SEPA):
    """Return pairs of element and text in the order of the schemas, or nothing."""
    if not has_address(party):
        return []
    parts = (
        ("StrtNm", written(party.street, 70, charset)),
        ("PstCd", written(party.zip, 16, charset)),
        ("TwnNm", written(party.city, 35, charset)),
        ("Ctry", party.country),
    )
    return [(name, text) for name, text in parts if text]


def is_country(code):
    """Tell whether this is written like a country code of ISO 3166."""
    return bool(re.fullmatch(r"[A-Z]{2}", code or ""))

"""Write claims as XML that fits static/xsd/gym_agency_handover.xsd."""

import re
from datetime import date
from decimal import Decimal

from lxml import etree

# What no XML file can hold, not even escaped.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(value):
    """Return a value as XML writes it.

    >>> xml_text(Decimal("1148.10")), xml_text(date(2026, 3, 2)), xml_text(None)
    ('1148.10', '2026-03-02', '')
    >>> xml_text("Kent\\x00 Paul")
    'Kent Paul'
    """
    if value is None or value is False:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return FORBIDDEN.sub("", str(value))


def to_xml(header, totals, columns, rows):
    """Return the claims as XML in UTF-8, amounts with their currency's decimals.

    :param header: dict of what holds for all claims
    :param totals: list of (currency, count, Decimal), one per currency
    :param rows: dicts by column key; every key is an element, empty or not
    """
    root = etree.Element("gym_agency_handover")
    _add_texts(etree.SubElement(root, "header"), header)
    sums = etree.SubElement(root[0], "totals")
    for currency, count, amount in totals:
        values = {"currency": currency, "count": count, "open_amount": amount}
        _add_texts(etree.SubElement(sums, "total"), values)
    claims = etree.SubElement(root, "claims")
    for row in rows:
        values = {column: row[column] for column in columns}
        _add_texts(etree.SubElement(claims, "claim"), values)
    return etree.tostring(
        root, encoding="UTF-8", xml_declaration=True, pretty_print=True
    )


def _add_texts(parent, values):
    for name, value in values.items():
        etree.SubElement(parent, name).text = xml_text(value)

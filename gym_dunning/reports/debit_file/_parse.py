"""Parse XML of unknown origin without being taken in by it.

Element by element: a file of 20 MB as a tree takes 300 MB.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from lxml import etree

from ._text import documents
from .data import UnreadableFile

MAX_SIZE = 20 * 1024 * 1024
# Messages of banks nest some 15 elements deep; a bank's month has some 100,000.
MAX_DEPTH = 40
MAX_ELEMENTS = 1_000_000
# One booking or one rejected debit; the details of a booking are apart.
MAX_ELEMENTS_AT_ONCE = 20_000
# ISO 20022 has no longer texts but free ones, which are shown to people.
MAX_TEXT = 500
# No bank's date lies outside: an entry would be posted there.
FIRST_YEAR, LAST_YEAR = 2000, 2100
# A message reports what was booked lately.
MAX_DAYS_AHEAD, MAX_DAYS_BACK = 60, 800

_DECLARATION = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_AMOUNT = re.compile(r"\+?\d{1,18}(\.\d{1,5})?")
_CHUNK = 1 << 18


def parse(content, max_size=MAX_SIZE):
    """Return the documents of a file as texts, none of which declares anything.

    :raise UnreadableFile: it is no XML, too big, or declares a document type
    """
    if len(content) > max_size:
        raise UnreadableFile("too_large", size=len(content), limit=max_size)
    # without zero bytes a file in UTF-16 is counted, too
    if content.count(b"<") - content.count(b"</") > MAX_ELEMENTS:
        raise UnreadableFile("too_many_elements", limit=MAX_ELEMENTS)
    found = documents(content)
    if any(map(_DECLARATION.search, found)):
        raise UnreadableFile("has_doctype")
    return found


def walk(document, handler):
    """Tell the handler of each element as it begins and ends.

    :param handler: has `begin(name, element)` and `end(name, element)`
    :raise UnreadableFile: it is no sound XML, or nested too deep
    """
    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    # a root of our own: documents that follow each other, or something behind
    try:
        parser.feed(b"<file>")
        for start in range(0, len(document), _CHUNK):
            parser.feed(document[start : start + _CHUNK].encode())
            _tell(parser, handler)
        parser.feed(b"</file>")
        _tell(parser, handler)
        parser.close()
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise UnreadableFile("not_xml") from error


def _tell(parser, handler):
    for event, element in parser.read_events():
        name = local_name(element)
        if event == "start":
            handler.begin(name, element)
        else:
            handler.end(name, element)


def local_name(element):
    """Return the name without namespace: each version has its own, the names stay."""
    return element.tag.rpartition("}")[2]


def without_namespaces(element):
    """Take the namespaces off an element and all that is in it."""
    for found in element.iter(etree.Element):
        found.tag = local_name(found)
    return element


def drop(element):
    """Free the memory of an element that has ended."""
    element.clear()
    before = element.getprevious()
    if before is not None and before.tag == element.tag:
        element.getparent().remove(before)


# === VALUES === #


def text_of(element, *paths):
    """Return the first filled text of the paths: one line, of limited length."""
    for path in paths:
        text = " ".join((element.findtext(path) or "").split())
        if text:
            return text[:MAX_TEXT]
    return ""


def texts_of(element, *paths):
    """Return all texts of the paths as one line, of limited length."""
    found = [node.text or "" for path in paths for node in element.findall(path)]
    return " ".join(" ".join(found).split())[:MAX_TEXT]


def code_of(element, *paths):
    """Return a code of the paths, as the lists of codes write it."""
    return text_of(element, *paths).upper()


def is_true(element, path):
    """Tell whether a yes or no says yes: XML writes it as a word or a digit."""
    return text_of(element, path).lower() in ("true", "1")


def money_of(element):
    """Return amount and currency of an element like `Amt`.

    :raise UnreadableFile: it is no amount, or has no currency
    """
    text = (element.text or "").strip()
    if not _AMOUNT.fullmatch(text) or not text.isascii():
        raise UnreadableFile("bad_amount", value=text[:MAX_TEXT])
    currency = element.get("Ccy", "").strip()
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise UnreadableFile("no_currency", value=text)
    return Decimal(text), currency.upper()


def date_of(element, *paths):
    """Return the date of the paths, which may say a time besides, or None.

    :raise UnreadableFile: it is none, or one that no bank means
    """
    text = text_of(element, *paths)
    if not text:
        return None
    try:
        day = date.fromisoformat(text[:10])
    except ValueError as error:
        raise UnreadableFile("bad_date", value=text) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UnreadableFile("bad_date", value=text)
    return day


def is_plausible(day, created):
    """Tell whether a message of that time reports bookings of that day."""
    if not day or not created:
        return True
    return -MAX_DAYS_BACK <= (day - created.date()).days <= MAX_DAYS_AHEAD


def time_of(element, path):
    """Return the time as Odoo keeps it (naive; UTC if a zone is named).

    None where there is none that can be read: it refuses no file.
    """
    try:
        moment = datetime.fromisoformat(text_of(element, path))
        if moment.tzinfo:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return moment.replace(microsecond=0)


def day_of(element, path):
    """Return the day of a time, as the bank's clock shows it, or None."""
    try:
        return date_of(element, path)
    except UnreadableFile:
        return None

"""Parse XML of unknown origin without being taken in by it.

Piece by piece: a file of 20 MB as a tree takes 300 MB.
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
# Between two that are handed over: one booking, one rejected debit, an envelope.
MAX_ELEMENTS_AT_ONCE = 200_000
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


def walk(document, names, handler):
    """Tell the handler of each element of these names as it begins and ends.

    :param handler: has `begin(name, element)` and `end(name, element)`
    :return: the root of what is left, an element of our own
    :raise UnreadableFile: it is no sound XML, or nested too deep
    """
    parser = _parser(names)
    # a root of our own: documents that follow each other, or something behind
    pieces = range(0, len(document), _CHUNK)
    chunks = (document[start : start + _CHUNK].encode() for start in pieces)
    try:
        parser.feed(b"<file>")
        waiting = 0
        for chunk in chunks:
            parser.feed(chunk)
            waiting = 0 if _tell(parser, handler) else waiting + chunk.count(b"<")
            if waiting > 2 * MAX_ELEMENTS_AT_ONCE:
                raise UnreadableFile("too_many_elements", limit=MAX_ELEMENTS_AT_ONCE)
        parser.feed(b"</file>")
        _tell(parser, handler)
        return parser.close()
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise UnreadableFile("not_xml") from error


def _parser(names):
    return etree.XMLPullParser(
        events=("start", "end"),
        tag=[f"{{*}}{name}" for name in names],
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _tell(parser, handler):
    told = False
    for event, element in parser.read_events():
        told = True
        tell = handler.begin if event == "start" else handler.end
        tell(local_name(element), element)
    return told


def local_name(element):
    """Return the name without namespace: each version has its own, the names stay."""
    return element.tag.rpartition("}")[2]


def flat_of(element):
    """Return what is in an element: path -> elements, in their order.

    :raise UnreadableFile: it is nested too deep
    """
    flat = {}
    _flatten(element, "", flat, 0)
    return flat


def _flatten(element, prefix, flat, level):
    if level > MAX_DEPTH:
        raise UnreadableFile("too_deep", limit=MAX_DEPTH)
    for child in element:
        path = prefix + child.tag.rpartition("}")[2]
        flat.setdefault(path, []).append(child)
        if len(child):
            _flatten(child, f"{path}/", flat, level + 1)


def drop(element):
    """Free the memory of an element that has ended."""
    element.clear()
    before = element.getprevious()
    if before is not None and before.tag == element.tag:
        element.getparent().remove(before)


# === VALUES === #


def text_of(flat, *paths):
    """Return the first filled text of the paths: one line, of limited length."""
    for path in paths:
        for element in flat.get(path, ()):
            if text := _line(element.text):
                return text
    return ""


def texts_of(flat, *paths):
    """Return all texts of the paths as one line, of limited length."""
    found = [element.text or "" for path in paths for element in flat.get(path, ())]
    return _line(" ".join(found))


def _line(text):
    return " ".join(text.split())[:MAX_TEXT] if text else ""


def code_of(flat, *paths):
    """Return a code of the paths, as the lists of codes write it."""
    return text_of(flat, *paths).upper()


def is_true(flat, path):
    """Tell whether a yes or no says yes: XML writes it as a word or a digit."""
    return text_of(flat, path).lower() in ("true", "1")


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


def date_of(flat, *paths):
    """Return the date of the paths, which may say a time besides, or None.

    :raise UnreadableFile: it is none, or one that no bank means
    """
    text = text_of(flat, *paths)
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


def time_of(flat, path):
    """Return the time as Odoo keeps it (naive; UTC if a zone is named).

    None where there is none that can be read: it refuses no file.
    """
    try:
        moment = datetime.fromisoformat(text_of(flat, path))
        if moment.tzinfo:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return moment.replace(microsecond=0)


def day_of(flat, path):
    """Return the day of a time, as the bank's clock shows it, or None."""
    try:
        return date_of(flat, path)
    except UnreadableFile:
        return None

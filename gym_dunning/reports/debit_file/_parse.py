"""Parse XML of unknown origin without being taken in by it."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from lxml import etree

from .data import UnreadableFile

MAX_SIZE = 20 * 1024 * 1024
# Messages of banks nest some 15 elements deep; a bank's month has some 100,000.
MAX_DEPTH = 40
MAX_ELEMENTS = 1_000_000
# ISO 20022 has no longer texts but free ones, which are shown to people.
MAX_TEXT = 500

_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_AMOUNT = re.compile(r"\+?\d{1,18}(\.\d{1,5})?")


def parse(content, max_size=MAX_SIZE):
    """Return the root element; tags are without namespaces.

    :raise UnreadableFile: it is no XML, too big, or declares a document type
    """
    _refuse_unparsed(content, max_size)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise UnreadableFile("not_xml") from error
    _refuse_parsed(root)
    return _without_namespaces(root)


def _refuse_unparsed(content, max_size):
    if len(content) > max_size:
        raise UnreadableFile("too_large", size=len(content), limit=max_size)
    if not content.strip():
        raise UnreadableFile("empty")
    # without zero bytes a declaration in UTF-16 is found, too
    if _DECLARATION.search(content.replace(b"\0", b"")):
        raise UnreadableFile("has_doctype")
    if content.count(b"<") - content.count(b"</") > MAX_ELEMENTS:
        raise UnreadableFile("too_many_elements", limit=MAX_ELEMENTS)


def _refuse_parsed(root):
    # an encoding may have hidden the declaration from the first look
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise UnreadableFile("has_doctype")
    if root.xpath(f"boolean({'/*' * (MAX_DEPTH + 1)})"):
        raise UnreadableFile("too_deep", limit=MAX_DEPTH)


def _without_namespaces(root):
    # each version of a message has its own namespace, the names stay
    try:
        for element in root.iter(etree.Element):
            element.tag = etree.QName(element).localname
    except ValueError as error:
        raise UnreadableFile("not_xml") from error
    return root


# === VALUES === #


def text_of(element, *paths):
    """Return the first filled text of the paths: one line, of limited length."""
    for path in paths:
        text = " ".join((element.findtext(path) or "").split())
        if text:
            return text[:MAX_TEXT]
    return ""


def texts_of(element, path):
    """Return all texts of the path as one line, of limited length."""
    texts = " ".join(found.text or "" for found in element.findall(path))
    return " ".join(texts.split())[:MAX_TEXT]


def money_of(element):
    """Return amount and currency of an element like `Amt`."""
    text = (element.text or "").strip()
    if not _AMOUNT.fullmatch(text) or not text.isascii():
        raise UnreadableFile("bad_amount", value=text[:MAX_TEXT])
    currency = element.get("Ccy", "").strip()
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise UnreadableFile("no_currency", value=text)
    return Decimal(text), currency.upper()


def date_of(element, *paths):
    """Return the date of the paths, which may say a time besides, or None."""
    text = text_of(element, *paths)
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise UnreadableFile("bad_date", value=text) from error


def time_of(element, path):
    """Return the time as Odoo keeps it (naive; UTC if a zone is named), or None."""
    text = text_of(element, path)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise UnreadableFile("bad_date", value=text) from error
    return moment.replace(microsecond=0)

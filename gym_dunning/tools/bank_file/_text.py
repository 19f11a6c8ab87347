"""Bytes of unknown origin as text that an XML parser takes.

Banks, their portals and the programs between put things around and between
documents: marks of byte order, blank lines, a Ctrl-Z, several documents in one
file, another encoding than the declared one, characters that XML forbids.
"""

import codecs
import re

from .data import UnreadableFile

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD = 128
_BLANK = " \t\r\n\v\f\0\x1a\ufeff\xa0"
_DECLARED = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,20})[\"']")
# Only plain tables of 256 characters: Python knows codecs that are none.
_TABLE = re.compile(r"(iso-?8859-\d{1,2}|(windows-|cp)125\d|latin-?\d)", re.IGNORECASE)
# A document that stands in another as text keeps its declaration.
_START = re.compile(r"(?<!<!\[CDATA\[)<\?xml[\s?][^>]{0,200}>")
_START_BYTES = re.compile(rb"(?<!<!\[CDATA\[)<\?xml[\s?]")
_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBERED = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|(\d{1,8}));")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def documents(content):
    """Return the XML documents of a file as texts without their declarations.

    :raise UnreadableFile: it does not even begin like XML
    """
    found = [
        text for piece in _pieces(content) if (text := _clean(piece).strip(_BLANK))
    ]
    if not found:
        raise UnreadableFile("empty")
    if not found[0].startswith("<"):
        raise UnreadableFile("not_xml")
    return found


def _pieces(content):
    """Cut at the declarations: each document may have an encoding of its own."""
    encoding, content = _wide_encoding(content)
    if encoding:
        return _START.split(content.decode(encoding, "replace"))
    starts = [found.start() for found in _START_BYTES.finditer(content)]
    if len(starts) < 2:
        return _START.split(_decoded(content))
    bounds = zip([0, *starts], [*starts, len(content)], strict=True)
    return [
        piece
        for start, end in bounds
        for piece in _START.split(_decoded(content[start:end]))
    ]


def _wide_encoding(content):
    """Return the encoding of several bytes for each character, or ""."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding, content[len(mark) :]
    # without a mark: every other byte of the first ones, all ASCII, is zero
    head = content[:_HEAD]
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = head[start::2].count(0), head[1 - start :: 2].count(0)
        if zeros > _HEAD // 4 > 4 * others:
            return encoding, content
    return "", content


def _decoded(content):
    """Return the text: what is sound UTF-8 is that, whatever is declared."""
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        # some programs write each half of a character apart
        return content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return _decoded_otherwise(content)


def _decoded_otherwise(content):
    declared = _DECLARED.search(content[:300])
    name = declared.group(1).decode() if declared else ""
    if _TABLE.fullmatch(name):
        return _by_table(content, name)
    text = content.decode("utf-8", "replace")
    # a few bytes are broken, or it never was UTF-8
    broken = text.count(REPLACEMENT)
    sound = sum(character > "\x7f" for character in text) - broken
    return text if sound > broken else _by_table(content, "cp1252")


def _by_table(content, name):
    try:
        return content.decode(name)
    except (UnicodeDecodeError, LookupError):
        return content.decode("latin-1")


def _clean(text):
    """Replace what no XML may hold: one such character would refuse all the rest."""
    if _FORBIDDEN.search(text):
        text = _FORBIDDEN.sub(" ", text)
    if "&#" in text:
        text = _NUMBERED.sub(_allowed_number, text)
    return text


def _allowed_number(found):
    number = int(found[1], 16) if found[1] else int(found[2])
    if number > 0x10FFFF or _FORBIDDEN.match(chr(number)):
        return " "
    return found[0]

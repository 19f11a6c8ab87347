"""Read a bank's file of returns, whichever of the three kinds it is.

A file may hold several messages: one after the other, or in an envelope of the bank.
"""

import re
from dataclasses import replace

from ._archive import members
from ._camt import CamtReader, digest
from ._parse import (
    MAX_DEPTH,
    MAX_ELEMENTS_AT_ONCE,
    MAX_SIZE,
    MAX_TEXT,
    drop,
    parse,
    walk,
    without_namespaces,
)
from ._status import StatusReader
from .data import ReturnEntry, ReturnFile, UnreadableFile

# More than a large chain's month; each of them is a booking.
MAX_RETURNS = 10_000
# By the name of the message, which no version changes but the first ones.
_READERS = {
    "BkToCstmrStmt": ("camt.053", CamtReader),
    "BkToCstmrDbtCdtNtfctn": ("camt.054", CamtReader),
    "CstmrPmtStsRpt": ("pain.002", StatusReader),
    "pain.002.001": ("pain.002", StatusReader),
}
_VERSION = re.compile(r"(V|\.)\d\d$")
# One message of several that is damaged is listed beside what the others say.
_OF_A_PART = {"not_xml": "broken_part", "unknown_format": "unknown_part"}


def read_returns(content, max_size=MAX_SIZE):
    """Return what the file says of returned or rejected debits.

    :raise UnreadableFile: it is none of the kinds, damaged or hostile
    """
    messages, problems = [], []
    for document in parse(content, max_size):
        try:
            messages += _read_document(document)
        except UnreadableFile as error:
            if error.code not in _OF_A_PART:
                raise
            problems.append((document, error))
    if not messages:
        raise problems[0][1]
    return _joined(messages, problems)


def read_members(content, max_size=MAX_SIZE):
    """Yield (name, content) of the files in an upload, which may be an archive.

    The name is empty where the upload is the file. A member that cannot be unpacked
    is yielded with an `UnreadableFile` in place of its content.
    """
    return members(content, max_size)


def _read_document(document):
    scanner = Scanner()
    walk(document, scanner)
    messages = scanner.messages
    for inner in scanner.embedded:
        # an envelope may hold the document as text
        inside = Scanner()
        walk(inner, inside)
        messages += inside.messages
    if not messages:
        code = "unknown_format" if scanner.name else "not_xml"
        raise UnreadableFile(code, root=scanner.name[:MAX_TEXT])
    return messages


def _joined(messages, problems):
    """Return one file; what it is called by is what the first message says."""
    entries = [entry for message in messages for entry in message.entries]
    if len(entries) > MAX_RETURNS:
        raise UnreadableFile("too_many_returns", limit=MAX_RETURNS)
    candidates = [entry for message in messages for entry in message.candidates]
    entries += [_part(document, error) for document, error in problems]
    return replace(
        messages[0],
        entries=tuple(entries),
        candidates=tuple(candidates),
        payment_ids=tuple(
            payment for message in messages for payment in message.payment_ids
        ),
    )


def _part(document, error):
    return ReturnEntry(
        key=digest(["part", document]),
        doubt=_OF_A_PART[error.code],
        doubt_value=error.params.get("root", ""),
    )


class Scanner:
    """Finds the messages in a document, and hands their elements to the readers."""

    def __init__(self):
        self.depth = 0
        self.name = ""
        self.messages: list[ReturnFile] = []
        self.embedded: list[str] = []
        self.reader, self.level = None, 0
        # the element that is kept for the reader, and how much is in it
        self.kept_level, self.count = 0, 0

    def begin(self, name, element):
        """Look at an element that begins; the depth is limited."""
        self.depth += 1
        if self.depth > MAX_DEPTH + 1:
            raise UnreadableFile("too_deep", limit=MAX_DEPTH)
        if self.reader:
            if not self.kept_level and name in self.reader.kept:
                self.kept_level, self.count = self.depth, 0
            self.count += 1
            if self.count > MAX_ELEMENTS_AT_ONCE:
                raise UnreadableFile("too_many_elements", limit=MAX_ELEMENTS_AT_ONCE)
            return
        known = _READERS.get(_VERSION.sub("", name))
        if known:
            kind, reader = known
            self.reader, self.level = reader(kind), self.depth
        self._remember(name, element)

    def _remember(self, name, element):
        """Keep the name of the message, to tell it if it is unknown."""
        parent = element.getparent()
        in_document = parent is not None and parent.tag.endswith("Document")
        if self.depth == 2 and not self.name or in_document:
            self.name = name

    def end(self, name, element):
        """Hand over what has ended, and free its memory."""
        level, self.depth = self.depth, self.depth - 1
        if not self.reader:
            self._end_outside(element)
        elif level == self.level:
            self.messages.append(self.reader.finish())
            self.reader = None
            drop(element)
        elif name in self.reader.taken:
            self.reader.take(name, without_namespaces(element))
            drop(element)
            self.count = 0
        elif not self.kept_level:
            drop(element)
            self.count = 0
        if level == self.kept_level:
            self.kept_level = 0

    def _end_outside(self, element):
        text = (element.text or "").lstrip()
        if text.startswith("<") and "Document" in text:
            self.embedded += parse(text.encode())
        drop(element)

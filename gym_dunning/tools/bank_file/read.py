"""Read a bank's file of returns, whichever of the three kinds it is.

A file may hold several messages: one after the other, or in an envelope of the bank.
"""

import re
from dataclasses import replace

from ._archive import members
from ._camt import CamtReader
from ._names import digest
from ._parse import (
    MAX_SIZE,
    MAX_TEXT,
    drop,
    flat_of,
    local_name,
    parse,
    walk,
)
from ._status import StatusReader
from .data import ReturnEntry, ReturnFile, UnreadableFile

# More than a large chain's month; each of them is a booking.
MAX_RETURNS = 10_000
# More than a large chain's month of transfers.
MAX_RECEIPTS = 50_000
# What says which account a message is about, and not one of somebody in a booking.
_HEADS = ("Stmt", "Ntfctn")
# By the name of the message, which no version changes but the first ones.
_READERS = {
    "BkToCstmrStmt": ("camt.053", CamtReader),
    "BkToCstmrDbtCdtNtfctn": ("camt.054", CamtReader),
    "CstmrPmtStsRpt": ("pain.002", StatusReader),
    "pain.002.001": ("pain.002", StatusReader),
}
_VERSION = re.compile(r"(V|\.)\d\d$")
_VERSIONS = ("", *(f"{sign}{number:02}" for sign in "V." for number in range(1, 10)))
_NAMES = (
    *(f"{name}{version}" for name in _READERS for version in _VERSIONS),
    *(CamtReader.taken | StatusReader.taken),
)
# One message of several that is damaged is listed beside what the others say.
_OF_A_PART = {"not_xml": "broken_part", "unknown_format": "unknown_part"}


def read_returns(content, max_size=MAX_SIZE):
    """Return what the file says of returned or rejected debits.

    :raise UnreadableFile: it is none of the kinds, damaged or hostile
    """
    documents = parse(content, max_size)
    messages, problems = _read_each(documents)
    if not messages and len(documents) > 1:
        # an envelope around a document with its declaration was cut in two
        messages, problems = _read_each(["".join(documents)])
    if not messages:
        raise problems[0][1]
    return _joined(messages, problems)


def _read_each(documents):
    """Return the messages of the documents, and (document, error) of bad ones."""
    messages, problems = [], []
    for document in documents:
        try:
            messages += _read_document(document)
        except UnreadableFile as error:
            if error.code not in _OF_A_PART:
                raise
            problems.append((document, error))
    return messages, problems


def read_members(content, max_size=MAX_SIZE):
    """Yield (name, content) of the files in an upload, which may be an archive.

    The name is empty where the upload is the file. A member that cannot be unpacked
    is yielded with an `UnreadableFile` in place of its content.
    """
    return members(content, max_size)


def _read_document(document):
    messages, root = _scan(document)
    if not messages and root is not None:
        # an envelope may hold the document as text
        for inner in _embedded(root):
            messages += _scan(inner)[0]
    if not messages:
        name = _name_of(root)
        code = "unknown_format" if name else "not_xml"
        raise UnreadableFile(code, root=name[:MAX_TEXT])
    return messages


def _scan(document):
    scanner = Scanner()
    root = walk(document, _NAMES, scanner)
    return scanner.messages, root


def _embedded(root):
    for element in root.iter("*"):
        text = (element.text or "").lstrip()
        if text.startswith("<") and "Document" in text:
            yield from parse(text.encode())


def _name_of(root):
    """Return the name of an unknown message: of what is in the document."""
    found = next(iter(root), None)
    for document in root.iter("{*}Document"):
        found = document
        break
    if found is None:
        return ""
    inner = next(iter(found), found)
    return local_name(inner)


def _joined(messages, problems):
    """Return one file; what it is called by is what the first message says."""
    entries = [entry for message in messages for entry in message.entries]
    if len(entries) > MAX_RETURNS:
        raise UnreadableFile("too_many_returns", limit=MAX_RETURNS)
    candidates = [entry for message in messages for entry in message.candidates]
    receipts = [receipt for message in messages for receipt in message.receipts]
    if len(receipts) > MAX_RECEIPTS:
        raise UnreadableFile("too_many_receipts", limit=MAX_RECEIPTS)
    entries += [_part(document, error) for document, error in problems]
    return replace(
        messages[0],
        entries=tuple(entries),
        candidates=tuple(candidates),
        payment_ids=tuple(
            payment for message in messages for payment in message.payment_ids
        ),
        receipts=tuple(receipts),
        booked_until=tuple(
            booked for message in messages for booked in message.booked_until
        ),
    )


def _part(document, error):
    return ReturnEntry(
        key=digest(["part", document]),
        doubt=_OF_A_PART[error.code],
        doubt_value=error.params.get("root", ""),
    )


def _is_meant(name, element):
    return name != "Acct" or local_name(element.getparent()) in _HEADS


class Scanner:
    """Finds the messages in a document, and hands their elements to the readers."""

    def __init__(self):
        self.messages: list[ReturnFile] = []
        self.message, self.reader = None, None

    def begin(self, name, element):
        """Look at an element that begins: a message may."""
        known = _READERS.get(_VERSION.sub("", name))
        if known and not self.reader:
            kind, reader = known
            self.message, self.reader = element, reader(kind)

    def end(self, name, element):
        """Hand over what has ended, and free its memory."""
        if element is self.message:
            self.messages.append(self.reader.finish())
            self.message, self.reader = None, None
        elif self.reader and name in self.reader.taken and _is_meant(name, element):
            self.reader.take(name, flat_of(element))
        drop(element)

"""Read a bank's file of returns, whichever of the three kinds it is."""

from . import _camt, _status
from ._parse import MAX_SIZE, MAX_TEXT, parse
from .data import UnreadableFile

# By the name of the message, which no version changes.
_READERS = {
    "BkToCstmrStmt": ("camt.053", _camt.read),
    "BkToCstmrDbtCdtNtfctn": ("camt.054", _camt.read),
    "CstmrPmtStsRpt": ("pain.002", _status.read),
}


def read_returns(content, max_size=MAX_SIZE):
    """Return what the file says of returned or rejected debits.

    :raise UnreadableFile: it is none of the kinds, damaged or hostile
    """
    root = parse(content, max_size)
    message = next(iter(root), None)
    name = root.tag if message is None else message.tag
    if root.tag != "Document" or name not in _READERS:
        raise UnreadableFile("unknown_format", root=name[:MAX_TEXT])
    kind, read = _READERS[name]
    return read(kind, message)

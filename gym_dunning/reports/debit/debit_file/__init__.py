"""Files of direct debits to the bank, and the bank's files of returns.

    content = write("pain.008.001.08", DebitFile(...))
    returned = read_returns(content)

No Odoo in here: values in, bytes out, and the other way round. What cannot be
written or read is told by codes (`REASONS`, `UNREADABLE`, `DOUBTS`), never by
sentences.
"""

from ._check import creditor_reasons, debtor_reasons
from ._archive import clean_name
from ._payments import payment_blocks
from .data import (
    DOUBTS,
    FORMATS,
    REASONS,
    UNREADABLE,
    Amendment,
    Creditor,
    Debit,
    DebitFile,
    DebitFileError,
    Party,
    Reason,
    ReturnEntry,
    ReturnFile,
    UnreadableFile,
)
from .read import MAX_SIZE, read_members, read_returns
from .write import check, write

__all__ = [
    "DOUBTS",
    "FORMATS",
    "MAX_SIZE",
    "REASONS",
    "UNREADABLE",
    "Amendment",
    "Creditor",
    "Debit",
    "DebitFile",
    "DebitFileError",
    "Party",
    "Reason",
    "ReturnEntry",
    "ReturnFile",
    "UnreadableFile",
    "check",
    "clean_name",
    "creditor_reasons",
    "debtor_reasons",
    "payment_blocks",
    "read_members",
    "read_returns",
    "write",
]

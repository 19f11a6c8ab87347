"""A bank's files: what came in, what came back, what was refused.

    found = read_returns(content)

No Odoo in here: bytes in, values out. What cannot be read is told by codes
(`UNREADABLE`, `DOUBTS`), never by sentences.
"""

from ._archive import clean_name
from ._names import booking_key
from .data import (
    DOUBTS,
    UNREADABLE,
    ReceiptEntry,
    ReturnEntry,
    ReturnFile,
    UnreadableFile,
)
from .read import MAX_SIZE, read_members, read_returns

__all__ = [
    "DOUBTS",
    "MAX_SIZE",
    "UNREADABLE",
    "ReceiptEntry",
    "ReturnEntry",
    "ReturnFile",
    "UnreadableFile",
    "booking_key",
    "clean_name",
    "read_members",
    "read_returns",
]

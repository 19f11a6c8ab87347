"""Files of direct debits to the bank.

    content = write("pain.008.001.08", DebitFile(...))

No Odoo in here: values in, bytes out. What cannot be written is told by codes
(`REASONS`), never by sentences. What the bank answers, `tools.bank_file` reads.
"""

from ._check import creditor_reasons, debtor_reasons
from ._payments import payment_blocks
from .data import (
    FORMATS,
    REASONS,
    Amendment,
    Creditor,
    Debit,
    DebitFile,
    DebitFileError,
    Party,
    Reason,
)
from .write import check, write

__all__ = [
    "FORMATS",
    "REASONS",
    "Amendment",
    "Creditor",
    "Debit",
    "DebitFile",
    "DebitFileError",
    "Party",
    "Reason",
    "check",
    "creditor_reasons",
    "debtor_reasons",
    "payment_blocks",
    "write",
]

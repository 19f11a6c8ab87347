"""The payment blocks (PmtInf) of a file, and what all XML writers share."""

from decimal import Decimal

from lxml import etree

from .data import SEQUENCES

# "-RCUR" or "-CHF" still fits behind it
MAX_STEM = 30


def payment_blocks(format_code, debit_file):
    """Return the debits by the id of the block (PmtInf) they are written in.

    A bank may refuse one block: its pain.002 then names this id. SEPA wants a
    block for each sequence type, the Swiss schemes one for each currency.
    """
    if format_code == "csv":
        return {}
    is_sepa = format_code.startswith("pain.008")
    blocks = {}
    for debit in debit_file.debits:
        blocks.setdefault(debit.sequence if is_sepa else debit.currency, []).append(
            debit
        )
    order = SEQUENCES if is_sepa else sorted(blocks)
    stem = debit_file.message_id[:MAX_STEM]
    return {f"{stem}-{key}": tuple(blocks[key]) for key in order if key in blocks}


def money(amount):
    """Return an amount as ISO 20022 writes it."""
    return f"{amount:.2f}"


def total(debits):
    """Return the sum of the debits as ISO 20022 writes it."""
    return money(sum((debit.amount for debit in debits), Decimal(0)))


def to_bytes(root):
    """Return the document as the bank gets it."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")

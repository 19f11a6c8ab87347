"""Debits the bank refuses before it books them: pain.002."""

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

from ._camt import given
from ._names import digest
from ._parse import (
    MAX_TEXT,
    code_of,
    day_of,
    flat_of,
    money_of,
    text_of,
    texts_of,
    time_of,
)
from .data import ReturnEntry, ReturnFile, UnreadableFile

REJECTED = "RJCT"
# What the bank did with a debit otherwise; a status that is none of these is unclear.
ACCEPTED = (
    *("ACCP", "ACSP", "ACSC", "ACTC", "ACWC", "ACWP", "ACCC", "ACFC", "ACPT"),
    *("PDNG", "RCVD", "PART", "PATC", "PRES", "0000"),
)
AMOUNT_PATHS = (
    *("OrgnlTxRef/Amt/InstdAmt", "OrgnlTxRef/InstdAmt", "OrgnlTxRef/IntrBkSttlmAmt"),
    "OrgnlInstdAmt",
)
MANDATE_PATHS = (
    "OrgnlTxRef/MndtRltdInf/MndtId",
    "OrgnlTxRef/MndtRltdInf/DrctDbtMndt/MndtId",
)


@dataclass(slots=True)
class Status:
    """What is said of a file, of a block or of a debit."""

    status: str
    code: str
    info: str

    @property
    def is_unclear(self):
        """A reason is named without a status, or a status that nobody knows."""
        if self.status in ACCEPTED:
            return False
        return bool(self.status or self.code)


def _status_of(flat, name):
    reasons = map(flat_of, flat.get("StsRsnInf", ()))
    return Status(
        status=code_of(flat, name, f"{name}/Cd", f"{name}/Prtry"),
        code=next((code for code in map(_code, reasons) if code), ""),
        info=texts_of(flat, "StsRsnInf/AddtlInf"),
    )


def _code(reason):
    return text_of(reason, "Rsn/Cd", "Rsn/Prtry")


NO_STATUS = Status("", "", "")


class StatusReader:
    """Reads one message: debits as they come, blocks and the file when they end."""

    kept = frozenset(
        ("GrpHdr", "OrgnlGrpInfAndSts", "OrgnlPmtInfAndSts", "TxInfAndSts")
    )
    taken = kept

    def __init__(self, kind):
        self.kind = kind
        self.message_id, self.created, self.day = "", None, None
        self.original, self.group = "", NO_STATUS
        # (status, entry) of the debits of the block that is read
        self.transactions = []
        # (id, status, transactions)
        self.blocks = []
        # the first reason further down, where the file gives none itself
        self.deeper_code = ""

    def take(self, name, flat):
        """Take what was in an element that has ended."""
        if name == "TxInfAndSts":
            self._take_transaction(flat)
        elif name == "OrgnlPmtInfAndSts":
            self._take_block(flat)
        elif name == "OrgnlGrpInfAndSts":
            self.original = given(flat, "OrgnlMsgId")
            self.group = _status_of(flat, "GrpSts")
        else:
            self.message_id = text_of(flat, "MsgId")
            self.created = time_of(flat, "CreDtTm")
            self.day = day_of(flat, "CreDtTm")

    def _take_transaction(self, flat):
        status = _status_of(flat, "TxSts")
        self.deeper_code = self.deeper_code or status.code
        if status.status in ACCEPTED:
            return
        self.transactions.append((status, _debit(flat, status)))

    def _take_block(self, flat):
        transactions, self.transactions = self.transactions, []
        status = _status_of(flat, "PmtInfSts")
        self.deeper_code = self.deeper_code or status.code
        payment_id = given(flat, "OrgnlPmtInfId")
        self.blocks.append((payment_id, status, transactions))

    def finish(self):
        """Return what the message says."""
        if self.transactions:  # older versions have no blocks
            self.blocks.append(("", NO_STATUS, self.transactions))
        entries = [*self._identified(self._entries())]
        return ReturnFile(
            kind=self.kind,
            message_id=self.message_id,
            created=self.created,
            entries=tuple(entries),
            original_message_id=self.original,
            whole_file=any(entry.whole == "file" for entry in entries),
            payment_ids=tuple(
                entry.payment_id for entry in entries if entry.whole == "payment"
            ),
        )

    def _entries(self):
        if self.group.status == REJECTED:
            yield self._whole("file", "", self.group)
            return
        found = False
        for payment_id, status, transactions in self.blocks:
            for entry in self._of_block(payment_id, status, transactions):
                found = True
                yield entry
        if not found and not self.blocks and self.group.is_unclear:
            yield _doubted(self._whole("file", "", self.group), self.group)

    def _of_block(self, payment_id, status, transactions):
        if status.status == REJECTED:
            yield self._whole("payment", payment_id, status, transactions)
        elif transactions:
            for own, entry in transactions:
                yield from self._of_transaction(payment_id, own, entry)
        elif status.is_unclear:
            entry = self._whole("payment", payment_id, status)
            yield _doubted(entry, status)

    def _of_transaction(self, payment_id, status, entry):
        if status.status != REJECTED and not status.is_unclear:
            return
        parts = ["debit", self.original, payment_id, entry.end_to_end_id or entry.key]
        entry = replace(
            entry,
            key=digest(parts),
            payment_id=payment_id,
            original_message_id=self.original,
            booking_date=self.day,
            kind=self.kind,
        )
        yield entry if status.status == REJECTED else _doubted(entry, status)

    def _whole(self, whole, payment_id, status, transactions=()):
        if whole == "file":
            transactions = [pair for block in self.blocks for pair in block[2]]
        # some banks give the reason only further down
        further = (own.code for own, __ in transactions if own.code)
        code = status.code or next(further, "")
        if whole == "file":
            code = code or self.deeper_code
        numbers = (entry.end_to_end_id for __, entry in transactions)
        return ReturnEntry(
            key=digest([whole, self.original, payment_id]),
            code=code,
            info=status.info,
            whole=whole,
            payment_id=payment_id,
            numbers=tuple(filter(None, numbers)),
            original_message_id=self.original,
            booking_date=self.day,
            kind=self.kind,
        )

    def _identified(self, entries):
        """Tell apart debits that a message names without any number."""
        keys = Counter()
        for entry in entries:
            keys[entry.key] += 1
            if entry.end_to_end_id or entry.whole or keys[entry.key] == 1:
                yield entry
            else:
                yield replace(entry, key=digest([entry.key, str(keys[entry.key])]))


def _doubted(entry, status):
    if entry.doubt:
        return entry
    return replace(entry, doubt="no_status", doubt_value=status.status)


def _debit(transaction, status):
    """Return the entry of a debit; its key is its number among the bank's."""
    about = "OrgnlTxRef"
    amount, currency, problem = _amount(transaction)
    charges, charges_currency = _charges(transaction)
    return ReturnEntry(
        key=text_of(transaction, "StsId", "OrgnlTxId"),
        end_to_end_id=given(transaction, "OrgnlEndToEndId", "OrgnlInstrId"),
        mandate_reference=given(transaction, *MANDATE_PATHS),
        amount=amount,
        currency=currency,
        readings=((amount, charges),) if amount else (),
        code=status.code,
        info=status.info,
        charges=charges,
        charges_currency=charges_currency,
        debtor_name=text_of(transaction, f"{about}/Dbtr/Nm", f"{about}/Dbtr/Pty/Nm"),
        debtor_iban=text_of(transaction, f"{about}/DbtrAcct/Id/IBAN"),
        reference=text_of(transaction, f"{about}/RmtInf/Strd/CdtrRefInf/Ref"),
        text=" ".join(
            (
                text_of(transaction, "OrgnlInstrId"),
                texts_of(transaction, f"{about}/RmtInf/Ustrd", "StsRsnInf/AddtlInf"),
            )
        ).strip()[:MAX_TEXT],
        doubt=problem.code if problem else "",
        doubt_value=problem.params.get("value", "") if problem else "",
    )


def _amount(transaction):
    # the bank need not repeat it
    for path in AMOUNT_PATHS:
        found = transaction.get(path)
        if found:
            try:
                return *money_of(found[0]), None
            except UnreadableFile as error:
                return Decimal(0), "", error
    return Decimal(0), "", None


def _charges(transaction):
    amount, currency = Decimal(0), ""
    for found in transaction.get("ChrgsInf/Amt", ()):
        try:
            value, of_currency = money_of(found)
        except UnreadableFile:
            continue  # a note only, which stops no return
        currency = currency or of_currency
        amount += value if of_currency == currency else 0
    return amount, currency if amount else ""

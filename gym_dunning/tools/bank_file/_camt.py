"""Returned debits in the bank's bookings: camt.054 and camt.053."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ._amounts import Amounts, amounts_of, readings_of
from ._names import digest, money_key
from ._parse import (
    MAX_TEXT,
    code_of,
    date_of,
    day_of,
    is_plausible,
    is_true,
    text_of,
    texts_of,
    time_of,
)
from ._receipts import receipts_of
from ._signs import SURE, is_fee, is_money_back, sign_of
from .data import ReturnBooking, ReturnEntry, ReturnFile, UnreadableFile

# The balance at the end of a day, all of whose bookings are told by then.
CLOSING = "CLBD"
# What banks write where nothing was given to them.
NOTHING = ("NOTPROVIDED", "NOT PROVIDED", "NONREF", "NOREF", "N/A", "NA", "-", "0")
NAME_PATHS = tuple(
    f"RltdPties/{party}/{path}"
    for party in ("Dbtr", "Cdtr")
    for path in ("Nm", "Pty/Nm")
)
# Money goes to the debtor: some banks call him the creditor then.
IBAN_PATHS = ("RltdPties/DbtrAcct/Id/IBAN", "RltdPties/CdtrAcct/Id/IBAN")
DEBTOR_PATHS = tuple(
    f"RltdPties/{party}/{path}"
    for party in ("Dbtr", "UltmtDbtr")
    for path in ("Nm", "Pty/Nm")
)
DEBTOR_ACCOUNTS = tuple(f"RltdPties/DbtrAcct/Id/{path}" for path in ("IBAN", "Othr/Id"))
# Of one payment several may be named.
MAX_REFERENCES = 20
REASONS = (
    "RtrInf/Rsn/Cd",
    "RtrInf/Rsn/Prtry",
    "RtrInf/RtrRsn/Cd",
    "RtrInf/RtrRsn/Prtry",
)
TEXTS = (
    *("RmtInf/Ustrd", "RmtInf/Strd/AddtlRmtInf", "AddtlTxInf", "RtrInf/AddtlInf"),
    *("Refs/InstrId", "Refs/TxId", "Refs/PmtInfId", "Refs/Prtry/Ref", "AddtlNtryInf"),
)
# What the payer wrote; what the bank notes where he wrote nothing.
REMITTANCE = ("RmtInf/Ustrd", "RmtInf/Strd/AddtlRmtInf")
NOTES = ("AddtlTxInf", "AddtlNtryInf")


@dataclass(slots=True)
class Statement:
    """What a booking or one of its details says, without its XML."""

    direction: str
    code: tuple
    own_code: tuple
    is_reversal: bool
    has_reason: bool
    reason: str
    end_to_end_id: str
    mandate_reference: str
    servicer_reference: str
    reference: str
    references: tuple
    name: str
    iban: str
    debtor_name: str
    debtor_iban: str
    remittance: str
    info: str
    bank_text: str
    text: str
    amounts: Amounts
    problem: UnreadableFile | None


def _statement_of(flat):
    amounts, problem = Amounts(), None
    try:
        amounts = amounts_of(flat)
    except UnreadableFile as error:
        problem = error
    return Statement(
        direction=code_of(flat, "CdtDbtInd"),
        code=(
            code_of(flat, "BkTxCd/Domn/Fmly/Cd"),
            code_of(flat, "BkTxCd/Domn/Fmly/SubFmlyCd"),
        ),
        own_code=(
            code_of(flat, "BkTxCd/Prtry/Cd"),
            code_of(flat, "BkTxCd/Prtry/Issr"),
        ),
        is_reversal=is_true(flat, "RvslInd"),
        has_reason="RtrInf" in flat,
        reason=text_of(flat, *REASONS),
        end_to_end_id=given(flat, "Refs/EndToEndId", "Refs/InstrId"),
        mandate_reference=given(flat, "Refs/MndtId"),
        servicer_reference=given(flat, "AcctSvcrRef", "Refs/AcctSvcrRef"),
        reference=text_of(flat, "RmtInf/Strd/CdtrRefInf/Ref"),
        references=_references_of(flat),
        name=text_of(flat, *NAME_PATHS),
        iban=text_of(flat, *IBAN_PATHS),
        debtor_name=text_of(flat, *DEBTOR_PATHS),
        debtor_iban=text_of(flat, *DEBTOR_ACCOUNTS),
        remittance=texts_of(flat, *REMITTANCE) or texts_of(flat, *NOTES),
        info=(
            texts_of(flat, "RtrInf/AddtlInf")
            or text_of(flat, "AddtlTxInf", "AddtlNtryInf")
        ),
        bank_text=texts_of(flat, "AddtlNtryInf", "AddtlTxInf", "BkTxCd/Prtry/Cd"),
        text=texts_of(flat, *TEXTS),
        amounts=amounts,
        problem=problem,
    )


def _references_of(flat):
    found = flat.get("RmtInf/Strd/CdtrRefInf/Ref", ())[:MAX_REFERENCES]
    texts = ("".join((element.text or "").split()) for element in found)
    return tuple(dict.fromkeys(text[:MAX_TEXT].upper() for text in texts if text))


def given(flat, *paths):
    """Return the first text that says something; banks fill what is empty."""
    for path in paths:
        text = text_of(flat, path)
        if text and text.upper() not in NOTHING:
            return text
    return ""


@dataclass(slots=True)
class Booking:
    """A booking (`Ntry`) with its details."""

    itself: Statement
    details: list
    is_booked: bool
    day: date | None
    value_day: date | None
    has_parts: bool
    problem: UnreadableFile | None

    @property
    def is_alone(self):
        return len(self.details) == 1

    def sum_of_details(self):
        """The sum of the details' own amounts; None if one has none."""
        booked = [detail.amounts.booked for detail in self.details]
        if not booked or None in booked or len({money[1] for money in booked}) > 1:
            return None
        return sum(money[0] for money in booked)


class CamtReader:
    """Reads one message: details as they come, bookings when they end."""

    taken = frozenset(("GrpHdr", "Acct", "Bal", "Ntry", "TxDtls"))

    def __init__(self, kind):
        self.kind = kind
        self.message_id, self.created = "", None
        self.details = []
        self.entries, self.candidates = [], []
        self.receipts = []
        self.keys = Counter()
        self.bookings = 0
        self.account, self.booked_until = "", {}

    def take(self, name, flat):
        """Take what was in an element that has ended."""
        if name == "TxDtls":
            self.details.append(_statement_of(flat))
        elif name == "Ntry":
            details, self.details = self.details, []
            self._read_booking(_booking_of(flat, details))
        elif name == "Acct":
            self.account = account_of(flat)
        elif name == "Bal":
            # a day without bookings is told by the balance only
            if code_of(flat, "Tp/CdOrPrtry/Cd") == CLOSING:
                self._note_day(day_of(flat, "Dt/Dt") or day_of(flat, "Dt/DtTm"))
        else:
            self.message_id = text_of(flat, "MsgId")
            self.created = time_of(flat, "CreDtTm")

    def finish(self):
        """Return what the message says."""
        return ReturnFile(
            kind=self.kind,
            message_id=self.message_id,
            created=self.created,
            entries=tuple(self.entries),
            candidates=tuple(self.candidates),
            receipts=tuple(self.receipts),
            booked_until=tuple(self.booked_until.items()),
        )

    def _note_day(self, day):
        if day and is_plausible(day, self.created):
            before = self.booked_until.get(self.account, day)
            self.booked_until[self.account] = max(before, day)

    def _read_booking(self, booking):
        if not booking.is_booked:
            return
        self.bookings += 1
        self._note_day(booking.day)
        for receipt in receipts_of(booking, self.account, self.kind, self.created):
            self.receipts.append(self._counted(receipt))
        without = _without_amounts(booking, f"{self.message_id} {self.bookings}")
        for index, detail in enumerate(booking.details or [booking.itself]):
            sign, value = _sign(booking.itself, detail)
            if sign:
                entry = self._entry(booking, detail, index, without)
                entry = _with_doubt(entry, sign, value)
                self.entries.append(self._identified(entry))
            elif doubt := _doubt_of_candidate(booking.itself, detail):
                entry = self._entry(booking, detail, index, without)
                entry = _with_doubt(entry, doubt, "")
                self.candidates.append(self._identified(entry))

    def _entry(self, booking, detail, index, without):
        itself = booking.itself
        readings, currency, charges_currency = readings_of(
            itself.amounts,
            detail.amounts,
            booking.is_alone or not booking.details,
            booking.sum_of_details(),
        )
        amount, charges = readings[0] if readings else (Decimal(0), Decimal(0))
        doubt = _problem(booking, detail, self.created, readings)
        entry = ReturnEntry(
            key="",
            end_to_end_id=detail.end_to_end_id,
            mandate_reference=detail.mandate_reference,
            amount=amount,
            currency=currency,
            code=detail.reason,
            info=detail.info or itself.info,
            charges=charges,
            charges_currency=charges_currency if charges else "",
            booking_date=booking.day,
            debtor_name=detail.name,
            debtor_iban=detail.iban,
            reference=detail.reference,
            kind=self.kind,
            text=" ".join(dict.fromkeys((detail.text, itself.text)))[:MAX_TEXT].strip(),
            readings=readings,
            booking=None if readings else without,
            doubt=doubt.code if doubt else "",
            doubt_value=doubt.params.get("value", "") if doubt else "",
        )
        # the booking's own: camt.053 may leave out the details' that camt.054 has
        reference = itself.servicer_reference or detail.servicer_reference
        return _with_key(entry, reference, index)

    def _identified(self, entry):
        """Tell apart what a message says several times without any number."""
        return entry if entry.end_to_end_id else self._counted(entry)

    def _counted(self, entry):
        self.keys[entry.key] += 1
        count = self.keys[entry.key]
        if count == 1:
            return entry
        return replace(entry, key=digest([entry.key, str(count)]))


def account_of(flat):
    """Return the number of the account that a message is about."""
    return "".join(text_of(flat, "Id/IBAN", "Id/Othr/Id").split()).upper()


def _booking_of(flat, details):
    itself = _statement_of(flat)
    day, value_day, problem = None, None, None
    try:
        day = date_of(flat, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
        value_day = date_of(flat, "ValDt/Dt", "ValDt/DtTm")
    except UnreadableFile as error:
        problem = error
    # "Sts" is a text in older versions, a choice in newer ones
    is_booked = code_of(flat, "Sts/Cd", "Sts") in ("BOOK", "")
    # "1" is a booking of one payment
    has_parts = text_of(flat, "NtryDtls/Btch/NbOfTxs").lstrip("0") not in ("", "1")
    return Booking(itself, details, is_booked, day, value_day, has_parts, problem)


def _without_amounts(booking, name):
    """Return what is booked for those of several details that have no amount."""
    booked = [detail.amounts.booked for detail in booking.details]
    count, own = booked.count(None), booking.itself.amounts.own
    if len(booked) < 2 or not count or not own:
        return None
    amount, currency = own
    named = [money for money in booked if money]
    if any(money[1] != currency for money in named):
        return None
    charges = [
        charge[0] for charge in booking.itself.amounts.charges if charge[1] == currency
    ]
    return ReturnBooking(
        id=name,
        amount=amount - sum(money[0] for money in named),
        currency=currency,
        charges=sum(charges, Decimal(0)),
        count=count,
    )


# === SIGNS === #


def _sign(itself, detail):
    """Return the sign of a return, and what it was seen by."""
    codes, own_codes = _codes(itself, detail)
    texts = f"{detail.bank_text} {itself.bank_text}"
    sign = sign_of(
        detail.direction or itself.direction,
        codes,
        own_codes,
        itself.is_reversal or detail.is_reversal,
        itself.has_reason or detail.has_reason,
        texts,
    )
    if sign == "by_code":
        seen = [*("/".join(code) for code in codes), *(own[0] for own in own_codes)]
        return sign, " ".join(dict.fromkeys(seen))
    return sign, texts.strip()[:MAX_TEXT] if sign == "by_text" else ""


def _codes(itself, detail):
    parts = (detail, itself)
    return (
        [part.code for part in parts if part.code[0]],
        [part.own_code for part in parts if part.own_code[0]],
    )


def _doubt_of_candidate(itself, detail):
    codes, __ = _codes(itself, detail)
    direction = detail.direction or itself.direction
    has_reason = itself.has_reason or detail.has_reason
    if is_money_back(direction, codes, itself.is_reversal, has_reason):
        return "money_back"
    is_named = detail.end_to_end_id or detail.reference or detail.text or itself.text
    return "by_number" if direction == "DBIT" and is_named and not is_fee(codes) else ""


def _with_doubt(entry, sign, value):
    # amounts can be told by the debits, signs cannot
    if entry.doubt not in ("", "no_amount") or sign == SURE:
        return entry
    return replace(entry, doubt=sign, doubt_value=value)


def _problem(booking, detail, created, readings):
    """Return why the values of a return cannot be believed, or None."""
    if detail.problem or booking.problem:
        return detail.problem or booking.problem
    if (booking.is_alone or not readings) and booking.itself.problem:
        return booking.itself.problem
    if not readings:
        return UnreadableFile("no_amount")
    if not is_plausible(booking.day, created):
        return UnreadableFile("bad_date", value=f"{booking.day}")
    return None


# === IDENTITY === #


def _with_key(entry, booking_reference, index):
    """Return the entry with what it is known by when it is read again."""
    which = [entry.end_to_end_id] if entry.end_to_end_id else [str(index)]
    if booking_reference:
        parts = ["booking", booking_reference, *which]
    else:
        parts = [
            *("fields", *which, str(entry.booking_date), money_key(entry)),
            *(entry.mandate_reference, entry.debtor_iban, entry.code),
        ]
    return replace(entry, key=digest(parts))

"""Returned debits in the bank's bookings: camt.054 and camt.053."""

import hashlib
from dataclasses import replace
from decimal import Decimal

from ._parse import date_of, money_of, text_of, texts_of, time_of
from .data import ReturnEntry, ReturnFile, UnreadableFile

# What ISO 20022 calls a debit that came back: unpaid, refunded, recalled, reversed.
RETURNED_FAMILIES = ("IDDT", "RDDT")
RETURNED_KINDS = ("UPDD", "PRDD", "RCDD", "ARET", "RRTN")
# Credit transfers that came back, say wages: they have a reason, too.
TRANSFER_FAMILIES = ("ICDT", "RCDT", "IRCT", "RRCT", "ICHQ", "RCHQ")
# What banks write where nothing was given to them.
NOTHING = ("NOTPROVIDED", "NONREF")
PARTY_PATHS = ("RltdPties/Dbtr/Nm", "RltdPties/Dbtr/Pty/Nm")


def read(kind, message):
    """Return the returned debits of the message; other bookings are passed over."""
    entries = []
    for booking in message.iter("Ntry"):
        entries += _read_booking(booking)
    return ReturnFile(
        kind=kind,
        message_id=text_of(message, "GrpHdr/MsgId"),
        created=time_of(message, "GrpHdr/CreDtTm"),
        entries=tuple(entries),
    )


def _read_booking(booking):
    # "Sts" is a text in older versions, a choice in newer ones
    if text_of(booking, "Sts/Cd", "Sts") not in ("BOOK", ""):
        return
    details = booking.findall("NtryDtls/TxDtls")
    if not details and _is_return(booking, booking):
        yield _read_detail(booking, booking, 0, is_alone=True)
    for index, detail in enumerate(details):
        if _is_return(booking, detail):
            yield _read_detail(booking, detail, index, is_alone=len(details) == 1)


def _is_return(booking, detail):
    """Tell whether money of a direct debit went back to the debtor."""
    direction = text_of(detail, "CdtDbtInd") or text_of(booking, "CdtDbtInd")
    if direction != "DBIT":
        return False
    family, kind = _bank_code(detail) or _bank_code(booking) or ("", "")
    if family in RETURNED_FAMILIES and kind in RETURNED_KINDS:
        return True
    return detail.find("RtrInf") is not None and family not in TRANSFER_FAMILIES


def _bank_code(element):
    family = element.find("BkTxCd/Domn/Fmly")
    if family is None:
        return None
    return text_of(family, "Cd"), text_of(family, "SubFmlyCd")


def _read_detail(booking, detail, index, is_alone):
    amount, currency, charges, charges_currency = _amounts(booking, detail, is_alone)
    entry = ReturnEntry(
        key="",
        end_to_end_id=_given(detail, "Refs/EndToEndId", "Refs/InstrId"),
        mandate_reference=_given(detail, "Refs/MndtId"),
        amount=amount,
        currency=currency,
        code=text_of(detail, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"),
        info=_info(booking, detail),
        charges=charges,
        charges_currency=charges_currency,
        booking_date=date_of(booking, "BookgDt/Dt", "BookgDt/DtTm"),
        debtor_name=text_of(detail, *PARTY_PATHS),
        debtor_iban=text_of(detail, "RltdPties/DbtrAcct/Id/IBAN"),
        reference=text_of(detail, "RmtInf/Strd/CdtrRefInf/Ref"),
    )
    return _with_key(entry, _booking_reference(booking, detail), index)


def _given(element, *paths):
    for path in paths:
        text = text_of(element, path)
        if text and text.upper() not in NOTHING:
            return text
    return ""


def _info(booking, detail):
    return (
        texts_of(detail, "RtrInf/AddtlInf")
        or text_of(detail, "AddtlTxInf")
        or text_of(booking, "AddtlNtryInf")
    )


# === AMOUNTS === #


def _amounts(booking, detail, is_alone):
    """Return what was collected and what the bank takes for the return.

    Banks book both in one amount and name the collected one apart; some name
    no charges then.
    """
    booked, currency = _booked(booking, detail, is_alone)
    charges, charges_currency, included = _charges(booking, detail, is_alone)
    collected = detail.find("AmtDtls/InstdAmt/Amt")
    if collected is not None:
        amount, of_currency = money_of(collected)
        if of_currency == currency:
            if not charges and booked > amount:
                charges, charges_currency = booked - amount, currency
            return amount, currency, charges, charges_currency
    if charges_currency == currency and included < booked:
        booked -= included
    return booked, currency, charges, charges_currency


def _booked(booking, detail, is_alone):
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        found = detail.find(path)
        if found is not None:
            return money_of(found)
    # the sum of several returns says nothing of one
    found = booking.find("Amt") if is_alone else None
    return money_of(_required(found))


def _required(found):
    if found is None:
        raise UnreadableFile("bad_amount", value="")
    return found


def _charges(booking, detail, is_alone):
    """Return the sum of the charges, their currency, and what is in the amount."""
    found = _charge_records(detail)
    if not found and is_alone:
        # charges of a booking of several returns cannot be told apart
        found = _charge_records(booking)
    amount, included, currency = Decimal(0), Decimal(0), ""
    for record, path in found:
        value, of_currency = money_of(record.find(path))
        currency = currency or of_currency
        if of_currency == currency and text_of(record, "CdtDbtInd") != "CRDT":
            amount += value
            included += value if text_of(record, "ChrgInclInd") == "true" else 0
    return amount, currency if amount else "", included


def _charge_records(element):
    """Return the charges with the path of the amount in each."""
    for records, path in (
        (element.findall("Chrgs/Rcrd"), "Amt"),
        (element.findall("Chrgs"), "Amt"),
        (element.findall("Chrgs"), "TtlChrgsAndTaxAmt"),
    ):
        found = [record for record in records if record.find(path) is not None]
        if found:
            return [(record, path) for record in found]
    return []


# === IDENTITY === #


def _booking_reference(booking, detail):
    # the booking's own: camt.053 may leave out the details' that camt.054 has
    return _given(booking, "AcctSvcrRef") or _given(detail, "Refs/AcctSvcrRef")


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


def money_key(entry):
    """Return amount and currency, the same for 10.5 and 10.50."""
    return f"{entry.amount.normalize():f} {entry.currency}"


def digest(parts):
    """Return a short, stable name of the parts."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

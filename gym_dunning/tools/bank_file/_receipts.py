"""Money that came in, in the bank's bookings: camt.054 and camt.053."""

from dataclasses import replace
from decimal import Decimal

from ._names import booking_key, digest, money_key
from ._parse import MAX_TEXT, is_plausible
from ._signs import is_collection, is_own_money, is_taken_back
from .data import ReceiptEntry


def receipts_of(booking, account, kind, created):
    """Yield the receipts of a booking; none of one that takes money away, but for a
    receipt that the bank takes back.

    :param account: the number of the account that is booked on
    :param created: when the bank made the message, or None
    """
    details = booking.details or [booking.itself]
    is_one = len(details) == 1 or not _have_amounts(booking)
    for detail in details[:1] if is_one else details:
        if sign := _sign_of(booking.itself, detail):
            entry = _entry(booking, detail, account, kind, is_one)
            entry = replace(entry, is_taken_back=sign == "taken_back")
            doubt, value = _doubt(booking, detail, entry, sign, created)
            yield _with_key(
                replace(entry, doubt=doubt, doubt_value=value), booking, detail
            )


def _have_amounts(booking):
    """Tell whether each detail has an amount in the currency of the booking."""
    own = booking.itself.amounts.own
    booked = [detail.amounts.booked for detail in booking.details]
    return all(money and (not own or money[1] == own[1]) for money in booked)


def _sign_of(itself, detail):
    """Return "received" or "taken_back", or "" for what is no receipt."""
    codes = [part.code for part in (detail, itself) if part.code[0]]
    is_reversal = itself.is_reversal or detail.is_reversal
    has_reason = itself.has_reason or detail.has_reason
    direction = detail.direction or itself.direction
    if direction == "CRDT":
        return "received"
    return "taken_back" if is_taken_back(codes, is_reversal, has_reason) else ""


def _entry(booking, detail, account, kind, is_one):
    itself = booking.itself
    amount, currency = _money(itself, detail, is_one)
    return ReceiptEntry(
        key="",
        account=account,
        amount=amount,
        currency=currency,
        booking_date=booking.day,
        value_date=booking.value_day or booking.day,
        debtor_name=detail.debtor_name,
        debtor_iban="".join(detail.debtor_iban.split()).upper(),
        end_to_end_id=detail.end_to_end_id,
        references=detail.references,
        text=(detail.remittance or itself.remittance)[:MAX_TEXT],
        is_part=not is_one,
        kind=kind,
    )


def _money(itself, detail, is_one):
    """Return what was booked: of one payment the bank's booking, after charges."""
    amounts = detail.amounts
    found = itself.amounts.own if is_one else None
    return found or amounts.booked or amounts.instructed or (Decimal(0), "")


def _doubt(booking, detail, entry, sign, created):
    """Return why a person has to look at it, and what it was seen by."""
    problem = detail.problem or booking.problem or booking.itself.problem
    if problem:
        return problem.code, problem.params.get("value", "")
    if not entry.amount:
        return "no_amount", ""
    if not is_plausible(booking.day, created):
        return "bad_date", f"{booking.day}"
    return (_kind_of(booking, detail) if sign == "received" else ""), ""


def _kind_of(booking, detail):
    """Return the doubt of what is no payment of a member's, or not one."""
    itself = booking.itself
    codes = [part.code for part in (detail, itself) if part.code[0]]
    own_codes = [part.own_code for part in (detail, itself) if part.own_code[0]]
    if is_collection(codes, own_codes):
        return "collection"
    if is_own_money(
        codes,
        itself.is_reversal or detail.is_reversal,
        itself.has_reason or detail.has_reason,
    ):
        return "came_back"
    is_collective = not booking.details and booking.has_parts
    if is_collective or (len(booking.details) > 1 and not _have_amounts(booking)):
        return "collective"
    return ""


def _with_key(entry, booking, detail):
    """Return the entry with what it is known by.

    A statement may leave out what an advice says of the payer: a booking of one
    payment is known by itself, one of several by its parts.
    """
    itself = booking.itself
    reference = itself.servicer_reference
    if not entry.is_part:
        reference = reference or detail.servicer_reference
    which = [entry.account, money_key(entry), "DBIT" if entry.is_taken_back else "CRDT"]
    payer = [entry.end_to_end_id, entry.debtor_iban, *entry.references]
    if reference:
        parts = [*which, reference, *(payer if entry.is_part else ())]
    else:
        parts = [*which, str(entry.booking_date), detail.servicer_reference, *payer]
    booked = booking_key(entry.account, reference) if reference else ""
    return replace(entry, key=digest(parts), booking_key=booked)

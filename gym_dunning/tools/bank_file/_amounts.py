"""What was collected, and what the bank takes for the return.

Banks book both in one amount or apart, and say so in several ways or not at all. A
return therefore has *readings*: pairs of (amount, charges), the likeliest first.
Whoever knows the debit takes the reading that fits it.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from ._parse import flat_of, is_true, money_of, text_of
from .data import UnreadableFile

ZERO = Decimal(0)


@dataclass(slots=True)
class Amounts:
    """What a booking or a detail says of money; each value is (amount, currency)."""

    own: tuple | None = None
    transferred: tuple | None = None
    instructed: tuple | None = None
    # (amount, currency, is in the amount)
    charges: list = field(default_factory=list)

    @property
    def booked(self):
        """The amount of the detail itself, as (amount, currency), or None."""
        return self.own or self.transferred


def amounts_of(flat):
    """Read the amounts.

    :raise UnreadableFile: one of them is none
    """
    return Amounts(
        own=_money(flat, "Amt"),
        transferred=_money(flat, "AmtDtls/TxAmt/Amt"),
        instructed=_money(flat, "AmtDtls/InstdAmt/Amt"),
        charges=list(_charges(flat)) if "Chrgs" in flat else [],
    )


def _money(flat, path):
    return money_of(flat[path][0]) if path in flat else None


def _charges(flat):
    """Yield the charges; those the bank pays back are none."""
    for record, path in _charge_records(flat):
        if text_of(record, "CdtDbtInd") == "CRDT":
            continue
        try:
            amount, currency = money_of(record[path][0])
        except UnreadableFile:
            continue  # a note only, which stops no return
        if amount:
            yield amount, currency, is_true(record, "ChrgInclInd")


def _charge_records(flat):
    """Return the charges with the path of the amount in each."""
    records = [flat_of(element) for element in flat.get("Chrgs/Rcrd", ())]
    whole = [flat_of(element) for element in flat["Chrgs"]]
    for found, path in (
        (records, "Amt"),
        (whole, "Amt"),
        (whole, "TtlChrgsAndTaxAmt"),
    ):
        if filled := [record for record in found if path in record]:
            return [(record, path) for record in filled]
    return []


# === READINGS === #


def readings_of(booking, detail, is_alone, sum_of_details):
    """Return (readings, currency, currency of the charges).

    :param is_alone: the booking is this one return
    :param sum_of_details: of the details' own amounts; None if one has none, or
        the booking has no details
    """
    base = detail.booked or detail.instructed or (booking.own if is_alone else None)
    if base is None:
        return (), "", ""
    booked, currency = base
    # charges of a booking of several returns cannot be told apart
    found = detail.charges or (booking.charges if is_alone else [])
    charges_currency = found[0][1] if found else currency
    named = [charge for charge in found if charge[1] == charges_currency]
    charges = sum((charge[0] for charge in named), ZERO)
    included = sum((charge[0] for charge in named if charge[2]), ZERO)
    of_booking = _in_currency(booking.own, currency) if is_alone else None
    if charges_currency != currency:
        included = beside = ZERO
    else:
        beside = charges
    amounts = [
        *_instructed(detail, currency),
        *_after_charges(booked, included, booking, currency, sum_of_details),
        *(found[0] for found in (detail.own, detail.transferred) if found),
        *([of_booking, of_booking - beside] if of_booking else []),
        booked - beside,
    ]
    most = max(of_booking or ZERO, booked)
    readings = {}
    for amount in amounts:
        if amount > 0:
            readings.setdefault(amount, charges or max(most - amount, ZERO))
    return tuple(readings.items()), currency, charges_currency


def _in_currency(money, currency):
    return money[0] if money and money[1] == currency else None


def _instructed(detail, currency):
    amount = _in_currency(detail.instructed, currency)
    return [] if amount is None else [amount]


def _after_charges(booked, included, booking, currency, sum_of_details):
    """Yield the booked amount without the charges that are in it, then with them."""
    # or the bank added them to the sum of the booking, not to the detail
    of_booking = _in_currency(booking.own, currency)
    is_apart = sum_of_details is not None and sum_of_details + included == of_booking
    readings = [booked - included, booked]
    return reversed(readings) if is_apart else readings

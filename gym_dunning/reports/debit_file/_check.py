"""Say everything for which a bank would refuse a file, before it is written."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from stdnum import bic, iso11649
from stdnum.ch import esr
from stdnum.eu import at_02

from ._charset import is_identifier, is_readable, written
from ._iban import compact
from ._iban import is_valid as is_valid_iban
from .data import SEQUENCES, Reason

MAX_ID = 35
MAX_AMOUNT = Decimal("999999999.99")
CENT = Decimal("0.01")
SWISS_COUNTRIES = ("CH", "LI")
POSTFINANCE = "09000"
MAX_CLEARING = 5


@dataclass(frozen=True)
class Scheme:
    """What a scheme takes; `last_dates` by currency, empty `currencies`: all."""

    currencies: tuple[str, ...] = ()
    has_mandates: bool = False
    is_swiss: bool = False
    bank: str = ""
    last_dates: dict = field(default_factory=dict)


SEPA_CORE = Scheme(currencies=("EUR",), has_mandates=True)
SCHEMES = {
    "pain.008.001.08": SEPA_CORE,
    "pain.008.001.02": SEPA_CORE,
    # SIX ends the procedure: these are the last days of processing
    "lsv_plus": Scheme(
        currencies=("CHF", "EUR"),
        is_swiss=True,
        last_dates={"CHF": date(2028, 9, 29), "EUR": date(2027, 8, 30)},
    ),
    "ch_dd": Scheme(currencies=("CHF", "EUR"), is_swiss=True, bank=POSTFINANCE),
    "csv": Scheme(),
}


def find_reasons(format_code, debit_file):
    """Return every reason why the bank would refuse the file."""
    scheme = SCHEMES[format_code]
    reasons = [*_of_message(debit_file)]
    if format_code != "csv":
        reasons += _of_creditor(scheme, debit_file.creditor)
    reasons += _of_ended_scheme(scheme, debit_file)
    reasons += _of_duplicates(debit_file.debits)
    for debit in debit_file.debits:
        reasons += [
            Reason(code, debit.end_to_end_id, params)
            for code, params in _of_debit(scheme, debit, debit_file)
        ]
    return reasons


def _of_message(debit_file):
    if not debit_file.debits:
        yield Reason("no_debits")
    for code, params in _of_identifier("message_id", debit_file.message_id):
        yield Reason(code, params={"message_id": debit_file.message_id, **params})


def _of_identifier(name, value):
    if not value:
        yield f"{name}_missing", {}
    elif len(value) > MAX_ID:
        yield f"{name}_too_long", {"limit": MAX_ID}
    elif not is_identifier(value):
        yield f"{name}_characters", {}


def _of_creditor(scheme, creditor):
    yield from (
        Reason(code, params=params)
        for code, params in _of_party("creditor", scheme, creditor)
    )
    number = creditor.identifier
    if not number:
        yield Reason("creditor_identifier_missing")
    elif not _is_creditor_identifier(scheme, number):
        yield Reason("creditor_identifier_invalid", params={"identifier": number})
    if scheme.is_swiss and creditor.clearing and not _is_clearing(creditor.clearing):
        params = {"clearing": creditor.clearing}
        yield Reason("creditor_clearing_invalid", params=params)


def _is_creditor_identifier(scheme, number):
    if scheme.has_mandates:
        return at_02.is_valid(number)
    return len(number) <= MAX_ID and is_identifier(number)


def _is_clearing(number):
    return number.isascii() and number.isdigit() and len(number) <= MAX_CLEARING


def _of_party(name, scheme, party):
    if not is_readable(written(party.name, 70)):
        yield f"{name}_name_missing", {}
    number = compact(party.iban)
    if not is_valid_iban(number):
        yield f"{name}_iban_invalid", {"iban": party.iban}
    elif scheme.is_swiss and number[:2] not in SWISS_COUNTRIES:
        yield f"{name}_iban_country", {"iban": number, "country": number[:2]}
    if party.bic and not bic.is_valid(party.bic):
        yield f"{name}_bic_invalid", {"bic": party.bic}


def _of_ended_scheme(scheme, debit_file):
    for currency in sorted({debit.currency for debit in debit_file.debits}):
        last = scheme.last_dates.get(currency)
        if last and debit_file.execution_date > last:
            params = {"last_date": last, "currency": currency}
            yield Reason("scheme_ended", params=params)


def _of_duplicates(debits):
    times = Counter(debit.end_to_end_id for debit in debits)
    for end_to_end_id, count in times.items():
        if count > 1 and end_to_end_id:
            yield Reason("end_to_end_id_duplicate", end_to_end_id)


def _of_debit(scheme, debit, debit_file):
    yield from _of_identifier("end_to_end_id", debit.end_to_end_id)
    yield from _of_amount(debit.amount)
    if scheme.currencies and debit.currency not in scheme.currencies:
        allowed = ", ".join(scheme.currencies)
        yield "currency_not_allowed", {"currency": debit.currency, "allowed": allowed}
    yield from _of_party("debtor", scheme, debit.debtor)
    if scheme.bank and not _is_of_bank(debit.debtor.iban, scheme.bank):
        yield "debtor_iban_bank", {"iban": debit.debtor.iban}
    if scheme.has_mandates:
        yield from _of_mandate(debit, debit_file.created.date())
    if scheme.is_swiss and debit.reference and not reference_kind(debit.reference):
        yield "reference_invalid", {"reference": debit.reference}


def _of_amount(amount):
    if not isinstance(amount, Decimal) or not amount.is_finite():
        yield "amount_decimals", {"amount": amount}
    elif amount <= 0:
        yield "amount_not_positive", {"amount": amount}
    elif amount > MAX_AMOUNT:
        yield "amount_too_high", {"amount": amount}
    elif amount != amount.quantize(CENT):
        yield "amount_decimals", {"amount": amount}


def _is_of_bank(number, bank):
    number = compact(number)
    # another country's account is told by its own reason
    return number[:2] not in SWISS_COUNTRIES or number[4:9] == bank


def _of_mandate(debit, today):
    mandate = {"mandate": debit.mandate_reference}
    for code, params in _of_identifier("mandate_reference", debit.mandate_reference):
        yield code, {**mandate, **params}
    if not debit.mandate_date:
        yield "mandate_date_missing", mandate
    elif debit.mandate_date > today:
        yield "mandate_date_future", {**mandate, "date": debit.mandate_date}
    if debit.sequence not in SEQUENCES:
        yield "sequence_unknown", {"sequence": debit.sequence}


def reference_kind(reference):
    """Return QRR or SCOR, or nothing for what is neither by its check digit."""
    number = reference.replace(" ", "")
    if len(number) == 27 and esr.is_valid(number):
        return "QRR"
    is_rf = number == iso11649.compact(number) and iso11649.is_valid(number)
    return "SCOR" if is_rf else ""

"""Say everything for which a bank would refuse a file, before it is written."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from stdnum import bic, iso11649
from stdnum.ch import esr
from stdnum.eu import at_02

from ._address import has_address
from ._charset import is_identifier, is_readable, written
from ._iban import OUTSIDE_EEA, SEPA_COUNTRIES, compact
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
    has_addresses: bool = True
    is_swiss: bool = False
    bank: str = ""
    last_dates: dict = field(default_factory=dict)

    @property
    def countries(self):
        """Whose accounts it reaches, with the end of the reason's code; all: None."""
        if self.is_swiss:
            return SWISS_COUNTRIES, "country"
        return (SEPA_COUNTRIES, "sepa") if self.has_mandates else (None, "")


SEPA_CORE = Scheme(currencies=("EUR",), has_mandates=True)
SCHEMES = {
    "pain.008.001.08": SEPA_CORE,
    # banks refuse addresses in lines since November 2026: it has none at all
    "pain.008.001.02": replace(SEPA_CORE, has_addresses=False),
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


def creditor_reasons(format_code, creditor):
    """Return every reason for which no debit of the creditor leaves the house."""
    if format_code == "csv":
        return []
    return list(_of_creditor(SCHEMES[format_code], creditor))


def debtor_reasons(format_code, debtor, creditor_iban, reference, signed):
    """Return every reason why a bank would take no debit of a mandate at all.

    The same as in a file, before there is a debit: it has no number.

    :param debtor: the `Party`
    :param creditor_iban: of the account that would be credited
    :param reference: of the mandate
    :param signed: day of the signature, or None
    """
    scheme = SCHEMES[format_code]
    found = [*_of_debtor(scheme, debtor, creditor_iban)]
    if scheme.has_mandates:
        found += _of_reference(reference, signed)
    return [Reason(code, params=params) for code, params in found]


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
    countries, kind = scheme.countries
    if not is_valid_iban(number):
        yield f"{name}_iban_invalid", {"iban": party.iban}
    elif countries and number[:2] not in countries:
        yield f"{name}_iban_{kind}", {"iban": number, "country": number[:2]}
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
    yield from _of_debtor(scheme, debit.debtor, debit_file.creditor.iban)
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


def _of_debtor(scheme, debtor, creditor_iban):
    yield from _of_party("debtor", scheme, debtor)
    if scheme.bank and not _is_of_bank(debtor.iban, scheme.bank):
        yield "debtor_iban_bank", {"iban": debtor.iban}
    if scheme.has_mandates and _needs_address(debtor.iban, creditor_iban):
        if not scheme.has_addresses:
            yield "debtor_address_format", {"iban": debtor.iban}
        elif not has_address(debtor):
            yield "debtor_address_missing", {"iban": debtor.iban}


def _needs_address(*numbers):
    """Tell whether a bank of SEPA outside the EEA takes part: it wants the debtor's
    address (EPC130-08). Elsewhere is told by its own reason."""
    return any(compact(number)[:2] in OUTSIDE_EEA for number in numbers)


def _of_mandate(debit, today):
    yield from _of_reference(debit.mandate_reference, debit.mandate_date)
    if debit.mandate_date and debit.mandate_date > today:
        mandate = {"mandate": debit.mandate_reference}
        yield "mandate_date_future", {**mandate, "date": debit.mandate_date}
    if debit.sequence not in SEQUENCES:
        yield "sequence_unknown", {"sequence": debit.sequence}


def _of_reference(reference, signed):
    mandate = {"mandate": reference}
    for code, params in _of_identifier("mandate_reference", reference):
        yield code, {**mandate, **params}
    if not signed:
        yield "mandate_date_missing", mandate


def reference_kind(reference):
    """Return QRR or SCOR, or nothing for what is neither by its check digit."""
    number = reference.replace(" ", "")
    if len(number) == 27 and esr.is_valid(number):
        return "QRR"
    is_rf = number == iso11649.compact(number) and iso11649.is_valid(number)
    return "SCOR" if is_rf else ""

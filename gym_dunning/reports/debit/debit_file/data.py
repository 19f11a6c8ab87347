"""What a direct debit file says.

Plain values without a database: the writers of this package take nothing else.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

# === WHAT IS WRITTEN === #

# Format code -> (file extension, MIME type).
FORMATS = {
    "pain.008.001.08": ("xml", "application/xml"),
    "pain.008.001.02": ("xml", "application/xml"),
    "lsv_plus": ("xml", "application/xml"),
    "ch_dd": ("xml", "application/xml"),
    "csv": ("csv", "text/csv"),
}

SEQUENCES = ("FRST", "RCUR", "OOFF")


@dataclass(frozen=True)
class Party:
    """Somebody with an account; `country` by its ISO code of two letters."""

    name: str
    iban: str
    bic: str | None = None
    street: str = ""
    zip: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True)
class Creditor(Party):
    """Who collects.

    `identifier` is the SEPA creditor identifier, the LSV identification or the
    RS-PID of CH-DD; `clearing` the IID of the creditor's Swiss bank (empty:
    taken from a Swiss IBAN).
    """

    identifier: str = ""
    clearing: str = ""


@dataclass(frozen=True)
class Amendment:
    """What has changed of a SEPA mandate since the bank was told of it last.

    Each is what the bank was told then, empty if it has not changed;
    `new_account`: the debtor has another account now.
    """

    mandate_reference: str = ""
    creditor_name: str = ""
    creditor_identifier: str = ""
    new_account: bool = False


@dataclass(frozen=True)
class Debit:
    """One amount to collect from one debtor.

    `reference` is a structured creditor reference: a QRR of 27 digits or an RF.
    """

    end_to_end_id: str
    amount: Decimal
    currency: str
    debtor: Party
    text: str
    mandate_reference: str = ""
    mandate_date: date | None = None
    sequence: str = "RCUR"
    reference: str = ""
    amendment: Amendment | None = None


@dataclass(frozen=True)
class DebitFile:
    """All that goes to the bank in one file, to be collected on one day."""

    message_id: str
    created: datetime
    execution_date: date
    creditor: Creditor
    debits: tuple[Debit, ...]
    scheme: str = ""

    @property
    def count(self) -> int:
        """The number of debits."""
        return len(self.debits)

    @property
    def control_sum(self) -> Decimal:
        """The sum of the amounts, over all currencies as ISO 20022 has it."""
        return sum((debit.amount for debit in self.debits), Decimal("0.00"))


# === WHY A FILE IS NOT WRITTEN === #

# Codes of what keeps a file from being written; `params` in brackets.
REASONS = (
    "unknown_format",  # no writer of this name [format]
    "no_debits",  # the file would be empty
    "message_id_missing",  # the file has no message identification
    "message_id_too_long",  # over 35 characters [message_id, limit]
    "message_id_characters",  # not in the banks' character set [message_id]
    "creditor_name_missing",  # nothing printable is left of the name
    "creditor_iban_invalid",  # wrong form or check digits [iban]
    "creditor_iban_country",  # Swiss schemes: not a Swiss account [iban, country]
    "creditor_iban_sepa",  # SEPA: of a country it does not reach [iban, country]
    "creditor_identifier_missing",  # creditor id, LSV identification or RS-PID
    "creditor_identifier_invalid",  # over 35 characters or odd ones [identifier]
    "creditor_bic_invalid",  # not 8 or 11 characters of a BIC [bic]
    "creditor_clearing_invalid",  # Swiss: not up to five digits [clearing]
    "scheme_ended",  # collected after the scheme's last day [last_date, currency]
    "end_to_end_id_missing",  # a debit has no identification
    "end_to_end_id_too_long",  # over 35 characters [limit]
    "end_to_end_id_characters",  # not in the banks' character set
    "end_to_end_id_duplicate",  # used by two debits of the file
    "currency_not_allowed",  # the scheme does not collect it [currency, allowed]
    "amount_not_positive",  # nothing to collect [amount]
    "amount_decimals",  # more than two decimals, or no number [amount]
    "amount_too_high",  # over 999,999,999.99 [amount]
    "debtor_name_missing",  # nothing printable is left of the name
    "debtor_iban_invalid",  # wrong form or check digits [iban]
    "debtor_iban_country",  # LSV+: neither CH nor LI [iban, country]
    "debtor_iban_sepa",  # SEPA: of a country it does not reach [iban, country]
    "debtor_address_missing",  # SEPA outside the EEA: no town or country [iban]
    "debtor_address_format",  # SEPA outside the EEA, and .02 has no address [iban]
    "debtor_iban_bank",  # CH-DD: not an account at PostFinance [iban]
    "debtor_bic_invalid",  # not 8 or 11 characters of a BIC [bic]
    "mandate_reference_missing",  # SEPA: no mandate
    "mandate_reference_too_long",  # SEPA: over 35 characters [mandate, limit]
    "mandate_reference_characters",  # SEPA: not in the character set [mandate]
    "mandate_date_missing",  # SEPA: day of signature unknown
    "mandate_date_future",  # SEPA: signed after the file is made [date]
    "sequence_unknown",  # SEPA: not one of FRST, RCUR, OOFF [sequence]
    "reference_invalid",  # Swiss: neither QRR nor RF by its check digit [reference]
)


@dataclass(frozen=True)
class Reason:
    """One thing to put right: of one debit, or (without id) of the file."""

    code: str
    end_to_end_id: str | None = None
    params: dict = field(default_factory=dict)


class DebitFileError(Exception):
    """The file cannot be written; `reasons` names everything to put right."""

    def __init__(self, reasons):
        super().__init__(", ".join(sorted({reason.code for reason in reasons})))
        self.reasons = list(reasons)

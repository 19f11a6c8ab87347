"""What a bank's file says: returned debits and received payments.

Plain values without a database: the readers of this package give nothing else.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

# Codes of why a file of returns cannot be read; `params` in brackets.
UNREADABLE = (
    "too_large",  # over the limit [size, limit]
    "empty",  # no content at all
    "not_xml",  # cut off, another kind of file
    "has_doctype",  # declares a document type or entities: never read
    "too_deep",  # elements nested beyond the limit [limit]
    "too_many_elements",  # more elements than the limit [limit]
    "too_many_returns",  # more returns than the limit [limit]
    "too_many_receipts",  # more receipts than the limit [limit]
    "unknown_format",  # XML, but not camt.053, camt.054 or pain.002 [root]
    "archive_damaged",  # packed, and cannot be unpacked
    "archive_password",  # packed under a password
    "archive_unknown",  # packed in another way than ZIP and gzip
    "archive_nested",  # an archive in an archive in an archive
    "archive_too_many",  # more files packed than the limit [limit]
    "archive_too_large",  # more unpacked than the limit [limit]
    "archive_empty",  # nothing to read is packed
)

# Codes of why a return is listed and not booked by itself; `doubt_value` in brackets.
DOUBTS = (
    "bad_amount",  # an amount is no number [text]
    "no_amount",  # one of several in a booking, without an amount of its own
    "no_currency",  # an amount has no currency [amount]
    "bad_date",  # the day of the booking is none, or one that no bank means [text]
    "broken_part",  # one of several documents in the file is damaged
    "unknown_part",  # one of several documents is another message [its name]
    "by_text",  # only the bank's text says that it is a return [text]
    "by_code",  # a booking code of direct debits, none of a return [code]
    "by_reversal",  # a reversal of what the bank does not say
    "by_number",  # only a number of ours says that it is about a debit
    "money_back",  # money comes: a return seems to be taken back
    "no_status",  # a status report that names a reason, but no status [status]
)


@dataclass(frozen=True, slots=True)
class ReturnBooking:
    """A booking of several returns that have no amounts of their own.

    `amount` is what is booked for these `count`, `charges` what may be in it.
    """

    id: str
    amount: Decimal
    currency: str
    charges: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class ReturnEntry:
    """One debit that came back.

    `key` is the same whenever the same return is read again, also from the
    other of camt.053 and camt.054. `whole` says that not one debit came back
    but all of a "file" or of a "payment" (its id is `payment_id`); `numbers` are
    then those of the debits that are named below.
    `code` is the bank's reason, empty if it gives none; `amount` what was to be
    collected, without the bank's `charges`; `readings` are all pairs of amount and
    charges that the bank may mean; `reference` the structured creditor
    reference (the Swiss schemes give back no other identification); `text` all
    that is written about it. `doubt` says why it is to be looked at by a person.
    """

    key: str
    end_to_end_id: str = ""
    mandate_reference: str = ""
    amount: Decimal = Decimal(0)
    currency: str = ""
    code: str = ""
    info: str = ""
    charges: Decimal = Decimal(0)
    charges_currency: str = ""
    booking_date: date | None = None
    debtor_name: str = ""
    debtor_iban: str = ""
    reference: str = ""
    whole: str = ""
    payment_id: str = ""
    numbers: tuple[str, ...] = ()
    kind: str = ""
    original_message_id: str = ""
    text: str = ""
    readings: tuple[tuple[Decimal, Decimal], ...] = ()
    booking: ReturnBooking | None = None
    doubt: str = ""
    doubt_value: str = ""


# Codes of why a receipt is looked at by a person, whatever it names.
RECEIPT_DOUBTS = (
    "bad_amount",  # an amount is no number [text]
    "no_currency",  # an amount has no currency [amount]
    "bad_date",  # the day of the booking is none, or one that no bank means [text]
    "no_amount",  # the amount is nothing
    "collective",  # a booking of several payments, whose parts this file does not name
    "collection",  # the bank credits direct debits that it collected
    "came_back",  # a payment of ours came back, or the bank gives something back
)


@dataclass(frozen=True, slots=True)
class ReceiptEntry:
    """Money that came in, or (`is_taken_back`) that the bank took back again.

    `key` is the same whenever the same entry is read again, also from the other of
    camt.053 and camt.054; `booking_key` is that of the whole booking. `account` is
    the one it was booked on; `references` are the structured ones, `end_to_end_id` is
    the payer's own. `doubt` says why a person has to look at it.
    """

    key: str
    booking_key: str = ""
    account: str = ""
    amount: Decimal = Decimal(0)
    currency: str = ""
    booking_date: date | None = None
    value_date: date | None = None
    debtor_name: str = ""
    debtor_iban: str = ""
    end_to_end_id: str = ""
    references: tuple[str, ...] = ()
    text: str = ""
    is_taken_back: bool = False
    is_part: bool = False
    kind: str = ""
    doubt: str = ""
    doubt_value: str = ""


@dataclass(frozen=True)
class ReturnFile:
    """What a bank's file says of returned or rejected debits, and of money received.

    `candidates` have no sign of a return: they are about one only if a number of
    ours stands in them. `booked_until` is the last day told of each account, by a
    booking of whatever kind or by a closing balance. `created` is naive: UTC if the
    bank names a time zone, else the bank's time.
    """

    kind: str
    message_id: str
    created: datetime | None
    entries: tuple[ReturnEntry, ...]
    original_message_id: str = ""
    whole_file: bool = False
    payment_ids: tuple[str, ...] = ()
    candidates: tuple[ReturnEntry, ...] = ()
    receipts: tuple[ReceiptEntry, ...] = ()
    booked_until: tuple[tuple[str, date], ...] = ()


class UnreadableFile(Exception):
    """The file is no file of returns that can be read, or a hostile one."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params

"""Write a direct debit file in one of the formats."""

from . import _csv, _sepa, _swiss
from ._check import find_reasons
from .data import DebitFileError, Reason

_WRITERS = {
    "pain.008.001.08": _sepa.write,
    "pain.008.001.02": _sepa.write,
    "lsv_plus": _swiss.write,
    "ch_dd": _swiss.write,
    "csv": _csv.write,
}


def write(format_code, debit_file):
    """Return the file as bytes.

    :raise DebitFileError: with every reason why the bank would refuse it
    """
    reasons = check(format_code, debit_file)
    if reasons:
        raise DebitFileError(reasons)
    return _WRITERS[format_code](format_code, debit_file)


def check(format_code, debit_file):
    """Return every reason why the file cannot be written: none, if it can."""
    if format_code not in _WRITERS:
        return [Reason("unknown_format", params={"format": format_code})]
    return find_reasons(format_code, debit_file)

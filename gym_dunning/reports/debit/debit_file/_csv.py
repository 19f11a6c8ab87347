"""The list of debits as CSV, for banks and portals that take their own form."""

from ...base.tabular import to_csv

COLUMNS = (
    *("message_id", "created", "execution_date", "scheme"),
    *("creditor_name", "creditor_iban", "creditor_identifier"),
    *("end_to_end_id", "amount", "currency", "text", "reference"),
    *("mandate_reference", "mandate_date", "sequence"),
    *("debtor_name", "debtor_iban", "debtor_bic"),
    *("debtor_street", "debtor_zip", "debtor_city", "debtor_country"),
)
OF_FILE = ("message_id", "created", "execution_date", "scheme")


def write(format_code, debit_file):
    """Return the list, one row for each debit; its content was checked before."""
    return to_csv(COLUMNS, [_row(debit_file, debit) for debit in debit_file.debits])


def _row(debit_file, debit):
    row = {}
    for column in COLUMNS:
        whose, _, name = column.partition("_")
        if column in OF_FILE:
            row[column] = getattr(debit_file, column)
        elif whose == "creditor":
            row[column] = getattr(debit_file.creditor, name)
        elif whose == "debtor":
            row[column] = getattr(debit.debtor, name)
        else:
            row[column] = getattr(debit, column)
    return row

"""Write rows as CSV and XLSX files that spreadsheets read without surprises."""

import csv
import io
from datetime import date
from decimal import Decimal

import xlsxwriter

# A text that starts like this is run as a formula by spreadsheets.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def formula_safe(text):
    """Return the text so that no spreadsheet takes it for a formula.

    >>> formula_safe("=1+1")
    "'=1+1"
    >>> formula_safe("Kent Paul")
    'Kent Paul'
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _csv_cell(value, decimal_mark):
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", decimal_mark)
    if isinstance(value, int):
        return str(value)
    return formula_safe(str(value))


def to_csv(columns, rows, separator=";", decimal_mark="."):
    """Return rows (dicts by column key) as CSV.

    UTF-8 with BOM, ISO dates, CRLF, all quoted.
    """
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n"
    )
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_csv_cell(row[column], decimal_mark) for column in columns])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def to_xlsx(columns, rows, totals, totals_title, titles=None, sheet_title=None):
    """Return rows as XLSX: real numbers and dates, frozen header, totals apart.

    :param totals: list of (label, Decimal) for the second sheet
    :param titles: headers for people, by column; None: the names of the columns
    :param sheet_title: name of the first sheet; None: as spreadsheets name it
    """
    titles = titles or {}
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        header = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet(sheet_title)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [titles.get(one, one) for one in columns], header)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        formats = _Formats(book)
        for number, row in enumerate(rows, start=1):
            for position, column in enumerate(columns):
                _write_cell(sheet, number, position, row[column], formats)
        sheet.set_column(0, len(columns) - 1, 16)
        sums = book.add_worksheet(totals_title)
        for number, (label, amount) in enumerate(totals):
            sums.write_string(number, 0, label)
            _write_cell(sums, number, 1, amount, formats)
    return content.getvalue()


class _Formats(dict):
    """The formats of a book: dates, and numbers by their decimals."""

    def __init__(self, book):
        super().__init__({date: book.add_format({"num_format": "yyyy-mm-dd"})})
        self._book = book

    def __missing__(self, decimals):
        pattern = f"0.{'0' * decimals}" if decimals else "0"
        self[decimals] = self._book.add_format({"num_format": pattern})
        return self[decimals]


def _write_cell(sheet, row, column, value, formats):
    if value is None or value is False:
        return
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, formats[date])
    elif isinstance(value, Decimal):
        decimals = -value.as_tuple().exponent
        sheet.write_number(row, column, value, formats[decimals])
    elif isinstance(value, int):
        sheet.write_number(row, column, int(value))
    else:
        # written as a string a formula is not run; made safe all the same for
        # who saves the sheet as CSV
        sheet.write_string(row, column, formula_safe(str(value)))

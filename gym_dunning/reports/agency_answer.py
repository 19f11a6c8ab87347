"""Read the agency's answer file: CSV or XLSX, one row for each line."""

import csv
import io
import zipfile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

NEEDED = "line_number"


class Unreadable(Exception):
    """The file is no answer file."""


def read_rows(content):
    """Return the rows of a file as dicts by column.

    :param content: CSV (UTF-8, with or without BOM, semicolon or comma) or XLSX
    :raise Unreadable: it is neither, or has no column `line_number`
    """
    is_xlsx = content.startswith(b"PK")
    table = _read_xlsx(content) if is_xlsx else _read_csv(content)
    filled = [row for row in table if any(cell not in (None, "") for cell in row)]
    columns = [str(cell or "").strip().lower() for cell in filled[0]] if filled else []
    if NEEDED not in columns:
        raise Unreadable(f"no column {NEEDED}")
    return [dict(zip(columns, row, strict=False)) for row in filled[1:]]


def _read_csv(content):
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(str(error)) from error
    header = text.partition("\n")[0]
    delimiter = ";" if ";" in header else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Unreadable(str(error)) from error


def _read_xlsx(content):
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return list(book.worksheets[0].iter_rows(values_only=True))
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        IndexError,
        ValueError,
    ) as error:
        raise Unreadable(str(error)) from error

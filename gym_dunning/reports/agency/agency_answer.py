"""Read the agency's answer file: CSV or XLSX, one row for each line.

Whoever writes the file decides neither how much memory nor how much time it costs: a
sheet of 140 kB may hold a million rows, and a spreadsheet library keeps what it reads.
"""

import csv
import io
import lzma
import re
import struct
import zipfile
import zlib

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import WorkSheetParser

NEEDED = "line_number"
MAX_BYTES = 5_000_000
MAX_ROWS = 10_000
# Of all parts of a spreadsheet: bytes, and signs that begin a tag or a value. They
# bound how long its parser works; and what it keeps, which is a row or a text at a time.
MAX_UNPACKED = 40_000_000
MAX_MARKS = 1_500_000
MAX_MARKS_AT_ONCE = 200_000
PIECE = re.compile(rb"<(?:\w+:)?(?:row|si)\b")
# What zip, XML and spreadsheet libraries raise over damaged or hostile content.
DAMAGED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    InvalidFileException,
    LookupError,
    OSError,
    RuntimeError,  # NotImplementedError and RecursionError too
    SyntaxError,  # the XML parsers' errors
    TypeError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


class Unreadable(Exception):
    """The file is no answer file."""


class TooLarge(Exception):
    """The file has more bytes or rows than an answer file may have."""


class DamagedCell:
    """Stands for a cell of a spreadsheet that cannot be read."""


def read_rows(content):
    """Return the rows of a file as pairs of row number and dict by column.

    Blank rows are left out; the header is row 1 unless blank ones stand above it.

    :param content: CSV (UTF-8, with or without BOM, semicolon or comma) or XLSX
    :raise Unreadable: it is neither, or has no column `line_number`
    :raise TooLarge: it has more than `MAX_BYTES` or `MAX_ROWS`
    """
    if len(content) > MAX_BYTES:
        raise TooLarge
    is_xlsx = content.startswith(b"PK")
    table = _read_xlsx(content) if is_xlsx else _read_csv(content)
    columns, rows = None, []
    for number, row in table:
        if columns is None:
            columns = [str(cell or "").strip().lower() for cell in row]
            continue
        if len(rows) == MAX_ROWS:
            raise TooLarge
        rows.append((number, dict(zip(columns, row, strict=False))))
    if NEEDED not in (columns or ()):
        raise Unreadable(f"no column {NEEDED}")
    return rows


def _is_filled(row):
    return any(cell not in (None, "") for cell in row)


def _read_csv(content):
    """Yield row number and cells of each row that is not blank."""
    try:
        text = content.decode("utf-8-sig")
        header = text.lstrip().partition("\n")[0]
        delimiter = ";" if ";" in header else ","
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for number, row in enumerate(rows, start=1):
            if _is_filled(row):
                yield number, row
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(str(error)) from error


def _read_xlsx(content):
    """Yield row number and cells of each row of the first sheet that is not blank."""
    try:
        _check_parts(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for number, row in _sheet_rows(book.worksheets[0]):
            if _is_filled(row):
                yield number, row
    except DAMAGED as error:
        raise Unreadable(str(error)) from error


def _check_parts(content):
    """Refuse what would grow beyond measure when it is unpacked and parsed.

    :raise TooLarge: it would
    :raise Unreadable: it is packed or written as no spreadsheet is
    """
    size = marks = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Unreadable("packed by an unusual method")
            size += part.file_size  # no more than that is ever read
            if size > MAX_UNPACKED:
                raise TooLarge
            marks += _count_marks(archive, part)
            if marks > MAX_MARKS:
                raise TooLarge


def _count_marks(archive, part):
    """Count the signs that begin a tag or a value, in whatever encoding.

    :raise TooLarge: there are too many of them at once
    """
    if not part.filename.endswith((".xml", ".rels")):
        return 0  # pictures and the like are not parsed
    content = archive.read(part).replace(b"\0", b"")
    if b"<!DOCTYPE" in content:
        raise Unreadable("a document type, which may define entities")
    counts = [
        piece.count(b"<") + piece.count(b"=") + 1 for piece in PIECE.split(content)
    ]
    if max(counts) > MAX_MARKS_AT_ONCE:
        raise TooLarge
    return sum(counts)


class _TolerantParser(WorkSheetParser):
    """A cell that cannot be read spoils its row, not the file."""

    def parse_cell(self, element):
        try:
            return super().parse_cell(element)
        except DAMAGED:
            return {"column": self.col_counter, "value": DamagedCell()}


def _sheet_rows(sheet):
    """Yield number and cells of each row that the sheet has.

    What the sheet says of its size is not asked, and rows that are not there are not
    made up: both would let a small file stand for a million rows.
    """
    book = sheet.parent
    with book._archive.open(sheet._worksheet_path) as source:
        parser = _TolerantParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in parser.parse():
            parser.row_dimensions.clear()  # whatever a row says of its looks
            yield number, _spread(cells)


def _spread(cells):
    """Return the values of cells by their columns, as far as a table goes."""
    values = [None] * min(100, max((cell["column"] for cell in cells), default=0))
    for cell in cells:
        if 0 < cell["column"] <= len(values):
            values[cell["column"] - 1] = cell["value"]
    return values

"""Answers that are damaged, huge or meant to harm: a sentence, and the other rows."""

import io
import json
import tracemalloc
import zipfile
import zlib
from contextlib import suppress

from openpyxl import Workbook

from odoo.exceptions import UserError

from ...agency_service import MAX_BYTES, Answer
from ...reports.agency import agency_answer
from .common_agency_http import accept_all
from .test_agency_answers import PAID_ON, AnswerCommon, AnswerFileCommon

NUL, HALF = "a\x00b", "a\ud800b"
DEEP = "[" * 500 + "]" * 500
SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


class TestHostileRows(AnswerCommon):
    """F2: a bad row is listed, all others are taken, whatever is in it."""

    def _hostile_rows(self):
        line = self.one.name
        return [
            {"line_number": NUL},
            {"line_number": HALF},
            {"line_number": {"a": 1}},
            {"line_number": json.loads(DEEP)},
            {"line_number": "x" * 3000},
            {"line_number": 10**400},
            None,
            [],
            "text",
            {},
            {"line_number": line, "note": NUL},
            {"line_number": line, "closed_reason": HALF},
            {"line_number": line, "agency_reference": "x" * 100_000},
            {"line_number": line, "agency_reference": b"bytes"},
            {"line_number": line, "file_status": NUL},
            {"line_number": line, "file_status": ["accepted"]},
            *(
                {"line_number": line, "paid_amount": amount, "payment_date": PAID_ON}
                for amount in (
                    1e308,
                    float("nan"),
                    float("inf"),
                    -0.01,
                    "1e400",
                    "sNaN",
                    "1_0",
                    10**30,
                    {},
                    NUL,
                )
            ),
            {"line_number": line, "paid_amount": 1, "payment_date": HALF},
            {"line_number": line, "paid_amount": 1, "payment_date": 1e300},
            {
                "line_number": line,
                "paid_amount": 1,
                "payment_date": PAID_ON,
                "payment_reference": NUL,
            },
        ]

    def test_bad_rows_stop_no_other(self):
        """F2: NUL, half signs, 1e308, NaN, wrong types, endless texts."""
        bad = self._hostile_rows()
        rows = []
        for row in bad:
            rows += [row, self._row(self.two, file_status="accepted")]
        rows.append(self._row(self.three, paid_amount="12.50", payment_date=PAID_ON))
        taken = self._take(*rows)
        positions = [position for position, *__ in taken.refused]
        self.assertEqual(positions, list(range(1, 2 * len(bad), 2)))
        self.assertEqual(self.two.file_state, "accepted")
        self.assertEqual(self.three.amount_recovered, 12.5)
        self.assertFalse(self.one.payment_ids)
        # what is told of them can be stored, shown and sent
        taken._note("Report", self.handover)
        self.env.flush_all()
        json.dumps(taken.refusals()).encode()
        for refusal in taken.refusals():
            self.assertTrue(refusal["message"])
            (refusal["line_number"] + refusal["message"]).encode()

    def test_an_answer_of_the_service(self):
        """F2: the same rows in the answer of the agency's web service."""
        bad = [
            row
            for row in self._hostile_rows()
            if not isinstance(row, dict)
            or all(not isinstance(value, bytes) for value in row.values())
        ]

        def answer(message):
            status, body = accept_all(message)
            return status, {"lines": bad + body["lines"]}

        self.server.answers = [answer]
        self.handover.action_withdraw()
        handover = self._hand_over()
        self.assertEqual(self._states(handover), ["accepted"] * 3)

    def test_what_a_service_answers(self):
        """F2: deep, huge, binary answers decide nothing and are told in a sentence."""
        self.handover.action_withdraw()
        for status, content in (
            (200, b"[" * 100_000),
            (200, b'{"lines": [' + b"[]," * 60_000 + b"[]]}"),
            (200, b"\x00\x01\xff"),
            (200, b'{"lines": ' + b" " * MAX_BYTES + b"[]}"),
            (400, b"[" * 100_000),
            (400, json.dumps({"message": "No" + NUL + HALF}).encode()),
            (400, json.dumps({"message": {"a": DEEP}}).encode()),
            (422, b"x" * (MAX_BYTES + 5)),
        ):
            with self.subTest(status=status, content=content[:20]):
                self.server.answers = [(status, content)]
                handover = self._hand_over()
                self.env.flush_all()
                self.assertEqual(handover.state, "failed")
                self.assertLess(len(handover.message), 600)
                handover.action_withdraw()

    def test_memory_of_an_answer(self):
        """F1: the largest answer that is read takes less than 200 MB more."""
        for piece in (b"[],", b'{"a":1},'):
            content = b'{"lines":[' + piece * ((MAX_BYTES - 20) // len(piece)) + b"1]}"
            with self.subTest(piece=piece):
                self.assertLess(self._peak(content), 200 * 1024**2)

    def _peak(self, content):
        tracemalloc.start()
        try:
            with self.assertRaises(ValueError):
                Answer(200, content).lines()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


class TestHostileFiles(AnswerFileCommon):
    """F1, F4: limits of what is read, and sentences for what cannot be."""

    def _spreadsheet(self, sheet=None, **parts):
        """Return a workbook whose parts are replaced by these texts."""
        book = Workbook()
        book.active.append(["line_number", "file_status"])
        book.active.append([self.one.name, "accepted"])
        plain, changed = io.BytesIO(), io.BytesIO()
        book.save(plain)
        parts = {f"xl/{name}.xml": text for name, text in parts.items()}
        if sheet is not None:
            parts[SHEET] = sheet
        with (
            zipfile.ZipFile(plain) as source,
            zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for name in {*source.namelist(), *parts}:
                target.writestr(name, parts.get(name) or source.read(name))
        return changed.getvalue()

    def _rows_of(self, *cells):
        """Return a sheet: the header, and rows of these cells as XML."""
        header = self._cell("A1", "line_number") + self._cell("B1", "file_status")
        rows = "".join(f"<row>{row}</row>" for row in cells)
        return f"{HEAD}<sheetData><row>{header}</row>{rows}</sheetData></worksheet>"

    def _cell(self, place, text):
        return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'

    def _assert_sentence(self, sentence, content):
        with self.assertRaisesRegex(UserError, sentence):
            self._import(content, "answer.xlsx")

    def test_too_many_rows(self):
        """F1: more rows than the limit are refused, in CSV and XLSX, quickly."""
        line = f"{self.one.name};accepted\n"
        csv = ("line_number;file_status\n" + line * 10_001).encode()
        self._assert_sentence("at most 10000 rows", csv)
        row = self._cell("A2", self.one.name)
        self._assert_sentence(
            "at most 10000 rows", self._spreadsheet(self._rows_of(*[row] * 10_001))
        )

    def test_too_many_bytes(self):
        """F1: by size, before anything is read."""
        self._assert_sentence("5 MB", b"line_number\n" + b"x" * 5_000_000)

    def test_bombs(self):
        """F1: what is small and would be huge: zipped blanks, rows, strings, cells."""
        million = 1_000_000
        for sheet, parts in (
            (HEAD + " " * 50 * million, {}),
            (self._rows_of(*["<c/>"] * million), {}),
            (self._rows_of("<c/>" * 2 * million), {}),
            (None, {"sharedStrings": "<sst>" + "<si><t/></si>" * million}),
            (None, {"styles": "<a " + "b='' " * 2 * million}),
        ):
            content = self._spreadsheet(sheet, **parts)
            with self.subTest(size=len(content)):
                self.assertLess(len(content), 500_000)
                self._assert_sentence("too large", content)

    def test_dimensions_lie(self):
        """F1: a sheet that says it has a million rows, or none, has those it has."""
        row = self._cell("A9", self.one.name) + self._cell("B9", "accepted")
        for told in ("A1:XFD1048576", "A1", "nonsense"):
            sheet = self._rows_of(row).replace(
                "<sheetData>", f'<dimension ref="{told}"/><sheetData>'
            )
            with self.subTest(told=told):
                try:
                    rows = agency_answer.read_rows(self._spreadsheet(sheet))
                except agency_answer.Unreadable:
                    self.assertEqual(told, "nonsense")
                else:
                    self.assertEqual(len(rows), 1)

    def test_a_damaged_cell_spoils_its_row(self):
        """F4: a cell that cannot be read is listed, the other rows are taken."""
        good = self._cell("A2", self.two.name) + self._cell("B2", "accepted")
        number = self._cell("A3", self.one.name)
        sheet = self._rows_of(
            good,
            number + '<c r="B3" t="s"><v>99999</v></c>',
            number + '<c r="B4"><v>abc</v></c>',
            number + '<c r="B5" t="b"><v>x</v></c>',
        )
        wizard = self._import(self._spreadsheet(sheet), "answer.xlsx")
        self.assertEqual(self._figures(wizard), (1, 0, 3))
        self.assertEqual(self.two.file_state, "accepted")

    def test_escaped_signs_of_a_spreadsheet(self):
        """F2: a spreadsheet can write NUL and half signs, too."""
        rows = [
            self._cell("A2", f"{self.one.name}") + self._cell("B2", text)
            for text in ("_x0000_", "_xD800_")
        ]
        good = self._cell("A4", self.two.name) + self._cell("B4", "accepted")
        wizard = self._import(
            self._spreadsheet(self._rows_of(*rows, good)), "answer.xlsx"
        )
        self.assertEqual(self._figures(wizard), (1, 0, 2))

    def test_rows_are_counted_as_in_the_file(self):
        """F2: blank rows above count, so that a person finds the refused one."""
        text = f"\r\nline_number;note\r\n\r\n{self.one.name};ok\r\n\r\nX-9;no\r\n"
        wizard = self._import(text.encode())
        self.assertEqual(wizard.row_ids.row, 6)

    def test_empty_file(self):
        """F4: an empty file is told in a sentence."""
        wizard = self.env["gym.agency.answer"].create(
            {"handover_id": self.handover.id, "file": False, "file_name": "a.csv"}
        )
        with self.assertRaisesRegex(UserError, "a.csv is empty"):
            wizard.action_import()

    def test_entities(self):
        """F4: a spreadsheet that defines entities is refused before it is parsed."""
        bomb = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + self._rows_of(
            self._cell("A2", "&b;")
        )
        self._assert_sentence("cannot be read", self._spreadsheet(bomb))
        self._assert_sentence(
            "cannot be read", self._spreadsheet(bomb.encode("utf-16"))
        )

    def test_damaged_spreadsheets(self):
        """F4: cut, turned and overwritten spreadsheets: read, or told in a sentence."""
        whole = self._spreadsheet()
        for number in range(200):
            content = bytearray(whole)
            place = zlib.crc32(bytes([number % 256, number // 256])) % len(content)
            if number % 3 == 0:
                content = content[:place]
            elif number % 3 == 1:
                content[place] ^= 1 << number % 8
            else:
                content[place : place + 8] = b"\xff" * 8
            with self.subTest(number=number, place=place):
                try:
                    agency_answer.read_rows(bytes(content))
                except (agency_answer.Unreadable, agency_answer.TooLarge):
                    continue

    def test_memory_of_a_file(self):
        """F1: what is just within the limits takes less than 200 MB more."""
        many = agency_answer.MAX_MARKS_AT_ONCE - 100
        attributes = "".join(f"a{number}='' " for number in range(many))
        cells = "".join(f'<c r="A{n}"><v>{n}</v></c>' for n in range(2, 9))
        for sheet in (
            self._rows_of("<c/>" * many),
            self._rows_of(f"<c {attributes}/>"),
            self._rows_of(*[cells] * 9_000),
        ):
            content = self._spreadsheet(sheet)
            with self.subTest(size=len(content)):
                self.assertLess(self._peak(content), 200 * 1024**2)

    def _peak(self, content):
        tracemalloc.start()
        with suppress(agency_answer.Unreadable):
            agency_answer.read_rows(content)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

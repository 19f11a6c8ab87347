"""Files of returns in the forms in which banks and portals deliver them."""

import doctest
from decimal import Decimal

from odoo.tests import BaseCase

from ...tools.bank_file import (
    UnreadableFile,
    _archive,
    _signs,
    read_members,
    read_returns,
)
from .bank_files import (
    CAMT_053,
    XML,
    booking,
    camt,
    charge,
    detail,
    gzipped,
    rejected,
    status,
    zipped,
)

ONE = camt(booking("49.90", detail("E-1", "49.90")))
TWO = camt(booking("49.90", detail("E-2", "49.90"), reference="R-2"), CAMT_053)


class TestReturnsForms(BaseCase):
    """What stands around and between the documents (debits 7)."""

    def _numbers(self, content):
        content = content.encode() if isinstance(content, str) else content
        return [entry.end_to_end_id for entry in read_returns(content).entries]

    def _only(self, content):
        (entry,) = read_returns(content.encode()).entries
        return entry

    def test_around_the_document(self):
        """Debits 7: marks, blank lines, Ctrl-Z and zeros around it are passed over."""
        for before in ("", "\n\n", "\ufeff", "\r\n \ufeff\n", "\0"):
            for behind in ("", "\n\n", "\x1a", "\0\0\0", "\r\n\x1a\r\n"):
                with self.subTest(before=before, behind=behind):
                    self.assertEqual(self._numbers(before + ONE + behind), ["E-1"])

    def test_several_documents(self):
        """Debits 7: documents that follow each other are all read, with declarations
        or without; their returns keep the names of their messages."""
        bare = TWO.removeprefix(XML)
        for content in (
            ONE + TWO,
            ONE + "\n\n" + TWO,
            ONE + bare,
            ONE + "\x1a\r\n\ufeff" + TWO,
            ONE.removeprefix(XML) + bare,
        ):
            with self.subTest(content[-700:-600]):
                self.assertEqual(self._numbers(content), ["E-1", "E-2"])
                kinds = [entry.kind for entry in read_returns(content.encode()).entries]
                self.assertEqual(kinds, ["camt.054", "camt.053"])

    def test_one_damaged_document_of_several(self):
        """Debits 7: a document that is cut off or unknown stops no other; it is
        listed. Alone it is refused."""
        cut = TWO[:-40]
        entries = read_returns((cut + ONE).encode()).entries
        self.assertEqual(
            [(entry.end_to_end_id, entry.doubt) for entry in entries],
            [("E-1", ""), ("", "broken_part")],
        )
        other = TWO.replace("BkToCstmrStmt", "BkToCstmrAcctRpt")
        __, entry = read_returns((ONE + other).encode()).entries
        self.assertEqual(
            (entry.doubt, entry.doubt_value), ("unknown_part", "BkToCstmrAcctRpt")
        )
        for content, code in ((cut, "not_xml"), (other, "unknown_format")):
            with self.assertRaises(UnreadableFile) as caught:
                read_returns(content.encode())
            self.assertEqual(caught.exception.code, code)

    def test_envelopes(self):
        """Debits 7: whatever wraps the document, with its header or without."""
        bare = ONE.removeprefix(XML)
        soap = 'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
        for envelope in (
            "<BizMsgEnvlp><Hdr><AppHdr><Id>X</Id></AppHdr></Hdr>{}</BizMsgEnvlp>",
            "<AppHdr><Fr/></AppHdr>{}",
            f"<s:Envelope {soap}><s:Body><a><b>{{}}</b></a></s:Body></s:Envelope>",
            "<Envelope>" + XML + "{}</Envelope>",
            "<DocumentSet><Document/>{}<Document/></DocumentSet>",
            '<conxml xmlns="urn:conxml:xsd:container"><Msg>{}</Msg></conxml>',
        ):
            with self.subTest(envelope[:30]):
                self.assertEqual(self._numbers(XML + envelope.format(bare)), ["E-1"])
        as_text = f"<Envelope><Payload><![CDATA[{ONE}]]></Payload></Envelope>"
        self.assertEqual(self._numbers(as_text), ["E-1"])
        escaped = bare.replace("&", "&amp;").replace("<", "&lt;")
        self.assertEqual(self._numbers(f"<Envelope>{escaped}</Envelope>"), ["E-1"])

    def test_namespaces_and_versions(self):
        """Debits 7: prefixes, none, first and future versions."""
        space = 'xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"'
        prefixed = (
            ONE.removeprefix(XML)
            .replace("</", "</n:")
            .replace("<", "<n:")
            .replace("<n:/n:", "</n:")
            .replace("xmlns=", "xmlns:n=")
        )
        first = "BkToCstmrDbtCdtNtfctnV01"
        for content in (
            prefixed,
            ONE.replace(space, ""),
            ONE.replace("001.08", "001.99"),
            ONE.replace("BkToCstmrDbtCdtNtfctn", first),
        ):
            with self.subTest(content[:90]):
                self.assertEqual(self._numbers(content), ["E-1"])

    def test_encodings(self):
        """Debits 7: the encoding is what it is, not what is declared."""
        text = camt(
            booking("49.90", detail("E-1", "49.90", text="Jürg Müller, Zürich"))
        )
        for declared in ("UTF-8", "ISO-8859-1", "windows-1252", "x-none", "UTF-16"):
            for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be"):
                with self.subTest(declared=declared, encoding=encoding):
                    content = text.replace('"UTF-8"', f'"{declared}"').encode(encoding)
                    (entry,) = read_returns(content).entries
                    self.assertIn("Jürg Müller, Zürich", entry.text)

    def test_forbidden_characters(self):
        """Debits 7: control characters, lone surrogates and numbers of none are left
        out; what else is said is read."""
        for odd in ("\x01", "\0", "&#0;", "&#x1F;", "&#xD800;", "&#xFFFE;", "\ufffe"):
            with self.subTest(odd):
                number = detail("E-1", "49.90", text=f"Paul{odd}Kent")
                content = camt(booking("49.90", number))
                entry = self._only(content)
                self.assertEqual(
                    (entry.end_to_end_id, entry.text), ("E-1", "Paul Kent")
                )
        lone = camt(booking("49.90", detail("E-1", "49.90", text="Zoë # Kent")))
        content = lone.encode().replace(b"#", b"\xed\xa0\x80")
        (entry,) = read_returns(content).entries
        self.assertTrue(entry.text.startswith("Zoë "))
        entry.text.encode()

    # === AMOUNTS === #

    def _readings(self, *bookings):
        entries = read_returns(camt("".join(bookings)).encode()).entries
        return [(entry.amount, entry.charges) for entry in entries]

    def test_charges(self):
        """Debits 7: the debit's own amount and the bank's charge are told apart by
        what adds up, whatever is said of them."""
        own, both, fee = Decimal("49.90"), Decimal("52.90"), Decimal(3)
        for name, amount, part, extra, of_booking in (
            ("apart, not said", both, own, "", ""),
            ("apart, said", both, own, charge("3.00"), ""),
            ("apart, said of the booking", both, own, "", charge("3.00")),
            ("flag of the booking", both, own, charge("3.00", "true"), ""),
            ("flag with blanks", both, own, charge("3.00", " true "), ""),
            ("flag above", both, own, "", charge("3.00", "1")),
            ("in the detail", both, both, charge("3.00", "1"), ""),
            ("in the detail, in words", both, both, charge("3.00", "true"), ""),
            ("in the booking alone", both, None, "", charge("3.00", "true")),
            ("beside", own, own, charge("3.00", "false"), ""),
            ("beside, a digit", own, own, charge("3.00", "0"), ""),
        ):
            with self.subTest(name):
                found = self._readings(
                    booking(amount, detail("E-1", part, extra=extra), extra=of_booking)
                )
                self.assertEqual(found, [(own, fee)])

    def test_charges_of_several(self):
        """Debits 7: with several returns the sum tells whether charges are in the
        details or added to the booking."""
        first = detail("E-1", "10.00", extra=charge("3.00", "true"))
        second = detail("E-2", "20.00")
        self.assertEqual(
            self._readings(booking("33.00", first, second)), [(10, 3), (20, 0)]
        )
        self.assertEqual(
            self._readings(booking("30.00", first, second)), [(7, 3), (20, 0)]
        )

    def test_other_records_of_charges(self):
        """Debits 7: several records add up, credits do not; one that is no number
        stops nothing; totals serve where no record stands."""
        for extra, charges in (
            (charge("3.00") + charge("1.50"), Decimal("4.50")),
            (charge("3.00") + charge("1.50", direction="CRDT"), 3),
            (charge("NaN"), 0),
            ('<Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">2.00</TtlChrgsAndTaxAmt></Chrgs>', 2),
        ):
            with self.subTest(extra):
                found = self._readings(
                    booking("49.90", detail("E-1", "49.90", extra=extra))
                )
                self.assertEqual(found, [(Decimal("49.90"), charges)])

    def test_every_reading_is_offered(self):
        """Debits 7: where nothing adds up, all amounts that may be meant are offered."""
        content = camt(
            booking("60.00", detail("E-1", "55.00", extra=charge("3.00", "true")))
        )
        readings = dict(self._only(content).readings)
        self.assertLessEqual({52, 55, 57, 60}, readings.keys())
        self.assertEqual(self._only(content).amount, 52)

    # === ARCHIVES === #

    def test_doctests(self):
        """Debits 7: the examples of the pieces hold."""
        for module in (_archive, _signs):
            self.assertFalse(doctest.testmod(module).failed)

    def _members(self, content):
        return {
            name: unpacked.code if isinstance(unpacked, UnreadableFile) else unpacked
            for name, unpacked in read_members(content)
        }

    def test_archives(self):
        """Debits 7: all XML files of a ZIP, in folders, too; lists, PDF statements and
        what the Mac adds are passed over."""
        content = zipped(
            {
                "a.xml": ONE,
                "2026/03/b.XML": TWO,
                "c54_without_end": ONE,
                "statement.pdf": "%PDF-1.4",
                "readme.txt": "See the bank.",
                "__MACOSX/._a.xml": b"\0\5\26\7",
                ".DS_Store": b"\0",
            }
        )
        self.assertEqual(
            list(self._members(content)), ["a.xml", "2026/03/b.XML", "c54_without_end"]
        )
        self.assertEqual(self._members(ONE.encode()), {"": ONE.encode()})
        self.assertEqual(self._members(gzipped(ONE)), {"": ONE.encode()})
        self.assertEqual(
            self._members(gzipped(ONE) + gzipped("\n")), {"": f"{ONE}\n".encode()}
        )

    def test_archives_in_archives(self):
        """Debits 7: one archive in another is read, a third is told."""
        inner = zipped({"a.xml": ONE})
        twice = zipped({"b.zip": inner, "c.xml.gz": gzipped(TWO)})
        self.assertEqual(
            self._members(twice),
            {"b.zip/a.xml": ONE.encode(), "c.xml.gz": TWO.encode()},
        )
        self.assertEqual(
            self._members(zipped({"d.zip": twice, "e.xml": ONE})),
            {
                "d.zip/b.zip": "archive_nested",
                "d.zip/c.xml.gz": "archive_nested",
                "e.xml": ONE.encode(),
            },
        )

    def test_bad_archives(self):
        """Debits 7: an archive, or a member, that cannot be unpacked is told."""
        content = zipped({"a.xml": ONE, "b.xml": TWO})
        self.assertEqual(self._members(content[:200]), {"": "archive_damaged"})
        self.assertEqual(self._members(zipped({})), {"": "archive_empty"})
        self.assertEqual(
            self._members(zipped({"a.pdf": "%PDF"})), {"": "archive_empty"}
        )
        sheet = zipped({"[Content_Types].xml": "<Types/>", "xl/a.xml": "<x/>"})
        self.assertEqual(self._members(sheet), {"": "archive_empty"})
        self.assertEqual(self._members(gzipped(ONE)[:-20]), {"": "archive_damaged"})
        self.assertEqual(self._members(b"7z\xbc\xaf\x27\x1c"), {"": "archive_unknown"})
        # the flag of a password in the list and before the member
        locked = content.replace(
            b"PK\1\2\x14\3\x14\0\0\0", b"PK\1\2\x14\3\x14\0\1\0", 1
        )
        self.assertEqual(
            self._members(locked), {"a.xml": "archive_password", "b.xml": TWO.encode()}
        )
        start = content.index(b"b.xml") + 20
        broken = content[:start] + b"\xff" * 8 + content[start + 8 :]
        self.assertEqual(
            self._members(broken), {"a.xml": ONE.encode(), "b.xml": "archive_damaged"}
        )

    def test_archives_that_blow_up(self):
        """Debits 7: sizes count as they are unpacked: of one file, of all, and their
        number; the rest is not even unpacked."""
        large = zipped({"a.xml": b" " * 1000, "b.xml": ONE})
        self.assertEqual(
            list(dict(read_members(large, max_size=999)).keys()), ["a.xml", "b.xml"]
        )
        found = dict(read_members(large, max_size=999))
        self.assertEqual(found["a.xml"].code, "too_large")
        bomb = gzipped(b" " * 100_000)
        ((__, error),) = read_members(bomb, max_size=999)
        self.assertEqual(error.code, "too_large")
        many = zipped({f"{number}.xml": "<a/>" for number in range(1002)})
        self.assertEqual(list(self._members(many).values())[-1], "archive_too_many")
        size = 20 * 1024 * 1024
        bombs = zipped({f"{number}.xml": b" " * size for number in range(8)})
        found = list(self._members(bombs).values())
        self.assertEqual(found[-1], "archive_too_large")
        self.assertEqual(len(found), 7)


class TestReturnsSigns(BaseCase):
    """What is a return, what may be one, and what is none (debits 7)."""

    def _signs(self, *details, **values):
        file = read_returns(camt(booking("49.90", *details, **values)).encode())
        return [entry.doubt for entry in file.entries]

    def _bare(self, **values):
        return self._signs(detail("E-1", "49.90", code=None), **values)

    def test_sure_signs(self):
        """Debits 7: booking codes, a reason, the German code, a reversed debit."""
        for values in (
            *({"code": ("IDDT", kind)} for kind in ("UPDD", "PRDD", "RJCT", "RRTN")),
            {"code": ("RDDT", "UPDD")},
            {"code": None, "own": ("NRTI+109+00931+901", "DK")},
            {"code": None, "own": ("NDDT+108+00931", "DK")},
            {"code": None, "own": ("109", "ZKA")},
            {"code": ("IDDT", "ESDD"), "reversal": "<RvslInd>true</RvslInd>"},
            {"code": ("IDDT", "OTHR"), "reversal": "<RvslInd> 1 </RvslInd>"},
        ):
            with self.subTest(values):
                self.assertEqual(self._bare(**values), [""])
        with_reason = self._signs(detail("E-1", "49.90", code="AM04"), code=None)
        self.assertEqual(with_reason, [""])
        without_code = self._signs(
            detail("E-1", "49.90", code=None, extra="<RtrInf/>"), code=None
        )
        self.assertEqual(without_code, [""])

    def test_unsure_signs(self):
        """Debits 7: what may be a return is listed with the reason of the doubt."""
        for doubt, values in (
            ("by_code", {"code": ("IDDT", "ESDD")}),
            ("by_code", {"code": None, "own": ("193", "DK")}),
            ("by_code", {"code": None, "own": ("NRTI+999+1", "DK")}),
            ("by_reversal", {"code": None, "reversal": "<RvslInd>true</RvslInd>"}),
        ):
            with self.subTest(values):
                self.assertEqual(self._bare(**values), [doubt])
        for text in (
            *("Rücklastschrift", "RUECKLASTSCHRIFT", "Retoure", "nicht eingelöst"),
            *("rejected direct debit", "Prélèvement impayé", "REJET", "Insoluto"),
            *(
                "Devolución de recibo",
                "Stornering incasso",
                "Unpaid item",
                "Chargeback",
            ),
        ):
            for place in ("AddtlNtryInf", "AddtlTxInf"):
                said = f"<{place}>{text}</{place}>"
                with self.subTest(text, place=place):
                    is_above = place == "AddtlNtryInf"
                    found = self._signs(
                        detail("E-1", "49.90", None, extra="" if is_above else said),
                        code=("OTHR", "OTHR"),
                        behind=said if is_above else "",
                    )
                    self.assertEqual(found, ["by_text"])

    def test_other_bookings(self):
        """Debits 7: payments, supplier's debits, fees, cards and our own collections
        are none, whatever their payers wrote."""
        text = "<AddtlNtryInf>Retoure</AddtlNtryInf>"
        reversal = "<RvslInd>true</RvslInd>"
        for values in (
            {"code": ("RDDT", "ESDD")},
            {"code": ("ICDT", "ESCT"), "behind": text},
            {"code": ("RCDT", "RRTN"), "reversal": reversal},
            {"code": ("CCRD", "POSD"), "behind": text},
            {"code": ("IDDT", "CHRG"), "behind": text},
            {"code": ("IDDT", "ESDD"), "direction": "CRDT"},
            {"code": None, "own": ("NTRF+116+1", "DK")},
            {"code": None},
        ):
            with self.subTest(values):
                self.assertEqual(self._bare(**values), [])
        self.assertEqual(
            self._signs(
                detail("E-1", "49.90", None, text="Retoure Ware 17"),
                code=("RDDT", "ESDD"),
            ),
            [],
        )

    def test_candidates(self):
        """Debits 7: what has no sign is a candidate: it counts if a number of ours
        stands in it. So is money that comes back."""
        content = booking("49.90", detail("E-1", "49.90", None), code=None)
        content += booking(
            "49.90",
            detail("E-2", "49.90", None),
            direction="CRDT",
            reversal="<RvslInd>true</RvslInd>",
        )
        content += booking("49.90", detail("E-3", "49.90"), direction="CRDT", code=None)
        content += booking("49.90", detail("E-4", "49.90", None), direction="CRDT")
        file = read_returns(camt(content).encode())
        self.assertFalse(file.entries)
        self.assertEqual(
            [(entry.end_to_end_id, entry.doubt) for entry in file.candidates],
            [
                *(("E-1", "by_number"), ("E-2", "money_back")),
                *(("E-3", "money_back"), ("E-4", "money_back")),
            ],
        )

    # === STATUS === #

    def _statuses(self, *args, **values):
        entries = read_returns(status(*args, **values).encode()).entries
        return [
            (entry.whole, entry.end_to_end_id, entry.code, entry.doubt)
            for entry in entries
        ]

    def _block(self, body, said=""):
        return (
            "<OrgnlPmtInfAndSts><OrgnlPmtInfId>B-RCUR</OrgnlPmtInfId>"
            f"{said}{body}</OrgnlPmtInfAndSts>"
        )

    def test_places_of_a_status(self):
        """Debits 7: in a block, outside of any, of the file only, with blanks."""
        one = ("", "E-1", "AC04", "")
        self.assertEqual(self._statuses(self._block(rejected("E-1"))), [one])
        self.assertEqual(self._statuses(rejected("E-1")), [one])
        old = status(rejected("E-1"), message="pain.002.001.02")
        self.assertEqual(read_returns(old.encode()).entries[0].end_to_end_id, "E-1")
        self.assertEqual(self._statuses(rejected("E-1", " rjct ")), [one])
        rejection = "<StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf>"
        whole = self._statuses("", group=f"<GrpSts>RJCT</GrpSts>{rejection}")
        self.assertEqual(whole, [("file", "", "FF01", "")])
        behind = self._statuses(self._block("<PmtInfSts>RJCT</PmtInfSts>"))
        self.assertEqual(behind, [("payment", "", "", "")])

    def test_unclear_status(self):
        """Debits 7: a reason without a status, or an unknown status, is listed."""
        unclear = [("", "E-1", "AC04", "no_status")]
        self.assertEqual(self._statuses(rejected("E-1", "")), unclear)
        self.assertEqual(self._statuses(self._block(rejected("E-1", "CANC"))), unclear)
        reason = "<StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf>"
        self.assertEqual(
            self._statuses("", group=reason), [("file", "", "FF01", "no_status")]
        )
        self.assertEqual(
            self._statuses(self._block(reason)), [("payment", "", "FF01", "no_status")]
        )

    def test_accepted(self):
        """Debits 7: what the bank accepts is nothing to work on, with a reason, too."""
        for accepted in ("ACCP", "ACSC", "ACWC", "PDNG", "0000"):
            with self.subTest(accepted):
                body = rejected("E-1", accepted) + rejected("E-2", "", None)
                self.assertEqual(self._statuses(self._block(body)), [])

    def test_day_of_a_rejection(self):
        """Debits 7: it came back on the day that the bank's clock shows."""
        (entry,) = read_returns(status(rejected("E-1")).encode()).entries
        self.assertEqual(str(entry.booking_date), "2026-03-05")

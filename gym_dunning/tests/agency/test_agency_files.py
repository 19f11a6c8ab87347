"""What leaves the house for an agency: the files, read back."""

import csv
import doctest
import io
from collections import Counter
from datetime import timedelta
from decimal import Decimal

from lxml import etree
from openpyxl import load_workbook

from odoo.fields import Command
from odoo.tools.misc import file_path

from ...reports.agency import handover_xml
from ...reports.agency.gym_agency_list import COLUMNS
from ..base.common import TODAY
from .common_agency import HANDED_OVER, AgencyCommon

AMOUNTS = ("534.96", "1148.14")  # as floats their sum is 1683.1000000000001
FORMULAS = ("=1+1", "+cmd()", "-2", "@sum", "\tx")


class TestAgencyFiles(AgencyCommon):
    """Files are read back as the agency's program reads them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_member("Kent Paul", member_number="P-1", phone="+41 1")
        cls.invoices = [
            cls._create_invoice(cls.paul, days=40, amount=float(amount))
            for amount in AMOUNTS
        ]

    # === READING BACK === #

    def _file(self, handover):
        return handover._last_file().raw

    def _read_csv(self, handover, delimiter=";"):
        text = self._file(handover).decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        self.assertEqual(reader.fieldnames, COLUMNS)
        return list(reader)

    def _read_xlsx(self, handover):
        sheet, totals = load_workbook(io.BytesIO(self._file(handover))).worksheets
        header, *rows = sheet.iter_rows(values_only=True)
        self.assertEqual(list(header), COLUMNS)
        self.assertEqual(sheet.freeze_panes, "A2")
        rows = [dict(zip(header, row, strict=True)) for row in rows]
        return rows, dict(totals.iter_rows(values_only=True))

    def _read_xml(self, handover):
        schema = etree.XMLSchema(
            etree.parse(file_path("gym_dunning/static/xsd/gym_agency_handover.xsd"))
        )
        root = etree.fromstring(self._file(handover))
        schema.assertValid(root)
        return root

    def _sums(self, rows):
        sums = Counter()
        for row in rows:
            sums[row["currency"]] += Decimal(str(row["open_amount"]))
        return sums

    def _owe_in(self, code, amount):
        currency = self.setup_other_currency(code, rates=[("2020-01-01", 2.0)])
        self._create_invoice(self.paul, amount=amount, currency_id=currency.id)

    # === COLUMNS === #

    def test_csv_is_read_back(self):
        """M-14, standards 5: every claim is a row; the sum is exact to the cent."""
        handover = self._hand_over(self.paul)
        content = self._file(handover)
        self.assertTrue(content.startswith(b"\xef\xbb\xbf"))
        self.assertEqual(content.count(b"\r\n"), 3)
        rows = self._read_csv(handover)
        self.assertEqual([row["open_amount"] for row in rows], list(AMOUNTS))
        self.assertEqual(sum(self._sums(rows).values()), Decimal("1683.10"))
        self.assertEqual(handover.amount_total, 1683.10)

    def test_row_says_who_owes_what(self):
        """M-14, standards 5: the hand-over, the creditor, the debtor, the claim."""
        self.company.write({"email": "gym@example.com", "phone": "044"})
        handover = self._hand_over(self.paul)
        row = self._read_csv(handover)[0]
        day = TODAY - timedelta(days=40)
        expected = {
            "format_version": "1",
            "run_number": handover.name,
            "handover_date": HANDED_OVER.isoformat(),
            "creditor_company": self.company.name,
            "creditor_contact": "gym@example.com, 044",
            "line_number": f"{handover.name}-0001",
            "member_number": "P-1",
            "last_name": "Kent Paul",
            "first_name": "",
            "birth_date": "1990-01-01",
            "is_minor": "0",
            "phone": "'+41 1",
            "claim_description": "Membership",
            "invoice_number": self.invoices[0].name,
            "due_date": day.isoformat(),
            "default_since": (day + timedelta(days=1)).isoformat(),
            "interest_amount": "",
            "disputed": "0",
        }
        self.assertEqual({key: row[key] for key in expected}, expected)
        self.assertIn("Gym Street 1, 8000 Town", row["creditor_address"])

    def test_only_these_fields_leave(self):
        """M-14: only the columns leave the house, whatever else is known."""
        self.paul.write({"comment": "SECRET", "website": "SECRET", "vat": "SECRET"})
        handovers = {}
        for file_format in ("csv", "xml"):
            self.agency.file_format = file_format
            handovers[file_format] = handover = self._hand_over(self.paul)
            self.assertNotIn(b"SECRET", self._file(handover))
            handover.action_withdraw()
        self._read_csv(handovers["csv"])
        for claim in self._read_xml(handovers["xml"]).iter("claim"):
            self.assertEqual([child.tag for child in claim], COLUMNS)

    def test_opening_entry_names_its_member_only(self):
        """M-14, standards 5: an entry with the balances of many says of each claim
        only what is its own."""
        mike, nora = (self._create_member(name) for name in ("Mike", "Nora"))
        due = TODAY - timedelta(days=40)
        lines = [
            {
                "name": f"Balance of {member.name}",
                "partner_id": member.id,
                "account_id": member.property_account_receivable_id.id,
                "date_maturity": due,
                "debit": 50.0,
            }
            for member in (mike, nora)
        ]
        lines.append(
            {
                "account_id": self.company_data["default_account_revenue"].id,
                "credit": 100.0,
            }
        )
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": due,
                "line_ids": [Command.create(vals) for vals in lines],
            }
        )
        entry.action_post()
        entry.line_ids.filtered("partner_id").no_followup = False
        handover = self._hand_over(mike)
        [row] = self._read_csv(handover)
        self.assertEqual(row["claim_description"], "Balance of Mike")
        self.assertNotIn(b"Nora", self._file(handover))

    def test_amounts_are_those_handed_over(self):
        """M-14: what is paid after the hand-over changes nothing in its file."""
        handover = self._hand_over(self.paul)
        self._pay(self.invoices[0])
        rows = handover._file_rows()
        self.assertEqual(rows[0]["open_amount"], Decimal(AMOUNTS[0]))

    def test_part_payment_and_credit(self):
        """M-14: what was paid is told; a credit is a row that lowers the sum."""
        self._pay(self.invoices[0], amount=34.96)
        self._create_invoice(self.paul, amount=83.10, move_type="out_refund")
        rows = self._read_csv(self._hand_over(self.paul))
        amounts = [
            (row["original_amount"], row["paid_amount"], row["open_amount"])
            for row in rows
        ]
        self.assertIn(("534.96", "34.96", "500.00"), amounts)
        self.assertIn(("-83.10", "0.00", "-83.10"), amounts)
        credit = next(row for row in rows if row["open_amount"] == "-83.10")
        self.assertEqual(credit["default_since"], "")
        self.assertEqual(sum(self._sums(rows).values()), Decimal("1565.04"))

    def test_fee_is_part_of_the_claim(self):
        """M-14, AMB-14: fees stand apart, and the sum counts them once."""
        __, day = self._run_levels(3)
        rows = self._read_csv(self._hand_over(date=day + timedelta(days=30)))
        fees = [row for row in rows if row["fee_amount"] != "0.00"]
        self.assertEqual([row["fee_amount"] for row in fees], ["20.00"])
        self.assertEqual([row["open_amount"] for row in fees], ["20.00"])
        self.assertEqual(sum(self._sums(rows).values()), Decimal("1703.10"))
        invoice = next(r for r in rows if r["invoice_number"] == self.invoices[0].name)
        self.assertEqual(invoice["reminder1_date"], TODAY.isoformat())
        self.assertEqual(invoice["reminder3_date"], day.isoformat())

    def test_minor_has_guardians(self):
        """AMB-28: the agency learns who answers for a minor, and where to write."""
        mother = self._create_member("Mother", street="Other Road 2")
        father = self._create_member("Father", street="Other Road 2")
        self.paul.write(
            {
                "birthdate_date": "2015-01-01",
                "guardian_ids": [Command.set((mother | father).ids)],
            }
        )
        row = self._read_csv(self._hand_over(self.paul))[0]
        self.assertEqual(row["is_minor"], "1")
        self.assertEqual(set(row["guardian_name"].split(", ")), {"Mother", "Father"})
        self.assertEqual(row["guardian_address"], "Other Road 2, 8000 Town")

    def test_contract_is_named(self):
        """M-14: the contract of the invoice; of two that may be meant, none."""
        self._create_contract("2025-01-01")
        row = self._read_csv(self._hand_over(self.paul))[0]
        self.assertTrue(row["contract_number"])
        self.assertEqual(row["contract_date"], "2025-01-01")
        second = self._create_contract("2025-06-01")
        handover = self.env["gym.agency.handover"].search([], limit=1)
        self.assertIsNone(handover._file_rows()[0]["contract_number"])
        second.sudo().subscription_ids.period_ids.move_id = self.invoices[0]
        rows = handover._file_rows()
        self.assertEqual(rows[0]["contract_number"], second.name)
        self.assertIsNone(rows[1]["contract_number"])

    def _create_contract(self, start):
        product = self.env["product.product"].create(
            {"name": "Membership", "type": "service", "gym_term_months": 12}
        )
        return self.env["gym.contract"].create(
            {
                "partner_id": self.paul.id,
                "company_id": self.company.id,
                "date_start": start,
                "state": "active",
                "subscription_ids": [Command.create({"product_id": product.id})],
            }
        )

    def test_few_queries(self):
        """M-14: a file of many members asks the database no more often."""

        def count(number):
            members = self.env["res.partner"]
            for index in range(number):
                members |= self._create_member(f"Many {number} {index}")
                self._create_invoice(members[-1])
            handover = self._hand_over(members)
            return self._count_queries(handover._file_rows)

        few, many = count(2), count(12)
        self.assertLessEqual(many, few + 2)

    # === FORMATS === #

    def test_no_format_runs_a_formula(self):
        """M-14: names like formulas do no harm, and are names again in XML."""
        members = self.env["res.partner"]
        for name in FORMULAS:
            members |= self._create_member(name, email=False)
            self._create_invoice(members[-1])
        handover = self._hand_over(members)
        names = {row["last_name"] for row in self._read_csv(handover)}
        safe = {f"'{member.name}" for member in members}
        self.assertEqual(names, safe)
        self.agency.file_format = "xlsx"
        handover._make_file()
        book = load_workbook(io.BytesIO(self._file(handover)))
        cells = [cell for sheet in book for row in sheet for cell in row]
        self.assertFalse([cell for cell in cells if cell.data_type == "f"])
        self.assertEqual(
            {row["last_name"] for row in self._read_xlsx(handover)[0]}, safe
        )
        self.agency.file_format = "xml"
        handover._make_file()
        written = {one.text for one in self._read_xml(handover).iter("last_name")}
        self.assertEqual(written, set(members.mapped("name")))

    def test_csv_as_the_agency_reads_it(self):
        """Standards 5: the agency may want commas, as separator and in numbers."""
        self.agency.write({"csv_separator": "comma", "csv_decimal": "comma"})
        rows = self._read_csv(self._hand_over(self.paul), delimiter=",")
        self.assertEqual([r["open_amount"] for r in rows], ["534,96", "1148,14"])

    def test_xlsx_is_read_back(self):
        """M-14, standards 5: numbers and dates to calculate with, totals apart."""
        self.agency.file_format = "xlsx"
        rows, totals = self._read_xlsx(self._hand_over(self.paul))
        self.assertEqual([row["open_amount"] for row in rows], [534.96, 1148.14])
        self.assertEqual(rows[0]["handover_date"].date(), HANDED_OVER)
        self.assertEqual(totals, {self.company.currency_id.name: 1683.1})

    def test_currencies_are_exact(self):
        """Standards 5: each currency has its sum, written with its own decimals."""
        self._owe_in("JPY", 1200.0)
        self._owe_in("TND", 10.125)
        self.agency.file_format = "xml"
        root = self._read_xml(self._hand_over(self.paul))
        totals = {
            total.findtext("currency"): (
                total.findtext("count"),
                total.findtext("open_amount"),
            )
            for total in root.iter("total")
        }
        self.assertEqual(
            totals,
            {
                self.company.currency_id.name: ("2", "1683.10"),
                "JPY": ("1", "1200"),
                "TND": ("1", "10.125"),
            },
        )
        rows = [{e.tag: e.text for e in claim} for claim in root.iter("claim")]
        self.assertEqual(
            self._sums(rows),
            {code: Decimal(sum_) for code, (__, sum_) in totals.items()},
        )

    def test_xml_holds_what_no_xml_can(self):
        """M-14: a stray control character in a name does not stop a hand-over."""
        self.paul.name = "Kent\x0b Paul <&>"
        self.agency.file_format = "xml"
        root = self._read_xml(self._hand_over(self.paul))
        self.assertEqual(root.findtext(".//last_name"), "Kent Paul <&>")

    def test_examples_of_the_xml_writer(self):
        """M-14: the examples in the XML writer's documentation hold."""
        result = doctest.testmod(handover_xml)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    # === WHO IS IN IT === #

    def test_returned_members_are_not_in_a_file(self):
        """M-14: who was refused or taken back is not written again."""
        mike = self._create_member("Mike")
        self._create_invoice(mike)
        handover = self._hand_over(self.paul | mike)
        handover.line_ids.filtered(lambda one: one.partner_id == mike).action_withdraw()
        handover._make_file()
        self.assertEqual(
            {row["last_name"] for row in self._read_csv(handover)}, {"Kent Paul"}
        )

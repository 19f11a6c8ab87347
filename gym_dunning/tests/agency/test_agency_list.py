"""The list for the collection agency: who is on it, and the files."""

import csv
import doctest
import io
from datetime import date, datetime, timedelta
from decimal import Decimal

from lxml import html
from openpyxl import load_workbook

from odoo.exceptions import UserError
from odoo.fields import Domain

from ...reports.agency import gym_agency_list
from ...reports.base import tabular
from ..base.common import TODAY
from ..base.common_english import EnglishCommon

LAST_DAY = TODAY + timedelta(days=22)
AMOUNTS = (534.96, 1148.14)


class TestAgencyList(EnglishCommon):
    """ "Rapport rappel 3" and "Export Inkasso-Gesellschaft" after three levels."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_member("Kent Paul", member_number="P-1")
        cls.laura = cls._create_member(
            "=cmd()", member_number="L;1", birthdate_date=False
        )
        cls.invoices = [
            cls._create_invoice(cls.paul, days=40, amount=AMOUNTS[0]),
            cls._create_invoice(cls.paul, days=30, amount=AMOUNTS[1]),
            cls._create_invoice(cls.laura, days=20, amount=59.9),
        ]

    def _report(self, file_format="csv", **vals):
        return self.env["gym.agency.report"].create(
            {
                "company_id": self.company.id,
                "date": LAST_DAY,
                "file_format": file_format,
            }
            | vals
        )

    def _listed(self, **vals):
        return self._report(**vals)._listed()

    def _file(self, file_format):
        """Return the content that the user downloads."""
        action = self._report(file_format).action_export()
        attachment = int(action["url"].split("/")[3].split("?")[0])
        return self.env["ir.attachment"].browse(attachment).raw

    def _csv_rows(self):
        text = self._file("csv").decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))

    # === WHO IS ON IT === #

    def test_list_after_the_last_level(self):
        """E-07, E-26, AMB-13: nobody after two levels, all who passed the last."""
        runs, day = self._run_levels(2)
        with self.assertRaisesRegex(UserError, "Nobody"):
            self._report(date=day).action_export()
        runs |= self._generate(LAST_DAY)
        listed = self._listed()
        fees = runs.reminder_ids.fee_move_id
        self.assertEqual(listed.partner_id, self.paul | self.laura)
        self.assertEqual(
            set(listed.move_id.ids), {move.id for move in (*self.invoices, *fees)}
        )

    def test_paid_are_not_listed(self):
        """AMB-13: who paid meanwhile is not on the list, who paid a part is."""
        runs, __ = self._run_levels(3)
        self._pay(self.invoices[2])
        self._pay(
            runs.reminder_ids.fee_move_id.filtered(
                lambda fee: fee.partner_id == self.laura
            )
        )
        self._pay(self.invoices[0], amount=34.96)
        listed = self._listed()
        self.assertEqual(listed.partner_id, self.paul)
        part = listed.filtered(lambda item: item.move_id == self.invoices[0])
        self.assertEqual(part.amount_residual, 500.0)

    def test_held_items_are_not_listed(self):
        """AMB-13, AMB-26: disputed, promised and handed over items stay off it."""
        self._run_levels(3)
        for reason in ("dispute", "promise", "agency", "manual"):
            hold = (
                self.env["gym.dunning.hold"]
                .sudo()
                .create(
                    {
                        "move_line_id": self._item(self.invoices[0]).move_line_id.id,
                        "reason": reason,
                    }
                )
            )
            with self.subTest(reason=reason):
                self.assertNotIn(self.invoices[0], self._listed().move_id)
            hold.action_release()
        self.assertIn(self.invoices[0], self._listed().move_id)

    def test_clients_at_the_agency_are_not_listed(self):
        """AMB-13: who was handed over already is not handed over again."""
        self._run_levels(3)
        self.paul.client_status_id = self.env.ref(
            "gym_dunning.client_status_collection"
        )
        self.assertEqual(self._listed().partner_id, self.laura)

    def test_no_followup_is_not_listed(self):
        """AMB-13: what the accountant keeps from follow-up stays with the gym."""
        self._run_levels(3)
        self.invoices[0].no_followup = True
        self.assertNotIn(self.invoices[0], self._listed().move_id)

    def test_credits_are_deducted(self):
        """AMB-13, AMB-01: a credit lowers the claim; covered means not listed."""
        self._run_levels(3)
        self._create_invoice(self.paul, amount=83.10, move_type="out_refund")
        self._create_invoice(self.laura, amount=79.90, move_type="out_refund")
        listed = self._listed()
        self.assertEqual(listed.partner_id, self.paul)
        self.assertAlmostEqual(
            sum(listed.mapped("amount_residual")), sum(AMOUNTS) + 20 - 83.10
        )

    def test_younger_debts_are_not_claimed(self):
        """AMB-13: an invoice that was never reminded is not on the list."""
        self._run_levels(3)
        young = self._create_invoice(self.paul, days=1)
        self.assertNotIn(young, self._listed().move_id)

    def test_only_of_one_run(self):
        """AMB-13: on request only who reached the last level by one run."""
        runs, day = self._run_levels(3)
        mike = self._create_member("Mike")
        self._create_invoice(mike)
        later, __ = self._run_levels(3, day + timedelta(days=11))
        self.assertEqual(
            self._listed(date=day + timedelta(days=33)).partner_id,
            self.paul | self.laura | mike,
        )
        self.assertEqual(self._listed(run_id=later[2].id).partner_id, mike)
        self.assertEqual(
            self._listed(run_id=runs[2].id).partner_id, self.paul | self.laura
        )

    # === FILES === #

    def test_csv_is_exact(self):
        """E-54, E-56: BOM, CRLF, all quoted, and the columns in their order."""
        self._run_levels(3)
        content = self._file("csv")
        self.assertTrue(content.startswith(b"\xef\xbb\xbf"))
        lines = content.decode("utf-8-sig").split("\r\n")
        self.assertEqual(lines.pop(), "")
        header = ";".join(f'"{name}"' for name in gym_agency_list.COLUMNS)
        self.assertEqual(lines[0], header)
        for line in lines:
            self.assertNotIn("\n", line)
            self.assertTrue(line.startswith('"') and line.endswith('"'))

    def test_csv_row(self):
        """E-56: who owes what since when, with the days of the three reminders."""
        self._run_levels(3)
        invoice = self.invoices[0]
        row = next(r for r in self._csv_rows() if r["invoice_number"] == invoice.name)
        expected = {
            "creditor_company": self.company.name,
            "centre": self.company.name,
            "member_number": "P-1",
            "debtor_type": "P",
            "last_name": "Kent Paul",
            "birth_date": "1990-01-01",
            "street": "Long Road 1",
            "due_date": (TODAY - timedelta(days=40)).isoformat(),
            "invoice_date": (TODAY - timedelta(days=50)).isoformat(),
            "default_since": (TODAY - timedelta(days=39)).isoformat(),
            "claim_description": "Membership",
            "currency": invoice.currency_id.name,
            "original_amount": "534.96",
            "paid_amount": "0.00",
            "open_amount": "534.96",
            "fee_amount": "0.00",
            "disputed": "0",
            "reminder1_date": TODAY.isoformat(),
            "reminder2_date": (TODAY + timedelta(days=11)).isoformat(),
            "reminder3_date": LAST_DAY.isoformat(),
        }
        self.assertEqual({key: row[key] for key in expected}, expected)
        for key in ("run_number", "line_number", "handover_date", "interest_amount"):
            with self.subTest(key=key):
                self.assertEqual(row[key], "")

    def test_interest_since_the_last_claim(self):
        """E-56: what interest an item has cost up to the list's day and no letter has
        claimed; nothing on fees, and nothing where it was not agreed."""
        self.company.write(
            {"country_id": self.env.ref("base.ch").id, "dunning_interest_agreed": True}
        )
        self.policy.level_ids[1].charge_interest = True
        runs, __ = self._run_levels(2)
        self._generate(LAST_DAY)
        rows = {row["invoice_number"]: row for row in self._csv_rows()}
        claimed = runs[-1].date
        row = rows[self.invoices[1].name]
        self.assertEqual(row["interest_from"], (claimed + timedelta(1)).isoformat())
        self.assertEqual(
            (row["interest_amount"], row["interest_rate"]), ("1.73", "5.00")
        )
        fees = (runs[-1].reminder_ids.fee_move_id & self._listed().move_id).mapped(
            "name"
        )
        self.assertTrue(fees)
        self.assertEqual({rows[name]["interest_amount"] for name in fees}, {""})
        self.company.dunning_interest_agreed = False
        self.assertEqual({row["interest_amount"] for row in self._csv_rows()}, {""})

    def test_csv_runs_no_formula(self):
        """E-56: a name like a formula and a semicolon do no harm."""
        self._run_levels(3)
        rows = [r for r in self._csv_rows() if r["member_number"] == "L;1"]
        self.assertEqual({row["last_name"] for row in rows}, {"'=cmd()"})
        self.assertEqual({row["birth_date"] for row in rows}, {""})

    def test_sums_are_the_ledgers(self):
        """E-56: the file adds up to the ledger, to the cent."""
        self._run_levels(3)
        ledger = self.env["gym.open.item"].search(
            Domain("partner_id", "in", (self.paul | self.laura).ids)
        )
        total = sum(Decimal(f"{item.amount_residual:.2f}") for item in ledger)
        rows = self._csv_rows()
        self.assertEqual(sum(Decimal(row["open_amount"]) for row in rows), total)
        self.assertEqual(
            total,
            Decimal("534.96")
            + Decimal("1148.14")
            + Decimal("59.90")
            + 2 * Decimal("20.00"),
        )

    def test_xlsx_has_numbers_and_dates(self):
        """E-56: a sheet to calculate with: real numbers and dates, fixed header."""
        self._run_levels(3)
        book = load_workbook(io.BytesIO(self._file("xlsx")))
        sheet, totals = book.worksheets
        header, *rows = sheet.iter_rows(values_only=True)
        self.assertEqual((sheet.title, totals.title), ("Claims", "Totals"))
        self.assertEqual(sheet.freeze_panes, "A2")
        rows = [dict(zip(header, row, strict=True)) for row in rows]
        self.assertEqual(len(rows), 5)
        row = next(r for r in rows if r["Invoice Number"] == self.invoices[0].name)
        self.assertEqual(row["Open"], 534.96)
        self.assertEqual(row["Birth Date"], datetime(1990, 1, 1))
        self.assertEqual(row["Reminder 3"].date(), LAST_DAY)
        self.assertFalse(any(cell.data_type == "f" for line in sheet for cell in line))
        currency = self.company.currency_id.name
        self.assertEqual(list(totals.iter_rows(values_only=True)), [(currency, 1783.0)])

    def test_xlsx_has_headers_for_people(self):
        """L16: words instead of keys, in the user's language, and no empty column."""
        self._run_levels(3)
        book = load_workbook(io.BytesIO(self._file("xlsx")))
        header = [cell.value for cell in next(book.worksheets[0].iter_rows())]
        self.assertFalse(set(header) & set(gym_agency_list.COLUMNS))
        self.assertIn("Name", header)
        self.assertNotIn("First Name", header)  # nobody has one in Odoo alone
        self.assertNotIn("Company Name", header)
        titles = self.env["gym.agency.list"]._titles()
        left_out = {"format_version", "run_number", "handover_date", "line_number"}
        self.assertEqual(
            set(gym_agency_list.COLUMNS) - set(titles), left_out | {"disputed"}
        )
        self.assertEqual(len(titles), len(set(titles.values())))

    def test_file_is_named_by_centre_and_day(self):
        """E-55: the download says whose list it is and as of which day."""
        name = self._report()._file_name()
        self.assertIn(LAST_DAY.isoformat(), name)
        self.assertNotRegex(name, r"[/ ]")

    # === THE PRINTED LIST === #

    def _printed(self):
        report = self._report("pdf")
        action = report.action_export()
        self.assertEqual(action["report_name"], "gym_dunning.gym_agency_report")
        self.assertTrue(action["close_on_report_download"])
        content, __ = self.env["ir.actions.report"]._render_qweb_html(
            action["report_name"], report.ids
        )
        return html.fromstring(content)

    def test_printed_list_is_finished(self):
        """E-55, E-56: members with address, their debts, sums and the grand total."""
        self._run_levels(3)
        page = " ".join(self._printed().text_content().split())
        self.assertIn("2 debtors, 5 items", page)
        for text in ("Kent Paul", "no. P-1", "Long Road 1", "unknown"):
            self.assertIn(text, page)
        for amount in ("534.96", "1,148.14", "1,703.10", "79.90", "1,783.00"):
            self.assertIn(amount, page)
        for invoice in self.invoices:
            self.assertIn(invoice.name, page)

    def test_printed_list_is_grouped_by_centre(self):
        """E-55, E-30: with a holding each centre has its heading and members."""
        centre = self._create_company(name="Centre A", parent_id=self.company.id)
        self.env = self.env(
            context=dict(
                self.env.context, allowed_company_ids=(self.company | centre).ids
            )
        )
        self._create_invoice(self.laura, company=centre)
        self._run_levels(3)
        titles = [node.text_content().strip() for node in self._printed().iter("h4")]
        self.assertEqual(titles, [self.company.name, "Centre A"])

    def test_minor_is_named_with_guardian(self):
        """AMB-28, E-56: the list says who is a minor and who answers for them."""
        mother = self.env["res.partner"].create({"name": "Mother", "city": "Town"})
        self.paul.write(
            {"birthdate_date": date(2015, 1, 1), "guardian_ids": mother.ids}
        )
        self._run_levels(3)
        row = next(r for r in self._csv_rows() if r["member_number"] == "P-1")
        self.assertEqual((row["is_minor"], row["guardian_name"]), ("1", "Mother"))
        self.assertIn("Mother", self._printed().text_content())

    # === MENUS, DOCTESTS === #

    def test_both_menus_open_the_wizard(self):
        """E-54, E-55: from the invoices menu and from the documents menu."""
        action = self.env.ref("gym_dunning.gym_agency_report_action")
        self.assertEqual(action.res_model, "gym.agency.report")
        for name, parent in (
            ("gym_agency_report_menu_account", "account.menu_finance_receivables"),
            ("gym_agency_report_menu", "gym_dunning.gym_document_menu"),
        ):
            menu = self.env.ref(f"gym_dunning.{name}")
            self.assertEqual(menu.action, action)
            self.assertEqual(menu.parent_id, self.env.ref(parent))

    def test_examples_of_the_writer(self):
        """E-56: the examples in the file writer's documentation hold."""
        result = doctest.testmod(tabular)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

"""Issue 19, point 6: the ageing and the month ends on paper."""

from datetime import date

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from ...wizards.ledger import gym_receivable_ask
from ..base.common import TODAY
from ..base.common_centres import CentresCommon
from ..base.common_pdf import PdfCommon
from .test_ageing import DAY, ITEMS


class PrintCommon(CentresCommon):
    """Paul owes centre A 100.00 and Laura centre B 59.00; clerks of each centre."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_debtors()
        cls._create_clerks()

    def _ask(self, env, **vals):
        return env["gym.receivable.ask"].create({"date": TODAY} | vals)

    def _printed(self, ask, report="action_report_receivable_ageing"):
        """Return what is printed of the dialog, as HTML."""
        reports = ask.env["ir.actions.report"]
        content, __ = reports._render_qweb_html(f"gym_dunning.{report}", ask.ids)
        return html.fromstring(content)

    def _lines(self, page):
        """Return the cells of each row in the tables' bodies, without spaces."""
        return [
            [" ".join(cell.text_content().split()) for cell in row.iter("td")]
            for row in page.iter("tr")
            if row.find("td") is not None
        ]

    def _money(self, amount):
        return " ".join(self.company.currency_id.format(amount).split())


@tagged("post_install", "-at_install")
class TestAgeingPrint(PrintCommon):
    def test_sums(self):
        """19.6: each debtor, each centre and all of them, as the ageing has it."""
        env = self._as(self.holding_clerk)
        lines = self._lines(self._printed(self._ask(env)))
        ends = [(line[0], line[-1]) for line in lines]
        self.assertEqual(
            ends,
            [
                ("Kent Paul", self._money(100)),
                ("Total", self._money(100)),
                ("Kent Laura", self._money(59)),
                ("Total", self._money(59)),
                ("All Centres", self._money(159)),
            ],
        )
        ageing = env["gym.receivable.ageing"].with_context(date=str(TODAY))
        [[amount]] = ageing._read_group([], [], ["amount:sum"])
        self.assertEqual(self._money(amount), ends[-1][1])

    def test_centres_only(self):
        """19.6: without debtors a row for each centre, and one total."""
        ask = self._ask(self._as(self.holding_clerk), is_by_member=False)
        lines = self._lines(self._printed(ask))
        self.assertEqual(
            [(line[0], line[-1]) for line in lines],
            [
                (self.centre_a.name, self._money(100)),
                (self.centre_b.name, self._money(59)),
                ("Total", self._money(159)),
            ],
        )

    def test_past_day(self):
        """19.6: the columns are those of the example of 31 March, and what was paid
        later is open."""
        member = self._create_member("Kent Mike")
        for amount, due in ITEMS:
            self._create_invoice(
                member,
                amount=amount,
                company=self.centre_a,
                invoice_date=date(2025, 12, 1),
                invoice_date_due=due,
            )
        ask = self._ask(self._as(self.clerk_a), date=DAY)
        found = {line[0]: line[1:] for line in self._lines(self._printed(ask))}
        wanted = [self._money(amount) for amount in (30, 70, 110, 150, 90)]
        self.assertEqual(found["Kent Mike"], [*wanted, "", self._money(450)])

    def test_own_centre_only(self):
        """Rights: a clerk prints his centre's; another's rows are refused."""
        ask = self._ask(self._as(self.clerk_a))
        self.assertNotIn("Kent Laura", self._printed(ask).text_content())
        others = self.env["gym.receivable.ageing"].search(
            [("company_id", "=", self.centre_b.id)]
        )
        self.assertTrue(others)
        with self.assertRaises(AccessError):
            others.with_env(self._as(self.clerk_a)).action_print()
        forged = self._ask(self._as(self.clerk_a), printed_ids=others.ids)
        self.assertNotIn("Kent Laura", self._printed(forged).text_content())
        with self.assertRaises(AccessError):
            self._printed(ask.with_env(self._as(self.clerk_b)))

    def test_selected_rows(self):
        """19.6: of a list the chosen rows are printed, of the day it is of."""
        env = self._as(self.holding_clerk)
        ageing = env["gym.receivable.ageing"].with_context(date="2026-03-31")
        row = ageing.search([("company_id", "=", self.centre_b.id)])
        action = row.action_print()
        [ask] = action["context"]["active_ids"]
        ask = env["gym.receivable.ask"].browse(ask)
        self.assertEqual((ask.date, ask.printed_ids), (DAY, row.ids))
        names = [line[0] for line in self._lines(self._printed(ask))]
        self.assertEqual(names, ["Kent Laura", "Total"])

    def test_too_many(self):
        """19.6: what nobody reads on paper is refused, with two ways out."""
        self.patch(gym_receivable_ask, "MOST_ROWS", 1)
        ask = self._ask(self._as(self.holding_clerk))
        with self.assertRaisesRegex(UserError, "Print Each Debtor"):
            ask.action_print()
        ask.is_by_member = False
        self.assertEqual(ask.action_print()["type"], "ir.actions.report")

    def test_nothing_open(self):
        """19.6: an empty page says why."""
        ask = self._ask(self._as(self.clerk_a), date=date(2001, 1, 1))
        page = self._printed(ask).text_content()
        self.assertIn("Nothing was open on that day.", page)


@tagged("post_install", "-at_install")
class TestMonthPrint(PrintCommon):
    def _printed_months(self, env, **context):
        months = env["gym.receivable.month"].with_context(date=str(TODAY), **context)
        rows = months.search([])
        [ask] = rows.action_print()["context"]["active_ids"]
        ask = env["gym.receivable.ask"].browse(ask)
        return rows, self._printed(ask, "action_report_receivable_month")

    def test_rows(self):
        """19.6: the month ends of each centre, with their rates and what these mean."""
        rows, page = self._printed_months(self._as(self.holding_clerk))
        lines = self._lines(page)
        self.assertEqual(rows.company_id, self.centre_a | self.centre_b)
        self.assertEqual(len(lines), len(rows))
        printed = sorted((line[7], line[8]) for line in lines)
        wanted = sorted(
            ((self._money(row.amount) if row.amount else ""), f"{row.dso:.1f}")
            for row in rows
        )
        self.assertEqual(printed, wanted)
        for word in ("DSO", "CEI"):
            self.assertIn(word, page.text_content())

    def test_holding(self):
        """19.6: the holding's are one table, with the rates of all centres' sums."""
        rows, page = self._printed_months(
            self._as(self.holding_clerk), gym_by_holding=True
        )
        self.assertEqual(len(rows.company_id), 1)
        self.assertEqual(len(self._lines(page)), len(rows))
        self.assertIn("as one", page.text_content())
        newest = rows.sorted("date")[-1]
        self.assertEqual(self._lines(page)[0][7], self._money(newest.amount))

    def test_another_centre(self):
        """Rights: month ends of another centre are refused."""
        rows = self._as(self.holding_clerk)["gym.receivable.month"].search(
            [("company_id", "=", self.centre_b.id)]
        )
        with self.assertRaises(AccessError):
            rows.with_env(self._as(self.clerk_a)).action_print()


@tagged("post_install", "-at_install")
class TestFiguresExport(PrintCommon):
    """Odoo's own export of the lists of figures."""

    # what a list shows by itself
    COLUMNS = {
        "gym.receivable.ageing": ["move_id", "partner_id", "company_id", "amount"],
        "gym.receivable.month": ["date", "company_id", "amount", "dso", "cei"],
        "gym.dunning.outcome": ["reminder_id", "level_id", "amount_paid", "way"],
    }

    def test_a_clerk_exports_his_centre(self):
        """19.6: a clerk has Odoo's right to export, and gets no other centre's rows."""
        self._generate_as(self._as(self.holding_clerk), self.holding)
        env = self._as(self.clerk_a)
        self.assertTrue(env.user.has_group("base.group_allow_export"))
        for model, names in self.COLUMNS.items():
            with self.subTest(model):
                rows = env[model].search([])
                self.assertEqual(rows.company_id, self.centre_a)
                self.assertEqual(len(rows.export_data(names)["datas"]), len(rows))

    def test_columns_have_names(self):
        """19.6: no two columns that may be exported are called alike, and none is
        technical."""
        env = self._as(self.clerk_a)
        for model in self.COLUMNS:
            fields = env[model].fields_get(attributes=["string", "exportable"])
            labels = [field["string"] for field in fields.values()]
            with self.subTest(model):
                self.assertEqual(len(labels), len(set(labels)), sorted(labels))
                self.assertNotIn("Amount times Days", labels)


@tagged("post_install", "-at_install")
class TestReceivablePages(PdfCommon, PrintCommon, HttpCase):
    """What wkhtmltopdf makes of it."""

    def test_heads_are_repeated(self):
        """19.6: each page of a long ageing says which centre and which columns it has,
        and no debtor is lost between two."""
        members = [self._create_member(f"Member {number:02}") for number in range(60)]
        for member in members:
            self._create_invoice(member, company=self.centre_a)
        ask = self._ask(self._as(self.clerk_a))
        with self.allow_pdf_render():
            content, __ = (
                self.env["ir.actions.report"]
                .with_env(ask.env)
                .with_context(force_report_rendering=True)
                ._render_qweb_pdf(
                    "gym_dunning.action_report_receivable_ageing", ask.ids
                )
            )
        pages = self._pages(content)
        self.assertGreater(len(pages), 1)
        for page in pages:
            self.assertIn(self.centre_a.name, page)
            self.assertIn("61 to 90 Days", page)
        for member in members:
            self.assertIn(member.name, "".join(pages))

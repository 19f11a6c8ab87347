"""The report "Collection case status": printed, as a sheet, and its criteria."""

import io
from datetime import datetime, timedelta
from decimal import Decimal

import openpyxl

from odoo.exceptions import UserError
from odoo.fields import Command

from ..base.common import TODAY
from .common_case_run import CaseRunCommon


class TestCaseReport(CaseRunCommon):
    """Laura's case is worked by the manager, Paul's by nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_case(note="<p>Calls after six only</p>")
        cls.case._add_items(cls._receivable(cls.old | cls.new))
        cls.of_paul_case = cls._create_case(
            cls.paul, date_start=TODAY + timedelta(days=1), debt_manager_id=False
        )
        cls.of_paul_case._add_items(cls._receivable(cls.of_paul))

    def _report(self, **vals):
        return self.env["gym.case.report"].create(
            {"company_id": self.company.id} | vals
        )

    def _row(self, case):
        [row] = self.env["gym.case.list"]._rows(case)
        return row

    def _plan(self, **vals):
        return self.case.activity_schedule(
            "mail.mail_activity_data_call",
            TODAY + timedelta(days=5),
            user_id=self.manager.id,
            **vals,
        )

    def _html(self, report):
        html, __ = self.env["ir.actions.report"]._render_qweb_html(
            "gym_dunning.gym_case_report", report.ids
        )
        return " ".join(html.decode().split())

    def _sheets(self, report):
        content = report._content(report._listed())
        book = openpyxl.load_workbook(io.BytesIO(content))
        return [list(sheet.iter_rows(values_only=True)) for sheet in book]

    # === ROWS === #

    def test_row(self):
        """G-89c, G-89d, G-89g, G-89h: customer, state, values, manager, start, contact
        and notes."""
        payer = self.laura.create({"name": "Kent Maria", "phone": "+1 555 0100"})
        self.case.contact_id = payer
        self._pay(self.old)
        row = self._row(self.case)
        self.assertIn("Kent Laura", row["customer"])
        self.assertEqual(row["state"], "Not Started")
        self.assertEqual(row["amount_case"], Decimal("1683.10"))
        self.assertEqual(row["amount_current"], Decimal("1148.14"))
        self.assertEqual(row["manager"], self.manager.name)
        self.assertEqual(row["start"], TODAY)
        self.assertEqual(row["contact"], "Kent Maria\n+1 555 0100")
        self.assertEqual(row["note"], "Calls after six only")

    def test_actions(self):
        """G-89e, G-89f: the subject of each action, done ones marked; the start of
        the next one."""
        done = self._plan(summary="First call")
        done.action_feedback()
        self._plan(summary="Second call", date_start=datetime(2026, 3, 6, 10))
        row = self._row(self.case)
        self.assertEqual(
            sorted(row["actions"].split("\n")),
            ["Call: First call (done)", "Call: Second call"],
        )
        self.assertEqual(str(row["next_start"]), "2026-03-06")
        self.assertIsNone(self._row(self.of_paul_case)["next_start"])

    def test_started(self):
        """G-89c, AMB-30: in progress without a completed activity is "Started"."""
        self.case.action_start()
        self._plan()
        self.assertEqual(self._row(self.case)["state"], "Started")
        self.case.activity_ids.action_feedback()
        self.assertEqual(self._row(self.case)["state"], "In Progress")

    def test_by_manager(self):
        """G-89b: those of one manager together, those of nobody last."""
        rows = self.env["gym.case.list"]._rows(self._cases())
        self.assertEqual(
            [row["manager"] for row in rows],
            [self.manager.name, "Without debt manager"],
        )

    # === CRITERIA === #

    def test_criteria(self):
        """G-89a: centre, managers, states, customers, start and next action."""
        both = self.case | self.of_paul_case
        self._plan()
        self.of_paul_case.action_start()
        tomorrow = TODAY + timedelta(days=1)
        for vals, found in (
            ({}, both),
            ({"manager_ids": [Command.set(self.manager.ids)]}, self.case),
            ({"partner_ids": [Command.set(self.paul.ids)]}, self.of_paul_case),
            ({"state_not_started": False}, self.of_paul_case),
            ({"state_in_progress": False}, self.case),
            ({"start_from": tomorrow}, self.of_paul_case),
            ({"start_to": TODAY}, self.case),
            ({"only_planned": True}, self.case),
        ):
            with self.subTest(vals=vals):
                report = self._report(**vals)
                self.assertEqual(report._listed() & both, found)
                self.assertEqual(bool(report._criteria()), bool(vals) or True)
        self.case.action_complete()
        self.assertNotIn(self.case, self._report()._listed())
        self.assertIn(self.case, self._report(state_completed=True)._listed())

    def test_nothing_fits(self):
        """G-89a: no case: a sentence instead of an empty page."""
        report = self._report(start_from="2020-01-01", start_to="2020-01-02")
        with self.assertRaisesRegex(UserError, "No collection case"):
            report.action_export()

    # === OUTPUT === #

    def test_printed(self):
        """G-89b to G-89h: the page has the rows, a subtotal for each manager and the
        total."""
        report = self._report().with_user(self.manager)
        self.assertEqual(report.action_export()["type"], "ir.actions.report")
        html = self._html(report)
        for text in ("Kent Laura", "Kent Paul", "Calls after six only", "1,683.10"):
            self.assertIn(text, html)
        self.assertIn(f"Debt Manager: {self.manager.name}", html)
        self.assertIn(f"{self.manager.name}: 1 case<", html)
        self.assertIn("1,783.10", html)

    def test_sheet(self):
        """G-89b to G-89h: the sheet has the same rows, real numbers and the totals."""
        dialogs = self.env["gym.case.report"].with_user(self.manager)
        report = dialogs.create({"company_id": self.company.id, "file_format": "xlsx"})
        self.assertIn("/web/content/", report.action_export()["url"])
        rows, totals = self._sheets(report)
        self.assertEqual(
            rows[0], tuple(report.env["gym.case.list"]._columns().values())
        )
        printed = report.env["gym.case.list"]._rows(report._listed())
        self.assertEqual(
            [row[2] for row in rows[1:]], [one["customer"] for one in printed]
        )
        self.assertEqual([row[6] for row in rows[1:]], [1683.10, 100.0])
        self.assertEqual([value for __, value in totals], [2, 1783.10, 1783.10])

    def test_formulas_are_not_run(self):
        """Faults: a note that looks like a formula is a text in the sheet."""
        self.case.note = "<p>=1+1</p>"
        rows, __ = self._sheets(self._report(partner_ids=[Command.set(self.laura.ids)]))
        self.assertEqual(rows[1][-1], "'=1+1")

"""Real PDF files: printed together, kept one by one, the same ever after."""

from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Domain
from odoo.tests import HttpCase

from ..base.common import TODAY
from ..base.common_english import EnglishCommon
from ..base.common_pdf import PdfCommon

NAMES = ("Kent Paul", "Kent Laura", "Kent Mike")


class TestPrinting(PdfCommon, EnglishCommon, HttpCase):
    """Three letters through wkhtmltopdf."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = [cls._create_member(name) for name in NAMES]
        cls.invoices = [
            cls._create_invoice(member, amount=100.0 + number)
            for number, member in enumerate(cls.members)
        ]

    def _printed(self, run):
        """Print the run; return the PDF that the user downloads."""
        return self._downloaded(self._download_of(run))

    def _download_of(self, run):
        """Print for real: what was printed before is fetched without a dialog."""
        real = {"force_report_rendering": True}
        return self._print_all(run.with_context(**real).action_print(), **real)

    def _letters(self, run):
        """Return the stored letter of each reminder, in the order of the run."""
        found = self.env["ir.attachment"].search(
            Domain("res_model", "=", "gym.dunning.reminder")
            & Domain("res_id", "in", run.reminder_ids.ids)
        )
        self.assertEqual(sorted(found.mapped("res_id")), sorted(run.reminder_ids.ids))
        return {letter.res_id: letter.raw for letter in found}

    def test_letters_are_printed_together(self):
        """E-24, E-52: one file for all letters, and each letter kept by itself."""
        run = self._generate()
        pages = self._pages(self._printed(run))
        self.assertGreaterEqual(len(pages), 3)
        text = "".join(pages)
        for name in NAMES:
            self.assertIn(name, text)
        letters = self._letters(run)
        for reminder in run.reminder_ids:
            with self.subTest(member=reminder.partner_id.name):
                letter = "".join(self._pages(letters[reminder.id]))
                self.assertIn(reminder.partner_id.name, letter)
                self.assertIn(reminder.name, letter)
        self.assertEqual(set(run.reminder_ids.mapped("delivery_state")), {"printed"})

    def test_six_items_fit_a_page(self):
        """Issue 15, letters: six items, the fee, how to pay and the delivered texts
        are one page."""
        delivered = self.env.ref("gym_dunning.level_2")
        self.policy.level_ids.write(
            {"intro": delivered.intro, "closing": delivered.closing}
        )
        self.env["res.partner.bank"].create(
            {
                "acc_number": "DE89370400440532013000",
                "partner_id": self.company.partner_id.id,
            }
        )
        member = self._create_member("Six Items")
        for days in range(30, 36):
            self._create_invoice(member, days=days)
        runs, __ = self._run_levels(2)
        reminder = self._reminder(runs[-1:], member)
        self._printed(runs[-1:])
        pages = self._pages(self._letters(runs[-1:])[reminder.id])
        self.assertTrue(reminder.amount_fee)
        self.assertEqual(len(reminder.line_ids), 6)
        self.assertEqual(len(pages), 1)

    def test_letter_is_kept_as_issued(self):
        """E-53, E-24: printed again after a payment, the letters are the same."""
        run = self._generate()
        self._printed(run)
        before = self._letters(run)
        self._pay(self.invoices[0])
        self.policy.level_ids.intro = "<p>Another text</p>"
        with self._counted_calls() as calls:
            again = self._printed(run)
        self.assertFalse(calls, "nothing is made again")
        self.assertEqual(self._letters(run), before)
        pages = self._pages(again)
        self.assertEqual(
            len(pages), sum(len(self._pages(letter)) for letter in before.values())
        )
        self.assertIn("100.00", "".join(pages))
        self.assertNotIn("Another text", "".join(pages))

    def test_one_call_for_all(self):
        """E-01: letters of a level share one call of wkhtmltopdf."""
        run = self._generate()
        with self._counted_calls() as calls:
            self._printed(run)
        self.assertEqual(len(calls), 1)

    def test_unpatched_wkhtmltopdf(self):
        """E-52: a wkhtmltopdf that takes one letter a call prints all the same."""
        run = self._generate()
        reports = type(self.env["ir.actions.report"])
        with (
            patch.object(reports, "get_wkhtmltopdf_state", lambda self: "workers"),
            self._counted_calls() as calls,
        ):
            pages = self._pages(self._printed(run))
        self.assertEqual(len(calls), 3)
        self.assertEqual(len(self._letters(run)), 3)
        for name in NAMES:
            self.assertIn(name, "".join(pages))

    def test_document_can_be_downloaded(self):
        """E-53: the file is served to who printed it."""
        run = self._generate(TODAY - timedelta(days=3))
        action = self._download_of(run)
        self.env.user.write({"login": "printer", "password": "printer-password"})
        self.authenticate("printer", "printer-password")
        response = self.url_open(action["url"])
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertTrue(response.content.startswith(b"%PDF"))

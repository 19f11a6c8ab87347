"""The estimate knows how old the books are, and generating asks about it."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import RedirectWarning, UserError, ValidationError

from ..base.common import TODAY
from .common_books import FRIDAY, TUESDAY, BooksCommon


class TestOldBooks(BooksCommon):
    """Issue 16, 5: say, ask or refuse when the newest booking is too long ago."""

    # === HOW FAR === #

    def test_the_newest_booking_of_each_bank(self):
        """Derived from statement lines, whoever imported them; none: nothing known."""
        self.assertFalse(self.bank.gym_newest_booking)
        self._line(TUESDAY)
        self._line(FRIDAY)
        self.bank.invalidate_recordset()
        self.assertEqual(self.bank.gym_newest_booking, FRIDAY)

    def test_one_stale_bank_makes_the_books_stale(self):
        """The company's day is the oldest of its banks; banks without any do not count."""
        self._bank_journal("NEW")
        self._line(FRIDAY)
        self.assertEqual(self.company.books_date, FRIDAY)
        self._line(TUESDAY, journal=self._bank_journal("OLD"))
        self.company.invalidate_recordset()
        self.assertEqual(self.company.books_date, TUESDAY)

    def test_a_bank_that_is_not_used_any_more(self):
        """Archived, or not asked for: it makes nothing old."""
        old = self._bank_journal("OLD")
        self._line(TODAY - timedelta(days=365), journal=old)
        self._line(FRIDAY)
        for vals in ({"active": False}, {"active": True, "gym_is_watched": False}):
            with self.subTest(vals):
                old.write(vals)
                self.company.invalidate_recordset()
                self.assertEqual(self.company.books_date, FRIDAY)

    def test_an_update_waits_for_no_bank_that_fell_silent(self):
        """Where the column is new, a bank without a line for a season is not asked for;
        one that is used is, and so is one of which nothing is known."""
        silent, used, new = map(self._bank_journal, ("OLD", "USE", "NEW"))
        today = fields.Date.today()
        self._line(today - timedelta(days=100), journal=silent)
        self._line(today - timedelta(days=80), journal=used)
        self.env.flush_all()
        self.env["account.journal"]._init_column("gym_is_watched")
        self.env.invalidate_all()
        watched = (silent | used | new).filtered("gym_is_watched")
        self.assertEqual(watched, used | new)

    def test_a_day_to_come_is_a_mistake(self):
        """A booking of next year does not let the books look fresh."""
        self._line(TUESDAY)
        self._line(TODAY + timedelta(days=365))
        self.assertEqual(self.company.books_date, TUESDAY)

    def test_weekends_and_bank_holidays_are_no_working_days(self):
        """Friday's bookings on Monday are one working day old, and none if banks rest."""
        holidays = self.env["gym.bank.holiday"]
        self.assertEqual(holidays._working_days(FRIDAY, TODAY, "target"), 1)
        self.assertEqual(holidays._working_days(TUESDAY, TODAY, "target"), 4)
        holidays.create({"name": "Strike", "kind": "once", "date": TODAY})
        self.assertEqual(holidays._working_days(FRIDAY, TODAY, "target"), 0)

    # === THE HEAD === #

    def test_the_head_says_how_old(self):
        """Day, age and what is not assigned; without a bank nothing is said."""
        run = self._estimate()
        self.assertFalse(run.books_head)
        self._line(FRIDAY)
        self._line(FRIDAY, 12.0)
        self.env.invalidate_all()
        self.assertEqual(run.books_head, "Bank: 02/27/2026 (3 days old)")
        self.assertFalse(run.is_books_old)
        self.assertEqual(run.unassigned_count, 1)

    def test_the_head_names_the_oldest_of_several(self):
        """Of two banks the one that is behind is named."""
        self._line(FRIDAY)
        self._line(TUESDAY, journal=self._bank_journal("OLD"))
        run = self._estimate()
        self.assertEqual(run.books_head, "Bank OLD: 02/24/2026 (6 days old)")
        self.assertTrue(run.is_books_old)

    def test_the_head_of_what_is_generated(self):
        """It speaks of the books of today, which no generated run is about."""
        self._line(FRIDAY)
        run = self._generate()
        self.env.invalidate_all()
        self.assertFalse(run.books_head or run.unassigned_count)

    def test_lines_that_nobody_reconciles_do_not_wait(self):
        """Odoo Community reconciles no statements: after a season none waits."""
        self._line(TODAY - timedelta(days=91), 12.0)
        waiting = self._line(FRIDAY, 12.0)
        self.assertEqual(self.company.books_unassigned_count, 1)
        run = self._estimate()
        shown = run.action_open_unassigned()
        found = self.env[shown["res_model"]].search(shown["domain"])
        self.assertEqual(found, waiting)

    # === GENERATING === #

    def test_asks_by_default(self):
        """Nothing starts before somebody has decided; then it is noted who did."""
        self._line(TUESDAY)
        run = self._estimate()
        question = self._question(self._press_generate(run))
        self.assertEqual(run.state, "estimated")
        self.assertIn("Bank HBK", question.text)
        question.action_confirm()
        self._work()
        self.assertEqual((run.state, run.issued_count), ("done", 2))
        notes = " ".join(map(str, run.message_ids.mapped("body")))
        self.assertIn("not up to date", notes)

    def test_fresh_books_ask_nothing(self):
        """Up to three working days are fine, and so are books without a bank."""
        self._line(TODAY - timedelta(days=5))
        run = self._estimate()
        self.assertFalse(self._press_generate(run))
        self.assertEqual(run.state, "running")

    def test_refuses_with_the_next_step(self):
        """Who was asked already is refused all the same, and nothing is done."""
        self.policy.books_old = "refuse"
        self._line(TUESDAY)
        run = self._estimate()
        with self.assertRaisesRegex(
            RedirectWarning, "Bank HBK.*Import the bank's file"
        ):
            run.with_context(gym_books_asked=True).action_generate()
        self.assertEqual(run.state, "estimated")

    def test_says_and_goes_on(self):
        """It generates without asking, and the history has it."""
        self.policy.books_old = "say"
        self._line(TUESDAY)
        run = self._estimate()
        self.assertFalse(self._press_generate(run))
        self.assertIn("not up to date", str(run.message_ids[0].body))

    def test_generated_days_after_the_estimate(self):
        """Books that were fresh at the estimate are asked about days later."""
        self._line(FRIDAY)
        run = self._estimate()
        later = run.with_context(dunning_date=TODAY + timedelta(days=3))
        self._question(self._press_generate(later))
        self.assertEqual(run.state, "estimated")

    def test_file_imported_after_the_estimate(self):
        """What made the books old is gone once the bank is known."""
        self._line(TUESDAY)
        run = self._estimate()
        self.assertTrue(run.is_books_old)
        self._line(FRIDAY)
        self.assertFalse(self._press_generate(run))
        self.assertEqual(run.state, "running")

    def test_notify_asks_too(self):
        """Selected open payments are reminded after the same question."""
        self._line(TUESDAY)
        items = self._item(self._invoices(self.anna))
        question = self._question(items.action_notify())
        self.assertFalse(self.env["gym.dunning.run"].search([]).reminder_ids)
        question.action_confirm()
        self._work()
        run = self.env["gym.dunning.run"].search([], limit=1)
        self.assertEqual(run.reminder_ids.partner_id, self.anna)
        self.assertEqual(run.state, "done")

    def test_notify_refuses_too(self):
        """A policy that refuses does so for a single member."""
        self.policy.books_old = "refuse"
        self._line(TUESDAY)
        with self.assertRaisesRegex(RedirectWarning, "Import the bank's file"):
            self._item(self._invoices(self.anna)).action_notify()

    def test_negative_days_are_refused(self):
        """A sentence, and no books that are always old."""
        with self.assertRaises(ValidationError):
            self.policy.books_max_age = -1

    def test_a_run_without_proposals_says_so(self):
        """Old books do not hide that there is nothing to do."""
        self._line(TUESDAY)
        run = self._estimate()
        run.reminder_ids.action_exclude()
        question = self._question(self._press_generate(run))
        with self.assertRaisesRegex(UserError, "proposes no reminder"):
            question.action_confirm()

"""Money that is nobody's yet, told at the proposals it may concern."""

from ...exceptions import NothingToDo
from .common_books import FRIDAY, IBAN, BooksCommon
from .test_query_count import SLACK


class TestMaybePaid(BooksCommon):
    """Issue 16, 5: who may have paid is told, and left out in one click; from the
    statement lines that other modules import."""

    def _may_have_paid(self, run):
        self.env.invalidate_all()
        found = run.reminder_ids.filtered("is_maybe_paid")
        listed = run.action_open_maybe_paid()["domain"]
        self.assertEqual(self.env["gym.dunning.reminder"].search(listed), found)
        self.assertEqual(run.maybe_paid_count, len(found))
        return found.partner_id

    def test_who_it_may_be(self):
        """The contact, the known account with blanks or without, or the name, turned
        and in capitals; a stranger's money is about nobody."""
        self.env["res.partner.bank"].create(
            {"partner_id": self.anna.id, "acc_number": IBAN}
        )
        run = self._estimate()
        for vals, expected in (
            ({"partner_id": self.anna.id}, self.anna),
            ({"account_number": "DE89 3704 0044 0532 0130 00"}, self.anna),
            ({"partner_name": "WOLF, Anna"}, self.anna),
            ({"partner_name": "Hans Unbekannt"}, self.env["res.partner"]),
            ({"partner_name": "Anna"}, self.env["res.partner"]),
        ):
            with self.subTest(vals):
                line = self._line(FRIDAY, 49.9, **vals)
                self.assertEqual(self._may_have_paid(run), expected)
                line.move_id.button_draft()
                line.unlink()

    def test_the_warning_names_amount_and_day(self):
        """It stands with the other warnings, and goes when the money is assigned."""
        self.anna.birthdate_date = False
        line = self._line(FRIDAY, 49.9, partner_id=self.anna.id)
        run = self._estimate()
        reminder = self._reminder(run, self.anna)
        told, *others = reminder.warnings.split("; ")
        self.assertEqual(told, "$\N{NO-BREAK SPACE}49.90 of 02/27/2026 may be theirs")
        self.assertIn("birth date missing", others)
        self.assertNotIn("theirs", reminder.warning)
        # as somebody reconciles it by hand
        line.with_context(skip_account_move_synchronization=True).is_reconciled = True
        self.assertFalse(self._may_have_paid(run))
        self.assertEqual(reminder.warnings, reminder.warning)

    def test_many_payments_are_cut_short(self):
        """A list's line names three of them."""
        for __ in range(4):
            self._line(FRIDAY, 5.0, partner_id=self.anna.id)
        reminder = self._reminder(self._estimate(), self.anna)
        self.assertEqual(reminder.maybe_paid.count("theirs"), 3)
        self.assertTrue(reminder.maybe_paid.endswith("; ..."))

    def test_left_out_in_one_click(self):
        """Those who may have paid leave the run, and can be taken in again."""
        self._line(FRIDAY, 49.9, partner_id=self.anna.id)
        run = self._estimate()
        run.action_exclude_maybe_paid()
        self.assertEqual(run.reminder_ids.partner_id, self.ben)
        self.assertEqual(self._reason(run, self.anna), "by_hand")
        run.exclusion_ids.action_take_back()
        self.assertEqual(self._may_have_paid(run), self.anna)

    def test_nobody_left_to_leave_out(self):
        """Assigned since the list was read: nobody is left out."""
        run = self._estimate()
        with self.assertRaisesRegex(NothingToDo, "Nobody is left out"):
            run.action_exclude_maybe_paid()
        self.assertEqual(len(run.reminder_ids), 2)

    def test_issued_reminders_are_not_asked(self):
        """What was issued is no proposal any more."""
        self._line(FRIDAY, 49.9, partner_id=self.anna.id)
        run = self._generate()
        self.assertFalse(self._may_have_paid(run))

    def test_money_that_left_is_nobodys_payment(self):
        """What was paid to a member pays nothing."""
        self._line(FRIDAY, -49.9, partner_id=self.anna.id)
        self.assertFalse(self._may_have_paid(self._estimate()))

    def test_the_account_of_a_guardian(self):
        """A letter's addressee may be who paid."""
        mother = self._create_member("Mother Wolf")
        child = self._create_late_member(
            "Tom Wolf", birthdate_date="2015-01-01", guardian_ids=mother.ids
        )
        run = self._estimate()
        self.assertEqual(self._reminder(run, child).addressee_id, mother)
        self._line(FRIDAY, 49.9, partner_name="Mother Wolf")
        self.assertEqual(self._may_have_paid(run), child)

    def test_the_filter_turned_round(self):
        """Both answers of the filter are right."""
        self._line(FRIDAY, 49.9, partner_id=self.anna.id)
        run = self._estimate()
        others = self.env["gym.dunning.reminder"].search(
            [("run_id", "=", run.id), ("is_maybe_paid", "=", False)]
        )
        self.assertEqual(others.partner_id, self.ben)

    def test_queries_do_not_grow(self):
        """As many for 25 proposals as for 5."""

        def queries(count):
            for number in range(count):
                member = self._create_late_member(f"Member {count} {number}")
                self._line(FRIDAY, 5.0, partner_id=member.id)
            run = self._estimate()
            self.env.flush_all()
            proposals = run.reminder_ids.browse(run.reminder_ids.ids)
            self.assertGreaterEqual(len(proposals), count)
            return self._count_queries(proposals.read, ["warnings", "is_maybe_paid"])

        queries(2)
        few = queries(5)
        self.assertLessEqual(queries(25), few + SLACK)

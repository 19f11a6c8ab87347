"""From which day an item is late: one rule, also without a due date."""

from datetime import timedelta

from ..base.common import TODAY
from ..dunning.common_run import day_after
from .test_about_member import AboutCommon


class TestItemDates(AboutCommon):
    """Opening entries without due date, and invoices dated in the future."""

    def _due_levels(self, *moves):
        return [self._item(move).due_level for move in moves]

    def test_entries_without_due_date_are_late_by_their_own(self):
        """M11, case 01: NULL is no way round the rule."""
        member = self._create_member("Old System")
        old = self._entry(member, 80.0, day_after(-60), date_maturity=False)
        fresh = self._entry(member, 80.0, day_after(-1), date_maturity=False)
        future = self._entry(member, 80.0, day_after(18), date_maturity=False)
        lines = (old | fresh | future).line_ids
        self.env.cr.execute(
            "UPDATE account_move_line SET date_maturity = NULL WHERE id IN %s",
            (tuple(lines.ids),),
        )
        self.env.invalidate_all()
        self.assertEqual(self._due_levels(old, fresh, future), ["1", False, False])
        self.assertEqual(self._item(future).days_overdue, -18)
        moves = self.env["account.move"].with_context(dunning_date=TODAY)
        found = moves.search(
            [("id", "in", (old | fresh | future).ids), ("dunning_due_level", "=", "1")]
        )
        self.assertEqual(found, old)
        run = self._estimate()
        self.assertEqual(run.reminder_ids.line_ids.move_id, old)

    def test_invoice_is_not_late_before_its_own_date(self):
        """Kind 12, A42: posted with a date to come, due before it."""
        member = self._create_member("Future Fritz")
        invoice = self._create_invoice(
            member, days=30, invoice_date=TODAY + timedelta(days=30)
        )
        item = self._item(invoice)
        self.assertEqual(item.date_maturity, TODAY + timedelta(days=30))
        self.assertEqual((item.days_overdue, item.due_level), (-30, False))
        self._create_late_member("Somebody Else")
        self.assertFalse(self._reminder(self._estimate(), member))
        run = self._estimate(day_after(45))
        letter = self._reminder(run, member)
        self.assertEqual(letter.line_ids.days_overdue, 15)

    def test_a_journal_item_is_due_by_the_same_rule(self):
        """M11, kind 2: files for agencies, debits and promises say the ledger's day."""
        member = self._create_member("Many Ways")
        for days in (-40, -1, 20):
            day = day_after(days)
            self._create_invoice(member, days=30, invoice_date=day)
            self._create_invoice(member, days=30, invoice_date=day, amount=7.0)
            self._entry(member, 80.0, day, date_maturity=day_after(-days))
            blank = self._entry(member, 80.0, day).line_ids
            self.env.cr.execute(
                "UPDATE account_move_line SET date_maturity = NULL WHERE id IN %s",
                (tuple(blank.ids),),
            )
        self.env.invalidate_all()
        items = self.env["gym.open.item"].search([("partner_id", "=", member.id)])
        self.assertEqual(len(items), 12)
        for item in items:
            journal_item = self.env["account.move.line"].browse(item.id)
            self.assertEqual(journal_item._gym_due_date(), item.date_maturity)

    def test_opening_entry_is_late_from_its_due_date(self):
        """Kind 2: an entry of 1 January takes over what was due in autumn."""
        member = self._create_member("Old System")
        entry = self._entry(member, 80.0, day_after(-5), date_maturity=day_after(-100))
        self.assertEqual(self._item(entry).days_overdue, 100)

    def test_no_follow_up_of_general_journals_is_explained(self):
        """C22: Odoo ticks it by itself; the sentence says so, and where to untick."""
        entry = self._entry(
            self._create_member("Old System"), 80.0, day_after(-60), no_followup=True
        )
        self._create_late_member("Somebody Else")
        run = self._estimate()
        row = run.exclusion_ids.filtered(lambda one: one.move_id == entry)
        self.assertEqual(row.reason, "no_followup")
        self.assertIn("untick", row.explanation)
        self.assertIn("general journals", row.explanation)

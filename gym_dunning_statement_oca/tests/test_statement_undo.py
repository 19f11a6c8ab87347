from odoo.tests import tagged

from .common_statement import TODAY, StatementCommon, camt053


@tagged("post_install", "-at_install")
class TestStatementUndo(StatementCommon):
    """Issue 16.7: undoing in the OCA's screen opens the items as taking back does."""

    def test_level_and_access_come_back(self):
        """The item is open at its level, and who was unblocked is blocked again; paid
        once more, access comes once more."""
        line, invoice = self._unblocked_by_line(self.anna)
        self.assertFalse(self._item(invoice))
        line.unreconcile_bank_line()
        self.assertFalse(self.anna.access_granted)
        reminders = self.env["gym.dunning.reminder"].search(
            [("partner_id", "=", self.anna.id)]
        )
        level = reminders.sorted("date")[-1].level_id
        self.assertEqual(self._item(invoice).level_id, level)
        line.reconcile_bank_line()
        self.assertTrue(self.anna.access_granted)
        line.unlink()
        self.assertFalse(self.anna.access_granted)

    def test_something_else_instead(self):
        """Unreconciled, then matched with another member's invoice: the first is open."""
        invoice = self._create_invoice(self.anna)
        other = self._create_invoice(self.ben)
        (line,) = self._statement(self._entry(100, text=invoice.name))
        line.unreconcile_bank_line()
        self.assertEqual(self._shares(line), [(invoice.display_name, 100)])
        for item in self._item(invoice).move_line_id | self._item(other).move_line_id:
            line._add_account_move_line(item)
        self.assertEqual(self._shares(line), [(other.display_name, 100)])
        line.reconcile_bank_line()
        self._assert_paid(other)
        self.assertEqual(invoice.amount_residual, 100)

    def test_returned_debit(self):
        """A returned direct debit in a statement says how it is read."""
        back = self._entry(49.9, direction="DBIT", code="AC04", name="Anna", date=TODAY)
        (line,) = self._statement(back, build=camt053)
        self.assertLess(line.amount, 0)
        self.assertIn("Import Returns", line.gym_hint)
        self.assertIn("AC04", line.gym_hint)

    def test_screen(self):
        """The form has the sentence and the reason, beside the counterparts."""
        view = self.env.ref(
            "account_reconcile_oca.bank_statement_line_form_reconcile_view"
        )
        arch = self.lines.get_view(view.id, "form")["arch"]
        self.assertIn("gym_hint", arch)
        self.assertIn("gym_found_by", arch)

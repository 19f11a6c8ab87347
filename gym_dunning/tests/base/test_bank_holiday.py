"""Days on which banks do not work (kind 10)."""

from datetime import date

from odoo.exceptions import ValidationError

from ..debit.common_debit_batch import BatchCommon
from .common import TODAY

TARGET = ("2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25")
SWISS = (*TARGET, "2026-01-02", "2026-05-14", "2026-05-25", "2027-05-06")


class TestBankHoliday(BatchCommon):
    """A debit is announced for, and executed on, a day on which banks work."""

    def _next(self, day, scheme=None):
        return self.company._gym_bank_working_day(date.fromisoformat(day), scheme)

    def test_target(self):
        """Kind 10: the six closing days of TARGET; other days are working days."""
        for day in TARGET:
            with self.subTest(day):
                self.assertNotEqual(self._next(day), date.fromisoformat(day))
        self.assertEqual(self._next("2026-04-03"), date(2026, 4, 7))
        self.assertEqual(self._next("2026-12-25"), date(2026, 12, 28))
        self.assertEqual(self._next("2026-05-14"), date(2026, 5, 14))

    def test_swiss(self):
        """Kind 10: Swiss schemes rest on Swiss days, too."""
        for day in SWISS:
            with self.subTest(day):
                moved = self._next(day, "lsv_plus")
                self.assertNotEqual(moved, date.fromisoformat(day))
        self.assertEqual(self._next("2026-01-01", "ch_dd"), date(2026, 1, 5))

    def test_days_are_data(self):
        """Kind 10: a day of the bank's own is entered, and archived."""
        self.assertEqual(self._next("2026-03-10"), date(2026, 3, 10))
        extra = self.env["gym.bank.holiday"].create(
            {"name": "Move of the bank", "kind": "once", "date": "2026-03-10"}
        )
        self.assertEqual(self._next("2026-03-10"), date(2026, 3, 11))
        extra.active = False
        self.assertEqual(self._next("2026-03-10"), date(2026, 3, 10))

    def test_impossible_day(self):
        """Kind 10: 31 February is refused."""
        with self.assertRaises(ValidationError):
            self.env["gym.bank.holiday"].create({"name": "X", "month": 2, "day": 31})

    def test_announced_day(self):
        """Kind 10: Christmas is announced by nobody."""
        self.company.debit_notice_days = 1
        self.assertEqual(
            self.company._debit_date(date(2026, 12, 24)), date(2026, 12, 28)
        )

    def test_collect_on_a_holiday(self):
        """Kind 10: Collect says so, and the debits are of the next working day."""
        self._members_who_owe(1)
        wizard = self._collect_wizard(execution_date="2026-04-03")
        self.assertIn("Banks are closed", wizard.warning)
        wizard.action_confirm()
        batch = self.env["gym.debit.batch"].search([("state", "=", "draft")], limit=1)
        self.assertEqual(batch.execution_date, date(2026, 4, 7))
        self.assertEqual(batch.order_ids.execution_date, date(2026, 4, 7))

    def test_move_to_a_holiday(self):
        """Kind 10: a batch moved to Easter is executed after it, and stays one."""
        self._members_who_owe(2)
        batch = self._collect_due()
        wizard = self.env["gym.debit.move"].create(
            {"batch_id": batch.id, "date": "2026-04-04"}
        )
        self.assertIn("Banks are closed", wizard.warning)
        wizard.action_confirm()
        self.assertEqual(batch.execution_date, date(2026, 4, 7))
        self.assertEqual(
            set(batch.order_ids.mapped("execution_date")), {date(2026, 4, 7)}
        )

    def test_export_of_a_holiday(self):
        """Kind 10: a day that became a holiday since is told before Export."""
        self._members_who_owe(1)
        batch = self._collect_due()
        self.assertFalse(batch.refusal)
        self.env["gym.bank.holiday"].create(
            {"name": "New", "kind": "once", "date": batch.execution_date}
        )
        batch.invalidate_recordset()
        self.assertIn("banks are closed", batch.refusal)
        self.assertGreater(batch.execution_date, TODAY)

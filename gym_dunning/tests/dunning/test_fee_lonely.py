"""A fee that is left when everything else of its reminder was paid."""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from .test_fee_undo import FeeUndoCommon

LOG = "odoo.addons.gym_dunning.models.dunning.gym_dunning_reminder_lonely"


class LonelyCommon(FeeUndoCommon):
    """A centre that waives such a fee thirty days later."""

    def setUp(self):
        super().setUp()
        self.company.dunning_lonely_fee = "waive"
        self.member = self._create_late_member("Debtor")

    def _paid(self):
        """Remind twice and let the member pay all but the fee; return the reminder."""
        reminder = self._reminder(self._second(), self.member)
        self._pay(reminder.line_ids.move_id, day=self.day)
        return reminder

    def _cron(self, days=30, date=True):
        """Let the scheduled action work some days after everything else was paid."""
        day = self.day + timedelta(days=days) if date else None
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=60.0
        ):
            self.env["gym.dunning.reminder"]._cron_waive_lonely_fees(day)
        self.env.invalidate_all()

    def _waived(self, reminder):
        """Return amount and day of each credit of a fee."""
        return [
            (credit.amount_total, credit.date)
            for credit in reminder.fee_move_id.reversal_move_ids
        ]


class TestLonelyFee(LonelyCommon):
    """One invoice per reminder."""

    def test_scheduled_daily(self):
        """Lonely fees: the action is there, daily, and calls what is tested here."""
        cron = self.env.ref("gym_dunning.ir_cron_lonely_fees")
        self.assertEqual((cron.interval_number, cron.interval_type), (1, "days"))
        self.assertIn("_cron_waive_lonely_fees()", cron.code)
        self.assertTrue(cron.active)

    def test_waived_after_the_days(self):
        """Lonely fees: on the thirtieth day, dated by it, not before; once."""
        reminder = self._paid()
        self._cron(29)
        self.assertFalse(self._waived(reminder))
        self._cron(30)
        day = self.day + timedelta(days=30)
        self.assertEqual(self._waived(reminder), [(20.0, day)])
        self.assertEqual(self._balance(self.member), 0.0)
        self._cron(31)
        self.assertEqual(len(self._waived(reminder)), 1)

    def test_days_of_the_setting(self):
        """Lonely fees: 0 days: at once."""
        self.company.dunning_lonely_fee_days = 0
        reminder = self._paid()
        self._cron(0)
        self.assertTrue(self._waived(reminder))

    def test_day_of_the_gym(self):
        """Lonely fees: the day is the gym's, whatever it is on the server."""
        reminder = self._paid()
        self.company.partner_id.tz = "Pacific/Honolulu"
        day = self.day + timedelta(days=30)
        for hour, credits_ in ((9, []), (10, [(20.0, day)])):
            with freeze_time(f"{day} {hour:02}:30"):
                self._cron(date=False)
            self.assertEqual(self._waived(reminder), credits_)

    def test_history(self):
        """Lonely fees: member and fee say so, where the reception does not read it."""
        reminder = self._paid()
        self._cron()
        said = (
            f"Reminder fee .*20.00.* of {reminder.name} waived: everything else was"
            " paid on"
        )
        message = self.member.message_ids[0]
        self.assertRegex(str(message.body), said)
        self.assertEqual(message.subtype_id, self.env.ref("gym_dunning.mt_debts"))
        bodies = " ".join(map(str, reminder.fee_move_id.message_ids.mapped("body")))
        self.assertRegex(bodies, said)

    def test_kept_open(self):
        """Lonely fees: delivered as Keep It Open: nothing happens; a setting that was
        changed back stops it, and gives back nothing that was waived."""
        self.assertEqual(
            self.env["res.company"].create({"name": "New"}).dunning_lonely_fee, "keep"
        )
        reminder = self._paid()
        for other in ("keep", "debit"):
            self.company.dunning_lonely_fee = other
            self._cron()
            self.assertFalse(self._waived(reminder))
        self.company.dunning_lonely_fee = "waive"
        self._cron()
        self.company.dunning_lonely_fee = "keep"
        self._cron()
        self.assertEqual(len(self._waived(reminder)), 1)

    def test_never_empty(self):
        """Lonely fees: one of the three happens."""
        with self.assertRaises(ValidationError):
            self.company.dunning_lonely_fee = False

    # === WHO KEEPS IT === #

    def test_something_else_is_open(self):
        """Lonely fees: who still owes an item of that reminder, if only in part, keeps
        his fee; another invoice does not matter."""
        self._create_invoice(self.member, amount=50.0)
        reminder = self._reminder(self._second(), self.member)
        first, second = reminder.line_ids.move_id
        self._pay(first, day=self.day)
        self._pay(second, amount=1.0, day=self.day)
        self._cron(400)
        self.assertFalse(self._waived(reminder))
        self._pay(second, day=self.day + timedelta(days=10))
        self._create_invoice(self.member, days=-15)
        self._cron(39)
        self.assertFalse(self._waived(reminder), "after the last of them")
        self._cron(40)
        self.assertTrue(self._waived(reminder))

    def test_earlier_fee_is_no_reason(self):
        """Lonely fees: two fees of two reminders are both waived."""
        self.three.fee_product_id = self.fee_product
        self.three.send_document = True
        runs, self.day = self._run_levels(3)
        reminders = runs.reminder_ids.filtered("fee_move_id")
        self.assertEqual(len(reminders), 2)
        self._pay(self._invoices(self.member) - reminders.fee_move_id, day=self.day)
        self._cron()
        self.assertEqual(len(reminders.fee_move_id.reversal_move_ids), 2)
        self.assertEqual(self._balance(self.member), 0.0)

    def test_held(self):
        """Lonely fees: a fee at the agency, in a case, collected, promised or disputed
        stays; a hold that is over does not count."""
        reminder = self._paid()
        for reason in ("agency", "case", "debit", "promise", "dispute", "manual"):
            hold = self._hold(reminder.fee_move_id, reason)
            self._cron()
            self.assertFalse(self._waived(reminder), reason)
            hold.unlink()
        self._hold(reminder.fee_move_id, "dispute", date_until=self.day)
        self._cron()
        self.assertTrue(self._waived(reminder))

    def test_cancelled_reminder(self):
        """Lonely fees: the fee of a reminder that was cancelled is not touched."""
        reminder = self._paid()
        reminder.sudo().state = "cancelled"
        self._cron()
        self.assertFalse(self._waived(reminder))

    def test_item_that_was_deleted(self):
        """Lonely fees: an item that nobody knows any more was not paid."""
        reminder = self._paid()
        reminder.line_ids.sudo().move_line_id = False
        self._cron()
        self.assertFalse(self._waived(reminder))

    def test_other_centre(self):
        """Lonely fees: each centre for itself."""
        reminder = self._paid()
        self.company.dunning_lonely_fee = "keep"
        self.company_data_2 = self.collect_company_accounting_data(
            self.env["res.company"].create({"name": "Other"})
        )
        self.company_data_2["company"].dunning_lonely_fee = "waive"
        self._cron()
        self.assertFalse(self._waived(reminder))

    # === SECOND HALVES === #

    def test_partly_paid(self):
        """Lonely fees: what was paid of it stays paid, the rest is credited."""
        reminder = self._paid()
        self._pay(reminder.fee_move_id, amount=5.0, day=self.day)
        self._cron()
        self.assertEqual([amount for amount, __ in self._waived(reminder)], [15.0])
        self.assertEqual(reminder.fee_move_id.payment_state, "paid")
        self.assertEqual(self._balance(self.member), 0.0)

    def test_partly_credited(self):
        """Lonely fees: what an accountant credited is not credited again."""
        reminder = self._paid()
        self._credit_note(reminder.fee_move_id, 5.0)
        self._cron()
        self.assertEqual(sorted(x for x, __ in self._waived(reminder)), [5.0, 15.0])
        self.assertEqual(self._balance(self.member), 0.0)

    def test_credited_but_not_matched(self):
        """Lonely fees: a credit note that nobody matched yet is one: nothing is
        credited, and nothing said."""
        reminder = self._paid()
        credit = reminder.fee_move_id._reverse_moves(
            [{"invoice_date": reminder.fee_move_id.invoice_date}]
        )
        credit.action_post()
        (self._receivable(credit)).remove_move_reconcile()
        before = self.member.message_ids
        self._cron()
        self.assertEqual(len(self._waived(reminder)), 1)
        self.assertEqual(self.member.message_ids, before)

    def test_cancelled_afterwards(self):
        """Lonely fees: a run that is cancelled afterwards credits nothing twice; what
        the member had paid of the fee is his."""
        reminder = self._paid()
        self._pay(reminder.fee_move_id, amount=5.0, day=self.day)
        self._cron()
        reminder.run_id.action_cancel()
        self.assertEqual(reminder.run_id.state, "cancelled")
        self.assertEqual(sorted(x for x, __ in self._waived(reminder)), [5.0, 15.0])
        self.assertEqual(self._balance(self.member), -5.0)

    def test_payment_taken_back(self):
        """Lonely fees: a payment that is taken back opens the item again; the fee
        stays waived."""
        reminder = self._paid()
        self._cron()
        self._receivable(reminder.line_ids.move_id).remove_move_reconcile()
        self._cron(60)
        self.assertEqual(reminder.fee_move_id.amount_residual, 0.0)
        self.assertEqual(len(self._waived(reminder)), 1)

    def test_one_who_fails_stops_nobody(self):
        """Lonely fees: whose fee cannot be credited is logged, the others are
        waived; he is tried again."""
        other = self._create_late_member("Other")
        run = self._second()
        self._pay(run.reminder_ids.line_ids.move_id, day=self.day)
        bad = self._reminder(run, self.member)
        fees = self.env.registry["gym.dunning.fee"]
        credit = fees._credit

        def refuse(model, reminders):
            if bad in reminders:
                refusal = "This month is closed."
                raise UserError(refusal)
            return credit(model, reminders)

        self.patch(fees, "_credit", refuse)
        with self.assertLogs(LOG, "WARNING") as log:
            self._cron()
        self.assertIn(f"Fee of {bad.name} is not waived", log.output[0])
        self.assertEqual([self._balance(self.member), self._balance(other)], [20, 0])
        self.patch(fees, "_credit", credit)
        with mute_logger(LOG):
            self._cron(31)
        self.assertEqual(self._balance(self.member), 0.0)


class TestLonelyFeeEntry(LonelyCommon):
    """One entry for the fees of many."""

    def setUp(self):
        super().setUp()
        self.policy.fee_booking = "entry"
        self.other = self._create_late_member("Other")

    def test_own_part_of_the_entry(self):
        """Lonely fees: of a shared entry the member's own line is credited, dated by
        the day; the other one owes his."""
        reminder = self._paid()
        self._cron()
        day = self.day + timedelta(days=30)
        [credit] = reminder.fee_move_id.reversal_move_ids
        self.assertEqual((credit.date, credit.state), (day, "posted"))
        self.assertEqual(self._receivable(credit).partner_id, self.member)
        self.assertEqual(
            [self._balance(self.member), self._balance(self.other)], [0, 120]
        )
        reminder.run_id.action_cancel()
        self.assertEqual(
            [self._balance(self.member), self._balance(self.other)], [0, 100]
        )

    def test_partly_paid(self):
        """Lonely fees: of a line that was paid in part the rest is credited."""
        reminder = self._paid()
        line = self._fee_line(reminder.run_id, self.member)
        self._pay_line(line, 5.0)
        self._cron()
        [credit] = reminder.fee_move_id.reversal_move_ids
        self.assertEqual(self._receivable(credit).amount_currency, -15.0)
        self.assertTrue(line.reconciled)
        self.assertEqual(self._balance(self.member), 0.0)
        reminder.run_id.action_cancel()
        self.assertEqual(self._balance(self.member), -5.0)

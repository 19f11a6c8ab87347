"""Promises to pay: recording, shares, holds, one at a time."""

import doctest

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from ...models.cases import promise_shares
from ..base.common import TODAY
from .common_case_activity import DAY, CaseActivityCommon


class TestCasePromise(CaseActivityCommon):
    """Laura promises 1200 of her 534.96 and 1148.14."""

    # === RECORDING === #

    def test_entered_afterwards(self):
        """G-66: a promise of last month can be entered today; it began then, and its
        end is not before its start."""
        promise = self.case.activity_schedule(
            "gym_dunning.activity_type_promise",
            agreed_amount=100.0,
            date_end=TODAY - 40 * DAY,
        )
        self.assertEqual(promise.promise_state, "running")
        self.assertEqual(promise.date_start.date(), TODAY - 40 * DAY)

    def test_worked_example(self):
        """G-66, G-67, AMB-31, AMB-36: recorded is done; 534.96 and 665.04; the case
        is in the state Promise and its deposit will be checked."""
        promise = self._promise()
        self.assertEqual(promise.state, "done")
        self.assertEqual(promise.status_id.name, "Completed")
        self.assertEqual(promise.promise_state, "running")
        self.assertEqual(self.case.state, "promise")
        self.assertEqual(self.case.promise_id, promise)
        self.assertEqual(self._shares(), [534.96, 665.04])
        self.assertIn("1,200.00 still to come", self.case.promise_message)
        self._pay(self.old)
        self.case.invalidate_recordset()
        self.assertIn("665.04 still to come", self.case.promise_message)

    def test_in_the_dialog(self):
        """G-66: the dialog of a promise asks for end and agreed amount."""
        action = self.case.with_context(
            collection_type="promise"
        ).action_plan_activity()
        form = Form(self.case.env["mail.activity"].with_context(**action["context"]))
        self.assertTrue(form.is_promise)
        self.assertFalse(form.date_end)
        form.date_end = form.date_deadline + 5 * DAY
        form.agreed_amount = 1200.0
        self.assertEqual(form.save().promise_state, "running")

    def test_planned_first(self):
        """AMB-36: without amount and end it is only planned, and cannot be done;
        given them later, it is recorded."""
        promise = self._plan("promise")
        self.assertTrue(promise.active)
        self.assertEqual(self.case.state, "not_started")
        with self.assertRaisesRegex(UserError, f"Enter what .* {self.case.name}"):
            promise.action_done()
        promise.write({"agreed_amount": 100.0, "date_end": TODAY + DAY})
        self.assertEqual(promise.promise_state, "running")
        self.assertEqual(self.case.state, "promise")

    def test_check_of_deposit_follows(self):
        """G-59: the check is the manager's, on the last day of tolerance, whoever
        recorded the promise."""
        self.company.promise_tolerance_days = 4
        promise = self._promise(days=10, case=self.case.with_user(self.env.user))
        check = self.case.next_activity_id
        self.assertEqual(check.activity_type_id, self._type("deposit"))
        self.assertEqual(check.user_id, self.manager)
        self.assertEqual(check.date_deadline, TODAY + 14 * DAY)
        self.assertEqual(check._gym_day_of(check.date_start), check.date_deadline)
        self.assertEqual(promise._check_of_deposit(), check)

    def test_impossible_amounts(self):
        """G-66, AMB-33: nothing, less than nothing, more than is open."""
        for agreed in (0.0, -5.0, 1683.11):
            with (
                self.subTest(agreed=agreed),
                self.assertRaisesRegex(UserError, self.case.name),
                self.env.cr.savepoint(),
            ):
                self._promise(agreed)
        self._pay(self.old)
        with self.assertRaisesRegex(UserError, "1,148.14"):
            self._promise(1200.0)
        self.assertFalse(self.case.promise_id)

    def test_other_amount_can_be_promised(self):
        """AMB-33, G-03: what is in no books counts; its share is the rest."""
        self.case.write({"other_amount": 200.0, "other_collected": 50.0})
        self._promise(1783.10)
        self.assertEqual(self._shares(), [534.96, 1148.14])
        self.assertEqual(self.case.other_promised, 100.0)

    def test_impossible_ends(self):
        """G-66: an end is needed, and not before the start."""
        for end in (False, TODAY - DAY):
            with (
                self.subTest(end=end),
                self.assertRaisesRegex(UserError, self.case.name),
                self.env.cr.savepoint(),
            ):
                self._plan("promise", agreed_amount=10.0, date_end=end)

    def test_completed_case(self):
        """G-66: nothing is promised in a completed case."""
        self.case.action_complete()
        with self.assertRaisesRegex(UserError, "reopen"):
            self._promise()

    def test_is_not_deleted_while_it_runs(self):
        """G-66: a running promise is replaced or ended, not deleted; with the case
        it goes, and the items are free."""
        promise = self._promise()
        with self.assertRaisesRegex(UserError, self.case.name):
            promise.unlink()
        self.case.unlink()
        self.assertFalse(promise.exists())
        self.assertFalse(self._holds(self.old | self.new))

    # === SHARES === #

    def test_examples(self):
        """AMB-31: the examples in the text of the functions."""
        self.assertFalse(doctest.testmod(promise_shares).failed)

    def test_exact_and_capped(self):
        """AMB-31: either way the shares make the total and none exceeds its debt."""
        debts = [0.01, 33.33, 0.0, 99.99, 1148.14]
        for split in (promise_shares.oldest_first, promise_shares.pro_rata):
            for cents in (1, 7, 3334, 64073, 128147):
                with self.subTest(split=split.__name__, cents=cents):
                    shares = split(cents / 100, debts)
                    self.assertEqual(round(sum(shares) * 100), cents)
                    for share, debt in zip(shares, debts, strict=True):
                        self.assertTrue(0 <= share <= debt)

    def test_pro_rata(self):
        """AMB-31: in proportion where the company says so."""
        self.company.promise_split = "pro_rata"
        self._promise()
        self.assertEqual(self._shares(), [381.41, 818.59])

    def _correct(self, first, second):
        """Save both shares as the form does, in one write of the case."""
        one, two = self.case.item_ids
        self.case.write(
            {
                "item_ids": [
                    Command.update(one.id, {"amount_promised": first}),
                    Command.update(two.id, {"amount_promised": second}),
                ]
            }
        )

    def test_shares_are_corrected_by_hand(self):
        """G-67, AMB-31: both are changed at once; the sum counts at the end."""
        self._promise()
        self._correct(200.0, 1000.0)
        self.assertEqual(self._shares(), [200.0, 1000.0])

    def test_shares_that_do_not_fit(self):
        """AMB-31: a cent too much or too little is refused with the difference; so
        are a share above its debt and one below nothing."""
        self._promise()
        for first, second, problem in (
            (200.0, 1000.01, r"0\.01 more"),
            (200.0, 999.99, r"0\.01 less"),
            (534.97, 665.03, "534.96"),
            (-0.01, 1200.01, "between 0"),
        ):
            with (
                self.subTest(first=first, second=second),
                self.assertRaisesRegex(UserError, problem),
                self.env.cr.savepoint(),
            ):
                self._correct(first, second)
            self.case.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "less than the agreed"):
            self.case.item_ids[0].amount_promised = 1.0

    def test_share_of_the_other_amount(self):
        """G-03, G-67: what is taken off the debts is on the other amount, as far as
        that goes."""
        self.case.other_amount = 100.0
        self._promise()
        self._correct(434.96, 665.04)
        self.assertEqual(self.case.other_promised, 100.0)
        with self.assertRaisesRegex(UserError, r"0\.01 less"):
            self._correct(434.95, 665.04)

    def test_no_shares_without_a_promise(self):
        """G-67: shares belong to a promise; nothing else of a debt is changed."""
        with self.assertRaisesRegex(UserError, "No promise is running"):
            self._correct(1.0, 2.0)
        with self.assertRaisesRegex(UserError, self.case.name):
            self.case.item_ids[0].amount = 1.0

    def test_promised_debt_stays(self):
        """G-67: a debt with a share is not taken out while the promise runs; one
        without a share is, and one whose invoice is deleted leaves its share."""
        self._promise(500.0)
        old, new = self.case.item_ids
        with self.assertRaisesRegex(UserError, self.old.name):
            old.unlink()
        self.old.button_draft()
        self.old.with_context(force_delete=True).unlink()
        self.assertEqual(new.amount_promised, 500.0)
        other = self._create_case()
        self.case.action_start()
        new.unlink()
        self.assertEqual(self._add(other).move_id, self.new)

    # === HOLDS === #

    def test_running_promise_holds(self):
        """Architecture 9: no reminders until the last day of tolerance; only the
        case releases its holds."""
        self.company.promise_tolerance_days = 2
        self._promise()
        holds = self._promise_holds()
        self.assertEqual(holds.move_line_id, self._receivable(self.old | self.new))
        self.assertEqual(set(holds.mapped("date_until")), {TODAY + 7 * DAY})
        self.assertEqual(set(holds.mapped("note")), {self.case.name})
        self.assertEqual(self._item(self.old).hold_reason, "promise")
        with self.assertRaisesRegex(UserError, "Promise to Pay: 2"):
            self._estimate()
        with self.assertRaisesRegex(UserError, self.case.name):
            holds.action_release()

    # === ONE AT A TIME === #

    def test_second_promise_is_refused(self):
        """Architecture 9: one runs at a time; the sentence says what to do."""
        first = self._promise()
        with self.assertRaisesRegex(UserError, r"1,200\.00 until .* replace it"):
            self._promise(300.0)
        self.assertEqual(self.case.promise_id, first)

    @mute_logger("odoo.sql_db")
    def test_two_people_at_once(self):
        """Faults: the database refuses a second promise that another transaction
        could not see."""
        self._promise()
        second = self._plan("promise").sudo()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            second.promise_state = "running"

    def test_replacing_after_asking(self):
        """Architecture 9: the button asks; on yes the new one takes the place of
        the old, with its shares, its holds and its check of the deposit."""
        first = self._promise()
        case = self.case.with_context(collection_type="promise")
        question = case.action_plan_activity()
        wizard = (
            case.env[question["res_model"]]
            .with_context(**question["context"])
            .create({})
        )
        self.assertIn("1,200.00", wizard.message)
        action = wizard.action_confirm()
        self.assertEqual(first.promise_state, "running", "not before it is recorded")
        second = self._promise(
            300.0, days=8, case=self.case.with_context(**action["context"])
        )
        self.assertEqual(first.promise_state, "replaced")
        self.assertEqual(self.case.promise_id, second)
        self.assertEqual(self._shares(), [300.0, 0.0])
        self.assertEqual(len(self._promise_holds()), 2)
        check = self.case.activity_ids
        self.assertEqual(check.date_deadline, TODAY + 11 * DAY, "one check, the new")

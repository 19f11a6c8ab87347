"""What becomes of promises: kept, partly kept, broken; at their end or before it."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..base.common import TODAY
from .common_case_activity import DAY, CaseActivityCommon

CASE_LOG = "odoo.addons.gym_dunning.models.cases.gym_collection_case_promise"


class TestCasePromiseDue(CaseActivityCommon):
    """Laura promised 1200 until five days from TODAY; three more are tolerated."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.promise = cls._promise()

    def _cron(self, days):
        """Let the scheduled action work as of some days after TODAY."""
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=60.0
        ):
            self.env["gym.collection.case"]._cron_promises(TODAY + days * DAY)

    def _call(self):
        return self.case.activity_ids.filtered(
            lambda one: one.activity_type_id == self._type("call")
        )

    # === THE SCHEDULED ACTION === #

    def test_scheduled_daily(self):
        """Architecture 11: it is there, daily, and calls what is tested here."""
        cron = self.env.ref("gym_dunning.ir_cron_promises")
        self.assertEqual((cron.interval_number, cron.interval_type), (1, "days"))
        self.assertIn("_cron_promises()", cron.code)

    def test_runs_until_the_tolerance_is_over(self):
        """G-66: on the last day it can still be kept."""
        self._cron(8)
        self.assertEqual(self.promise.promise_state, "running")
        self.assertEqual(self.case.state, "promise")

    def test_broken(self):
        """AMB-36: nothing came: the case is in progress again, its items are free,
        its shares empty, and the manager has a call instead of the check."""
        self._cron(9)
        self.assertEqual(self.promise.promise_state, "broken")
        self.assertEqual(self.case.state, "in_progress")
        self.assertFalse(self._promise_holds())
        self.assertEqual(len(self._holds(self.old | self.new)), 2, "still its items")
        self.assertEqual(self._shares(), [0.0, 0.0])
        self.assertFalse(self.case.promise_id)
        call = self.case.activity_ids
        self.assertEqual(call, self._call())
        self.assertEqual(call.user_id, self.manager)
        self.assertEqual(call.date_deadline, TODAY + 9 * DAY)
        notes = " ".join(self.case.message_ids.mapped("body"))
        self.assertRegex(notes, r"1,200\.00 .*Broken. .*0\.00 was received")

    def test_partly_kept(self):
        """AMB-36: what came is named; the rest is called for."""
        self._pay(self.old)
        self._cron(9)
        self.assertEqual(self.promise.promise_state, "partial")
        self.assertEqual(self.promise.collected_amount, 534.96)
        self.assertEqual(self.case.state, "in_progress")
        self.assertIn("534.96 received", self._call().summary)

    def test_kept_at_once(self):
        """G-66: the agreed amount is there: kept before its end. The rest stays open
        and the manager keeps his check."""
        self._pay(self.old)
        self._pay(self.new, amount=665.04)
        self._cron(1)
        self.assertEqual(self.promise.promise_state, "kept")
        self.assertEqual(self.promise.collected_amount, 1200.0)
        self.assertFalse(self._promise_holds())
        self.assertEqual(self.case.state, "promise", "never back by itself")
        self.assertIn("483.10 is still open", self._last_note())
        self.assertEqual(self.case.activity_ids.activity_type_id, self._type("deposit"))

    def test_kept_and_nothing_open(self):
        """AMB-35: everything came: the case says that it can be completed; the check
        of the deposit does it."""
        self._pay(self.old | self.new)
        self._cron(1)
        self.assertIn("can be completed", self._last_note())
        self.case.activity_ids.action_done()
        self.assertEqual(self.case.state, "completed")

    def test_only_what_came_after_the_promise(self):
        """G-66: what was paid before does not keep it; a cent less than agreed is
        not enough."""
        self._cron(9)
        self._pay(self.old, amount=500.0)
        second = self._promise(600.0, days=20)
        self._pay(self.old)
        self._pay(self.new, amount=565.03)
        self._cron(10)
        self.assertEqual(second.promise_state, "running")
        self._pay(self.new, amount=0.01)
        self._cron(10)
        self.assertEqual(second.promise_state, "kept")

    def test_paid_and_taken_back(self):
        """Faults: a payment that is returned was none; an invoice reset to draft is
        not paid."""
        self._pay(self.old)
        self._receivable(self.old).remove_move_reconcile()
        self.new.button_draft()
        self._cron(9)
        self.assertEqual(self.promise.promise_state, "broken")

    def test_other_amount_counts(self):
        """G-03: what came of the amount that is in no books counts too."""
        self.case.write({"other_amount": 700.0, "other_collected": 100.0})
        promise = self._promise(
            1300.0, case=self.case.with_context(replace_promise=True)
        )
        self._pay(self.old)
        self.case.other_collected = 600.0
        self._cron(9)
        self.assertEqual(promise.promise_state, "partial")
        self.assertEqual(promise.collected_amount, 1034.96)

    def test_items_added_later(self):
        """G-67: a debt that joins later has no part in the promise."""
        late = self._create_invoice(self.laura, amount=2000.0)
        self.case._add_items(self._receivable(late))
        self._pay(late)
        self._cron(9)
        self.assertEqual(self.promise.promise_state, "broken")

    # === FAULTS === #

    def test_manager_who_left(self):
        """Faults: the call of an archived manager waits on the case, for whoever
        gets it."""
        self.manager.active = False
        self._cron(9)
        self.assertEqual(self.promise.promise_state, "broken")
        self.assertTrue(self._call())
        self.assertFalse(self._call().user_id)

    def test_deleted_type(self):
        """Faults: without the delivered type it is the first that takes part."""
        self._type("call").unlink()
        self._cron(9)
        self.assertTrue(self.case.activity_ids.activity_type_id.collection_case)

    def test_one_bad_case_does_not_stop_the_others(self):
        """Faults: what fails with one case is logged, and tried again."""
        paul = self._create_member("Kent Paul", debt_manager_id=self.manager.id)
        other = self._create_case(paul)
        other._add_items(self._receivable(self._create_invoice(paul, amount=50.0)))
        theirs = self._promise(50.0, case=other, days=6)
        # every move of Laura's case fails
        self.env.cr.execute(
            "ALTER TABLE gym_collection_case ADD CONSTRAINT bad"
            " CHECK (id <> %s OR state <> 'in_progress')",
            [self.case.id],
        )
        with mute_logger("odoo.sql_db"), self.assertLogs(CASE_LOG, "ERROR") as log:
            self._cron(20)
        self.assertIn(self.case.name, log.output[0])
        self.assertEqual(theirs.promise_state, "broken")
        self.assertEqual(self.promise.promise_state, "running")

    # === BY A PERSON === #

    def test_completed_while_it_runs(self):
        """AMB-36: completing decides the promise; nothing of it is left behind."""
        self._pay(self.old)
        self.case.action_complete()
        self.assertEqual(self.promise.promise_state, "partial")
        self.assertFalse(self._holds(self.old | self.new))
        self.assertFalse(self.case.activity_ids)
        self.case.action_reopen()
        self.assertFalse(self.case.promise_id)

    def test_taken_up_again(self):
        """AMB-36: a person may go back, which ends the promise."""
        self.case.action_start()
        self.assertEqual(self.case.state, "in_progress")
        self.assertEqual(self.promise.promise_state, "broken")
        self.assertFalse(self._promise_holds())

    def test_check_of_deposit_finds_it_kept(self):
        """G-59: doing the check closes a promise that is kept, not one that is not."""
        check = self.case.activity_ids
        self._pay(self.old)
        early = check.copy()
        early.action_done()
        self.assertEqual(self.promise.promise_state, "running")
        self._pay(self.new, amount=665.04)
        check.action_done()
        self.assertEqual(self.promise.promise_state, "kept")
        self.assertEqual(self.case.state, "promise")
        self._promise(10.0)
        self.case.action_start()
        self.assertTrue((check | early).exists(), "what was done stays")

    def test_state_is_nobodys_to_write(self):
        """Rights: people cannot declare a promise kept, nor an activity one."""
        with self.assertRaisesRegex(UserError, "is done"):
            self.promise.promise_state = "kept"
        for vals in ({"promise_state": "running"}, {"collected_amount": 5.0}):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "derived"):
                self._plan("promise", **vals)
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "derived"):
                self._plan("call").write(vals)

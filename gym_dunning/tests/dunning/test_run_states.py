"""Second halves: stopped then cancelled, failed then retried, started twice."""

from unittest.mock import patch

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import new_test_user
from odoo.tools import html2plaintext, mute_logger

from ...models.dunning import gym_dunning_run_cancel
from ...models.dunning import (
    gym_dunning_run_generate as generation,
)
from ..base.common import TODAY
from ..base.common_english import EnglishCommon
from ..cases.common_case_run import CaseRunCommon
from ..renewal.common_contract import ContractCommon
from .common_run import RunCommon, day_after

PROCESS_LOG = "odoo.addons.gym_dunning.models.base.gym_process"


class StatesCommon(EnglishCommon):
    """Jobs that are stopped, or that a defect stops."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = "en_US"
        cls.clerk = new_test_user(
            cls.env,
            "states_clerk",
            "gym_dunning.group_dunning_user,gym_dunning.group_debt_manager",
            company_id=cls.company.id,
            lang="en_US",
        )

    def _process(self, run, step=None):
        """Return the last job of a run, as a clerk sees it."""
        processes = run.process_ids.filtered(lambda one: step in (None, one.step))
        return processes.sorted("id")[-1:].with_user(self.clerk)

    def _stop_by_defect(self, run):
        """A defect stops the job of the run, which is rolled back."""
        with (
            patch.object(type(run), "_process_batch", side_effect=ZeroDivisionError),
            mute_logger(PROCESS_LOG, f"{PROCESS_LOG}_error"),
        ):
            self._work()

    def _refused(self, sentence):
        return self.assertRaisesRegex(UserError, sentence)


class TestRunStates(StatesCommon, RunCommon):
    """A run of reminders (house H1, M1, M2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls.env["res.partner"].browse(
            cls._create_late_member(f"Member {number}").id for number in range(6)
        )
        cls.account = cls.company_data["default_account_receivable"].copy()
        cls.one.fee_product_id = cls.fee_product

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(generation, "BATCH_SIZE", 3))

    def _half_done(self):
        """A run that was stopped after three of six."""
        run = self._estimate()
        run.action_generate()
        self._process(run).sudo()._work_batch()
        self._process(run).action_cancel()
        self.assertEqual((run.state, run.issued_count), ("done", 3))
        return run

    def _with_failure(self):
        """A run that is done, but for the last member."""
        run = self._estimate()
        self._shut(self.members[-1])
        run.action_generate()
        self._work()
        self.assertEqual((run.state, run.failed_count), ("done", 1))
        return run

    def _shut(self, member):
        member.property_account_receivable_id = self.account
        self.account.active = False

    def _proposed(self, run):
        return run.reminder_ids.filtered(lambda one: one.state == "proposed")

    # === STOPPED, THEN CANCELLED (H1) === #

    def test_cancelled_run_proposes_nothing(self):
        """H1: stopped half way, then cancelled; all six are free for the next run."""
        run = self._half_done()
        run.action_cancel()
        self.assertEqual(run.state, "cancelled")
        self.assertFalse(self._proposed(run))
        following = self._estimate()
        self.assertEqual(following.reminder_ids.partner_id, self.members)
        self.assertFalse(following.exclusion_ids)

    def test_items_of_a_cancelled_run_can_be_notified(self):
        """H1: Notify takes what a stopped and cancelled run left."""
        self._half_done().action_cancel()
        items = self._item(self._invoices(self.members[-1]))
        items.action_notify()

    def test_stopped_run_leaves_its_rest_to_the_next(self):
        """H1: stopped and not cancelled, the rest is the next estimate's."""
        run = self._half_done()
        following = self._estimate(day_after(1))
        self.assertEqual(len(following.reminder_ids), 3)
        self.assertFalse(self._proposed(run))
        self.assertFalse(
            following.exclusion_ids.filtered(lambda one: one.reason == "in_other_run")
        )

    def test_rest_of_an_item_that_changed_hands(self):
        """H1: the rest of a stopped run is free although the debtor is another now."""
        run = self._half_done()
        [reminder] = self._proposed(run)[:1]
        item = reminder.line_ids.move_line_id
        heir = self._create_member("Heir")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET partner_id = %s WHERE id = %s",
            [heir.id, item.id],
        )
        self.env.invalidate_all()
        following = self.env["gym.dunning.run"].create(
            {"date": TODAY, "policy_id": self.policy.id, "item_ids": [(6, 0, item.ids)]}
        )
        following._estimate()
        self.assertEqual(following.reminder_ids.partner_id, heir)

    def test_failed_job_given_up_then_cancelled(self):
        """H1: a job that a defect stopped is no dead end: resume it, or give it up."""
        run = self._estimate()
        run.action_generate()
        self._process(run).sudo()._work_batch()
        self._stop_by_defect(run)
        self.assertEqual((run.state, run.process_state), ("running", "failed"))
        with self._refused("Press Resume to finish it, or Give Up"):
            run.action_cancel()
        run.with_user(self.clerk).action_give_up()
        self.assertEqual((run.state, run.process_state), ("done", "cancelled"))
        run.action_cancel()
        self.assertEqual(run.state, "cancelled")
        self.assertEqual(len(self._estimate().reminder_ids), 6)

    def test_what_was_given_up_is_said(self):
        """H1: the history tells who ended the run, how far it had come and why; the
        run shows what it left."""
        run = self._estimate()
        run.action_generate()
        self._process(run).sudo()._work_batch()
        self._stop_by_defect(run)
        self.assertFalse(run.left_count)
        run.with_user(self.clerk).action_give_up()
        messages = run.message_ids.sorted("id")[-2:]
        self.assertEqual(set(messages.author_id), {self.clerk.partner_id})
        told = html2plaintext("".join(messages.mapped("body")))
        self.assertIn("was ended early: 3 of 6 done.", told)
        self.assertIn("The next estimate proposes the rest again.", told)
        self.assertIn("It had stopped by itself: An unexpected error", told)
        self.assertEqual(run.left_count, 3)
        self.assertIn("An unexpected error", self._process(run).message)

    def test_retry_is_offered_while_it_is_possible(self):
        """H1: what failed in a job that was given up has no button that is refused."""
        ours = [("model", "like", "gym.%"), ("arch_db", "like", '"action_retry"')]
        views = self.env["ir.ui.view"].search(ours)
        self.assertGreaterEqual(len(views), 6)
        for view in views:
            with self.subTest(view=view.name):
                tree = etree.fromstring(view.arch_db)
                [button] = tree.xpath("//button[@name='action_retry']")
                self.assertIn("not parent.can_retry", button.get("invisible"))

    def test_stopped_by_hand_has_no_reason(self):
        """H1: who stops a job that works well reads of no defect."""
        run = self._estimate()
        run.action_generate()
        self._process(run).action_cancel()
        told = html2plaintext("".join(run.message_ids.mapped("body")))
        self.assertIn("0 of 6 done. The next estimate", told)
        self.assertNotIn("It had stopped", told)

    def test_failed_job_given_up_before_anything_was_done(self):
        """H1: nothing was issued, so it is an estimate again and can be discarded."""
        run = self._estimate()
        run.action_generate()
        self._stop_by_defect(run)
        run.with_user(self.clerk).action_give_up()
        self.assertEqual(run.state, "estimated")
        run.with_user(self.clerk).action_discard()
        self.assertFalse(run.exists())

    def test_cancelling_stopped_and_cancelled_again(self):
        """H1: a cancelling that was stopped half way can be begun again."""
        run = self._generate()
        self.startPatcher(patch.object(gym_dunning_run_cancel, "BATCH_SIZE", 2))
        run.action_cancel()
        self._process(run).sudo()._work_batch()
        self._process(run).action_cancel()
        self.assertEqual((run.state, run.issued_count), ("done", 4))
        run.action_cancel()
        self._work()
        self.assertEqual((run.state, run.issued_count), ("cancelled", 0))
        credited = run.reminder_ids.fee_move_id.reversal_move_ids
        self.assertEqual(len(credited), 6, "each fee is credited once")

    def test_nothing_is_delivered_while_it_is_taken_back(self):
        """H1: what is being cancelled is neither sent nor printed meanwhile."""
        run = self._generate()
        self.startPatcher(patch.object(gym_dunning_run_cancel, "BATCH_SIZE", 2))
        run.action_cancel()
        for deliver in (run.action_send, run.action_print):
            with self._refused("being taken back"):
                deliver()

    # === RETRIED (M1) === #

    def test_cancelled_run_is_not_revived(self):
        """M1: Retry Failed of a cancelled run issues nothing and says so."""
        run = self._with_failure()
        failure = run.failure_ids.with_user(self.clerk)
        run.action_cancel()
        self.account.active = True
        for retry in (
            run.with_user(self.clerk).action_retry_failed,
            failure.action_retry,
            self._process(run, "generate").action_retry_failed,
        ):
            with self._refused("is cancelled, so nothing more is done"):
                retry()
        self.assertFalse(run.can_retry)
        self.assertFalse(failure.retried)
        self._work()
        self.assertEqual(run.state, "cancelled")
        self.assertEqual(len(self._invoices(self.members[-1])), 1, "no fee")

    def test_failures_of_both_jobs(self):
        """M1: of a run that is being taken back only the taking back goes on."""
        run = self._with_failure()
        with patch.object(
            type(run), "_cancel_reminders", side_effect=UserError("With the bank.")
        ):
            run.action_cancel()
        self.assertEqual((run.state, run.failed_count), ("done", 6))
        generated = self._process(run, "generate")
        with self._refused("partly taken back"):
            generated.action_retry_failed()
        self.account.active = True
        self.assertTrue(run.can_retry)
        run.with_user(self.clerk).action_retry_failed()
        self.assertEqual(run.state, "done", "it is not generated again")
        self._work()
        self.assertEqual((run.state, generated.state), ("cancelled", "done"))
        self.assertFalse(run.issued_count)

    def test_stopped_job_stays_stopped(self):
        """M1: neither Resume nor Retry starts what a person stopped."""
        run = self._estimate()
        self._shut(self.members[0])
        run.action_generate()
        process = self._process(run)
        process.sudo()._work_batch()
        self.assertEqual(process.failed_count, 1)
        process.action_cancel()
        self.account.active = True
        for start in (
            process.action_resume,
            process.action_retry_failed,
            run.with_user(self.clerk).action_resume,
            run.with_user(self.clerk).action_retry_failed,
        ):
            with self._refused("was stopped for good"):
                start()
        self.assertFalse(process.can_retry)
        self.assertEqual(process.state, "cancelled")
        self.assertEqual(len(self._estimate().reminder_ids), 4, "the rest is not lost")

    def test_job_that_is_done_is_not_resumed(self):
        """M1: Resume is for what stopped."""
        run = self._generate()
        with self._refused("is already done"):
            self._process(run).action_resume()

    def test_retry_while_the_job_is_at_work(self):
        """E-69c: a failure tried again meanwhile is taken up by the same job."""
        run = self._estimate()
        self._shut(self.members[0])
        run.action_generate()
        process = self._process(run)
        process.sudo()._work_batch()
        self.account.active = True
        process.failure_ids.action_retry()
        self.assertEqual(process.state, "running")
        self._work()
        self.assertEqual((run.state, run.issued_count), ("done", 6))

    def test_second_cancelling_takes_the_failures_over(self):
        """M1: pressed again instead of Retry Failed, no failure is left behind."""
        run = self._generate()
        with patch.object(
            type(run), "_cancel_reminders", side_effect=UserError("With the bank.")
        ):
            run.action_cancel()
        self.assertEqual(run.failed_count, 6)
        run.action_cancel()
        self.assertEqual((run.state, run.failed_count), ("cancelled", 0))

    # === WRITTEN BY HAND (M2) === #

    def test_fields_are_not_written_by_hand(self):
        """M2: the API changes neither the state nor what the estimate was made of."""
        run = self._generate().with_user(self.clerk)
        for name, value in {
            "state": "estimated",
            "date": "2026-01-01",
            "name": "Mine",
            "policy_id": self.policy.copy().id,
            "company_id": self.company.id,
            "min_days_overdue": 90,
            "min_balance": 1.0,
            "min_invoice_balance": 1.0,
            "payment_days": 90,
            "auto_send": True,
            "is_automatic": True,
            "include_direct_debit": True,
        }.items():
            with self.subTest(name), self._refused("cannot be changed by hand"):
                run.write({name: value})
        self.assertEqual(run.state, "done")

    def test_runs_are_made_as_estimates(self):
        """M2: nobody makes a run that is done, or the scheduled action's."""
        runs = self.env["gym.dunning.run"].with_user(self.clerk)
        for vals in (
            {"state": "done"},
            {"name": "RUN/0"},
            {"is_automatic": True},
        ):
            with self.subTest(vals), self._refused("cannot be changed by hand"):
                runs.create({"policy_id": self.policy.id} | vals)

    def test_wizard_works_for_a_clerk(self):
        """E-38: a clerk estimates, changes filters, generates and cancels."""
        wizard = (
            self.env["gym.dunning.generate"]
            .with_user(self.clerk)
            .create({"date": TODAY, "min_days_overdue": 5, "payment_days": 12})
        )
        run = self._estimated(wizard)
        run = run.with_user(self.clerk)
        self.assertEqual((run.date, run.min_days_overdue), (TODAY, 5))
        again = self.env["gym.dunning.generate"].browse(
            run.action_change_filters()["res_id"]
        )
        again.with_user(self.clerk).min_days_overdue = 7
        again.with_user(self.clerk).action_continue()
        self.assertEqual((run.min_days_overdue, run.state), (7, "estimated"))
        run.action_generate()
        self._work()
        run.action_cancel()
        self.assertEqual(run.state, "cancelled")

    def test_issued_reminders_keep_their_run(self):
        """M2: not even a run whose state was forged vanishes with its reminders."""
        run = self._half_done()
        reminders = run.reminder_ids
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE gym_dunning_run SET state = 'estimated' WHERE id = %s", [run.id]
        )
        run.invalidate_recordset()
        for user in (self.clerk, self.env.ref("base.user_root")):
            with self._refused("its history is kept"):
                run.with_user(user).unlink()
        self.assertEqual(len(reminders.exists()), 6)

    def test_estimate_is_deleted_with_its_proposals(self):
        """E-37: discarding leaves no trace."""
        before = self._count_rows()
        self._estimate().with_user(self.clerk).unlink()
        self.assertEqual(self._count_rows(), before)

    # === STARTED TWICE === #

    def test_second_start_says_so(self):
        """Kind 14: whoever presses Generate second reads that it was started."""
        run = self._estimate().with_user(self.clerk)
        self.assertFalse(run.action_generate())
        answer = run.action_generate()
        self.assertEqual(answer["tag"], "display_notification")
        self.assertIn("already been started", answer["params"]["message"])
        self._work()
        self.assertIn("is already done", run.action_generate()["params"]["message"])
        self.assertEqual(len(run.process_ids), 1)

    def test_second_print_says_so(self):
        """Kind 14: letters that are being made are not made a second time."""
        run = self._generate()
        self.env["gym.process"]._start(run, "Letters", "print", 6)
        with self._refused("Letters has already been started"):
            run.action_print()


class TestRenewalStates(StatesCommon, ContractCommon):
    """Renewals and their notices have the same gates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(3):
            cls._create_contract(cls._create_member(f"Member {number}"))

    def test_fields_are_not_written_by_hand(self):
        """M2: neither a renewal nor a run of notices is rewritten over the API."""
        run = self._renew().with_user(self.clerk)
        for name, value in {
            "state": "estimated",
            "date": "2026-01-01",
            "name": "Mine",
            "date_from": "2026-01-01",
            "date_to": "2026-12-31",
            "price_change": "list",
            "price_percent": 10.0,
            "is_automatic": True,
        }.items():
            with self.subTest(name), self._refused("cannot be changed by hand"):
                run.write({name: value})
        notices = self.env["gym.renewal.notice.run"].create({"date": TODAY})
        for name, value in {
            "state": "done",
            "date": "2026-01-01",
            "name": "Mine",
            "price_change": "list",
            "price_percent": 10.0,
        }.items():
            with self.subTest(name), self._refused("cannot be changed by hand"):
                notices.with_user(self.clerk).write({name: value})

    def test_what_was_renewed_keeps_its_run(self):
        """M2: a renewal whose state was forged is not deleted."""
        run = self._renew()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE gym_renewal_run SET state = 'estimated' WHERE id = %s", [run.id]
        )
        run.invalidate_recordset()
        with self._refused("its history is kept"):
            run.unlink()

    def test_stopped_renewal_goes_on_by_its_button(self):
        """M1: given up before anything was renewed, it is an estimate again."""
        run = self._estimate_renewal()
        run.action_generate()
        self._stop_by_defect(run)
        self.assertEqual(run.process_state, "failed")
        process = self._process(run)
        run.with_user(self.clerk).action_give_up()
        self.assertEqual(run.state, "estimated")
        with self._refused("was stopped for good"):
            process.action_resume()
        run.with_user(self.clerk).action_generate()
        self._work()
        self.assertEqual((run.state, run.renewed_count), ("done", 3))

    def test_second_start_says_so(self):
        """Kind 14: whoever presses Renew second reads that it was started."""
        run = self._estimate_renewal()
        self.assertFalse(run.action_generate())
        self.assertEqual(run.action_generate()["tag"], "display_notification")
        self._work()
        self.assertEqual(run.action_generate()["tag"], "display_notification")
        self.assertEqual(len(run.process_ids), 1)


class TestCaseRunStates(StatesCommon, CaseRunCommon):
    """Mass creations have the same gates."""

    def test_fields_are_not_written_by_hand(self):
        """M2: neither the state nor the criteria are rewritten over the API."""
        run = self._mass_create().with_user(self.clerk)
        for name, value in {
            "state": "estimated",
            "date": "2026-01-01",
            "name": "Mine",
            "create_new": False,
            "debt_manager_id": self.clerk.id,
        }.items():
            with self.subTest(name), self._refused("cannot be changed by hand"):
                run.write({name: value})

    def test_what_was_made_keeps_its_run(self):
        """M2: a mass creation whose state was forged is not deleted."""
        run = self._mass_create()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE gym_case_run SET state = 'estimated' WHERE id = %s", [run.id]
        )
        run.invalidate_recordset()
        with self._refused("its history is kept"):
            run.unlink()

    def test_second_start_says_so(self):
        """Kind 14: whoever starts second reads that it was started."""
        run = self._summary()
        run.action_generate()
        self.assertEqual(run.action_generate()["tag"], "display_notification")
        self._work()
        self.assertEqual(run.action_generate()["tag"], "display_notification")
        self.assertEqual(len(run.process_ids), 1)

"""The scheduled action: what it sends, what keeps it from sending, who is told."""

from itertools import product

from odoo import sql_db
from odoo.exceptions import AccessError

from ..base.common import TODAY
from .common_automatic import AutomaticCommon
from .common_run import day_after


class TestThreeConditions(AutomaticCommon):
    """Nothing is sent automatically unless all three conditions hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cell = cls._cell(active=False, auto_send=False)
        cls._owe(cls.laura)

    def _set(self, activated, automatic, on):
        self.cell.write({"active": activated, "auto_send": automatic})
        self._switch_cron(on)

    def _let_scheduler_work(self):
        """Start the action only when Odoo's scheduler would."""
        if self._is_picked():
            self._cron_dunning()

    def test_eight_combinations(self):
        """S-16 to S-19: of the eight combinations one sends; the status tells why."""
        words = ("not activated", "'Send Automatically' is off", "scheduled action")
        for held in sorted(product((True, False), repeat=3)):
            with self.subTest(held):
                self._set(*held)
                self._let_scheduler_work()
                self.assertEqual(len(self._mails()), int(all(held)))
                self.assertEqual(len(self._reminded()), int(all(held)))
                status = self.policy.auto_send_status
                self.assertEqual([word not in status for word in words], [*held])

    def test_status_is_empty_when_nothing_lacks(self):
        """S-16 to S-18: no line when all three hold."""
        self._set(True, True, True)
        self.assertEqual(self.policy.auto_send_status, "")

    def test_template_is_half_of_the_second_condition(self):
        """S-17, S-19: without a template nothing is sent, and both are told."""
        self._set(True, True, True)
        self.policy.level_ids[0].mail_template_id = False
        self.assertIn("level One", self.policy.auto_send_status)
        self._let_scheduler_work()
        self.assertFalse(self._runs())
        self.assertIn("One", self._alerts(self.policy).note)
        self.assertEqual(self._alerts(self.policy).user_id, self.responsible)

    def test_level_without_document_needs_no_template(self):
        """S-17: what sends nothing needs no e-mail template."""
        self._set(True, True, True)
        self.policy.level_ids[2].mail_template_id = False
        self.assertEqual(self.policy.auto_send_status, "")

    def test_delivered_off(self):
        """S-18, AMB-22: the scheduled action is delivered off, daily."""
        self.assertFalse(self.cron.active)
        self.assertFalse(self._is_picked())
        self.assertEqual(
            (self.cron.interval_number, self.cron.interval_type), (1, "days")
        )

    def test_policy_without_cells_is_by_hand(self):
        """S-04, S-16: taking part wholly is not being sent automatically."""
        self._switch_cron(True)
        self.cell.unlink()
        self.assertIn("by hand only", self.policy.auto_send_status)
        self._let_scheduler_work()
        self.assertFalse(self._runs())

    def test_archived_policy_sends_nothing(self):
        """S-16: an archived policy is out of use, and says so."""
        self._set(True, True, True)
        self.policy.active = False
        self.assertIn("archived", self.policy.auto_send_status)
        self._let_scheduler_work()
        self.assertFalse(self._runs())


class TestWhoMaySwitch(AutomaticCommon):
    """The scheduled action is the system administrator's alone."""

    def test_manager_sees_and_cannot_switch(self):
        """S-20, AMB-22: interval and next run are shown; switching is refused."""
        self._switch_cron(True)
        policy = self.policy.with_env(self._as(self.responsible))
        self.assertTrue(policy.cron_active)
        self.assertEqual(policy.cron_interval, "1 Days")
        self.assertEqual(policy.cron_nextcall, self.cron.nextcall)
        with self.assertRaises(AccessError):
            self.cron.with_user(self.responsible).sudo(False).active = False
        with self.assertRaises(AccessError):
            policy.action_open_scheduled_action()

    def test_no_next_run_while_off(self):
        """S-18: what is off has no next run."""
        policy = self.policy.with_env(self._as(self.responsible))
        self.assertFalse(policy.cron_active)
        self.assertFalse(policy.cron_nextcall)

    def test_system_administrator_opens_it(self):
        """S-06, S-20: the button leads the system administrator to the switch."""
        admin = self.env.ref("base.user_admin")
        action = self.policy.with_user(admin).action_open_scheduled_action()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("ir.cron", self.cron.id)
        )


class TestAutomaticRun(AutomaticCommon):
    """What one pass of the scheduled action does."""

    def test_sends_through_the_outbox(self):
        """S-01, S-05: estimated, generated and queued without anybody's doing."""
        self._cell()
        self._owe(self.laura)
        self._cron_dunning()
        run = self._runs()
        self.assertEqual((run.state, run.auto_send, run.date), ("done", True, TODAY))
        self.assertEqual(self._mails().res_id, run.reminder_ids.id)

    def test_second_time_on_a_day_does_nothing(self):
        """S-05, E-08: run again, no run, no reminder, no e-mail, no activity."""
        self._cell()
        self._owe(self.laura)
        self._cron_dunning()
        before = (self._runs(), self._reminded(), self._mails())
        self._cron_dunning()
        self.assertEqual((self._runs(), self._reminded(), self._mails()), before)
        self.assertFalse(self._alerts(self.policy))

    def test_run_taken_back_is_not_made_again_that_day(self):
        """S-20: who cancels the day's run is not overruled by the next pass."""
        self._cell()
        self._owe(self.laura)
        self._cron_dunning()
        self._runs().action_cancel()
        self._cron_dunning()
        self.assertEqual(self._runs().mapped("state"), ["cancelled"])

    def test_next_level_waits_for_deadline_and_delivery(self):
        """S-14, AMB-02, AMB-40: daily passes send the second level once, in time."""
        self._cell()
        self._owe(self.laura)
        self._cron_dunning()
        self._cron_dunning(day_after(11))
        self.assertEqual(len(self._reminded()), 1, "it was not delivered yet")
        self._deliver(self._runs())
        self._reminded()._set_delivery("sent")
        self._cron_dunning(day_after(5))
        self.assertEqual(len(self._reminded()), 1, "its deadline is running")
        self._cron_dunning(day_after(11))
        self.assertEqual(
            self._reminded().sorted("id").level_id.mapped("name"), ["One", "Two"]
        )

    def test_nobody_to_remind_is_no_failure(self):
        """E-39: a pass that finds nobody leaves no run and alarms nobody."""
        cell = self._cell()
        self._cron_dunning()
        self.assertFalse(self._runs())
        self.assertFalse(self._alerts(self.policy))
        self.assertEqual(cell.date_last_automatic, TODAY)

    def test_two_schedulers_do_the_work_once(self):
        """S-05: while another one works on the centre, this one passes by."""
        self._cell()
        self._owe(self.laura)
        other = sql_db.db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(other.close)
        runs = self.env["gym.dunning.run"]
        runs = runs.with_env(self.env(cr=other))
        self.assertTrue(runs._lock_automatic(self.policy, self.holding))
        self._cron_dunning()
        self.assertFalse(self._runs())
        other.rollback()
        self._cron_dunning()
        self.assertEqual(len(self._runs()), 1)

    def test_out_of_time_goes_on_where_it_stopped(self):
        """S-05: what did not fit into the scheduler's time comes first next time."""
        for centre in (self.centre_a, self.centre_b):
            self._cell(centre)
            self._owe(self.laura, centre)
        progress = self._cron_dunning(seconds=0.0)
        self.assertEqual(len(self._runs()), 1)
        self.assertEqual(progress.call_args.kwargs, {"remaining": 1})
        progress = self._cron_dunning(seconds=0.0)
        self.assertEqual(self._runs().company_id, self.centre_a | self.centre_b)
        self.assertEqual(progress.call_args.kwargs, {"remaining": 0})


class TestAutomaticCentres(AutomaticCommon):
    """Which centres, journals and methods a pass reaches."""

    def test_holding_covers_its_centres(self):
        """S-03, AMB-08: one run for the topmost centre and all below it."""
        self._cell(self.holding)
        self._cell(self.centre_a)
        for company in self.group:
            self._owe(self.laura, company)
        self._cron_dunning()
        self.assertEqual(self._runs().company_id, self.holding)
        self.assertEqual(self._reminded().company_id, self.group)

    def test_centres_by_themselves(self):
        """S-03: without the holding each centre gets its own run."""
        self._cell(self.centre_a)
        self._cell(self.centre_b)
        for company in self.group:
            self._owe(self.laura, company)
        self._cron_dunning()
        self.assertEqual(self._runs().company_id, self.centre_a | self.centre_b)
        self.assertEqual(self._reminded().company_id, self.centre_a | self.centre_b)

    def test_centre_by_hand_below_an_automatic_holding(self):
        """S-17, S-24: the nearer cell decides; what is by hand stays for hands."""
        self._cell(self.holding)
        self._cell(self.centre_a, auto_send=False)
        for company in self.group:
            self._owe(self.laura, company)
        self._cron_dunning()
        self.assertEqual(self._reminded().company_id, self.holding | self.centre_b)
        left_out = self._runs().exclusion_ids
        self.assertEqual(left_out.company_id, self.centre_a)
        self.assertEqual(left_out.mapped("reason"), ["inactive"])
        by_hand = self._estimate_as(self.env, self.holding)
        self.assertEqual(by_hand.reminder_ids.company_id, self.centre_a)

    def test_journals_by_hand_and_automatic_in_one_run(self):
        """S-04, S-17: of two journals one is sent automatically."""
        by_hand = self._owe(self.laura)
        journal = by_hand.journal_id.copy(
            {"default_account_id": by_hand.journal_id.default_account_id.id}
        )
        wanted = self._owe(self.paul, journal_id=journal.id)
        self._cell(auto_send=False)
        self._cell(journal_id=journal.id)
        self._cron_dunning()
        self.assertEqual(self._reminded().line_ids.move_id, wanted)

    def test_left_out_by_date_stays_out(self):
        """S-23: what is due before the chosen day gets no automatic reminder."""
        old, new = self._owe(self.laura, days=40), self._owe(self.paul, days=20)
        self._cell(ignore_due_before=day_after(-30))
        self._cron_dunning()
        self.assertEqual(self._reminded().line_ids.move_id, new)
        self.assertEqual(self._runs().exclusion_ids.move_id, old)

    def test_shared_policy_serves_separate_companies(self):
        """S-03: a policy of all companies makes a run for each of them."""
        self.policy.company_id = False
        self._cell(self.holding)
        self._cell(self.stranger)
        for company in (self.centre_b, self.stranger):
            self._owe(self.laura, company)
        self._cron_dunning()
        self.assertEqual(self._runs().company_id, self.holding | self.stranger)
        self.assertEqual(self._reminded().company_id, self.centre_b | self.stranger)

    def test_archived_centre_is_passed_by(self):
        """S-16: a centre that was closed is not worked any more."""
        self._cell(self.stranger, policy_id=self._broken_free_policy().id)
        self.stranger.active = False
        self._cron_dunning()
        self.assertFalse(self._runs())

    def _broken_free_policy(self):
        return self._create_policy(name="Stranger", company_id=self.stranger.id)

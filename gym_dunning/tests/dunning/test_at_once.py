"""Reminding at once: who, when, and what keeps it from happening."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..base.common import TODAY
from .common_at_once import AtOnceMixin
from .common_automatic import AutomaticCommon
from .common_run import day_after


class AtOnceCommon(AtOnceMixin, AutomaticCommon):
    """Laura and Paul owe; of Laura the bank tells something."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_at_once(cls.holding)
        cls.invoice = cls._owe(cls.laura)
        cls.other = cls._owe(cls.paul)

    def _lines(self, *invoices):
        moves = self.env["account.move"].union(*invoices)
        return moves.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def _happens(self, *invoices, cause="returned"):
        self._lines(*invoices)._gym_follow_bank(cause)


class TestAtOnce(AtOnceCommon):
    """S-05, S-16 to S-19: the automatic run, at the event."""

    def test_only_who_is_concerned(self):
        """S-05: whom the bank told of is reminded and sent, nobody else."""
        self._happens(self.invoice)
        self._cron_at_once()
        run = self._runs_at_once()
        self.assertEqual(self._reminded_at_once().partner_id, self.laura)
        self.assertEqual(run.reminder_ids.partner_id, self.laura)
        self.assertFalse(run.exclusion_ids)
        self.assertEqual((run.state, run.date, run.origin), ("done", TODAY, "event"))
        self.assertEqual(self._mails().res_id, run.reminder_ids.id)

    def test_off_by_default(self):
        """S-19: without the setting nothing is noted, and nobody is woken."""
        self.assertFalse(self._create_policy(company_id=False).remind_at_once)
        self.policy.remind_at_once = False
        before = self._triggers()
        self._happens(self.invoice)
        self.assertFalse(self._occasions())
        self.assertEqual(self._triggers(), before)

    def test_each_condition_of_automatic_sending(self):
        """S-16 to S-19: what automatic sending lacks, reminding at once lacks."""
        cell = self.policy.activation_ids
        cases = {
            "not activated": lambda: cell.write({"active": False}),
            "by hand": lambda: cell.write({"auto_send": False}),
            "scheduled action": lambda: self._switch_cron(False),
            "its own action": lambda: (
                self.env.ref("gym_dunning.ir_cron_dunning_at_once")
                .sudo()
                .write({"active": False})
            ),
            "archived": lambda: self.policy.write({"active": False}),
            "switched off": lambda: self.policy.write({"remind_at_once": False}),
        }
        for name, lack in cases.items():
            with self.subTest(name), self.env.cr.savepoint() as point:
                lack()
                self._happens(self.invoice)
                self.assertFalse(self._occasions())
                point.rollback()
            with self.subTest(name, meanwhile=True), self.env.cr.savepoint() as point:
                self._happens(self.invoice)
                lack()
                self._cron_at_once()
                self.assertFalse(self._runs_at_once())
                self.assertFalse(self._occasions(), "it would be sent much later")
                point.rollback()

    def test_one_run_within_minutes(self):
        """S-05: the action is woken a minute after the event; all makes one run."""
        before = self._triggers()
        now = fields.Datetime.now()
        self._happens(self.invoice, self.other)
        (trigger,) = self._triggers() - before
        self.assertLessEqual(now + timedelta(minutes=1), trigger.call_at)
        self.assertLess(trigger.call_at, now + timedelta(minutes=2))
        self._cron_at_once()
        self.assertEqual(len(self._runs_at_once()), 1)
        self.assertEqual(self._reminded_at_once().partner_id, self.laura | self.paul)

    def test_interval_within_the_minute(self):
        """S-05: the action's own hourly turn does not cut the minute short."""
        self._happens(self.invoice)
        self.env["gym.dunning.run"]._cron_at_once(TODAY)
        self.assertFalse(self._runs_at_once())
        self.assertTrue(self._waiting())
        self._cron_at_once()
        self.assertTrue(self._runs_at_once())

    def test_two_imports_in_a_row(self):
        """S-05, E-08: two events within the minute are one run; each member once."""
        self._happens(self.invoice)
        self._happens(self.invoice, self.other, cause="part_paid")
        self._cron_at_once()
        self.assertEqual(len(self._runs_at_once()), 1)
        self.assertEqual(len(self._reminded_at_once()), 2)
        self._cron_at_once()
        self.assertEqual(len(self._runs_at_once()), 1)

    def test_the_second_import_comes_later(self):
        """S-05, AMB-02: who was reminded a minute ago is not reminded again."""
        self._happens(self.invoice)
        self._cron_at_once()
        self._happens(self.invoice, self.other)
        self._cron_at_once()
        first, second = self._runs_at_once().sorted("id")
        self.assertEqual(second.reminder_ids.partner_id, self.paul)
        self.assertEqual(second.exclusion_ids.move_id, self.invoice)
        self.assertEqual(first.reminder_ids.partner_id, self.laura)

    def test_waits_for_the_end_of_a_file(self):
        """S-05: while a large file is booked batch by batch, one run waits for all."""
        process = (
            self.env["gym.process"]
            .sudo()
            .create(
                {
                    "name": "Returns",
                    "res_model": "gym.dunning.run",
                    "res_id": 1,
                    "step": "book",
                    "company_id": self.holding.id,
                    "user_id": self.env.uid,
                }
            )
        )
        self._happens(self.invoice)
        with patch.object(type(self.env["gym.process"]), "_cron_run"):
            self._cron_at_once()
        self.assertFalse(self._runs_at_once())
        self.assertTrue(self._waiting())
        self.assertEqual(len(self._triggers()), 1, "it looks again")
        process._close("done")
        self._cron_at_once()
        self.assertEqual(self._reminded_at_once().partner_id, self.laura)


class TestAtOnceSameRules(AtOnceCommon):
    """S-05: nothing leaves that the nightly run would not send."""

    def _assert_left(self, why):
        self._happens(self.invoice)
        self._cron_at_once()
        self.assertFalse(self._runs_at_once(), why)
        self.assertFalse(self._occasions(), why)
        self.assertFalse(self._mails(), why)
        self.assertFalse(self._alerts(self.policy), why)

    def test_paid_meanwhile(self):
        """S-05: who pays before the run gets nothing, and nothing is left behind."""
        self._happens(self.invoice)
        self._pay(self.invoice)
        self._cron_at_once()
        self.assertFalse(self._runs_at_once())
        self.assertFalse(self._occasions())

    def test_paid_between_estimate_and_generation(self):
        """AMB-09: generation evaluates again, as of every run."""
        self._happens(self.invoice, self.other)
        with patch.object(type(self.env["gym.process"]), "_cron_run"):
            self._cron_at_once()
        self._pay(self.invoice)
        self._work()
        self.assertEqual(self._reminded_at_once().partner_id, self.paul)
        self.assertEqual(self._runs_at_once().exclusion_ids.mapped("reason"), ["paid"])

    def test_what_the_nightly_run_leaves_out(self):
        """S-05: holds, grace days, pauses, start days and another policy count."""
        paused = self.env.ref("gym_dunning.client_status_paused")
        own = self._create_policy(name="Own")
        cases = {
            "held": lambda: self._hold_back(),
            "too early": lambda: self.policy.write({"min_days_overdue": 31}),
            "paused": lambda: self.laura.write({"client_status_id": paused.id}),
            "before the start": lambda: self.policy.activation_ids.write(
                {"ignore_due_before": day_after(-5)}
            ),
            "another policy": lambda: self.laura.write({"dunning_policy_id": own.id}),
            "too little": lambda: self.policy.write({"min_balance": 1000.0}),
        }
        for name, why in cases.items():
            with self.subTest(name), self.env.cr.savepoint() as point:
                why()
                self._assert_left(name)
                point.rollback()

    def _hold_back(self):
        self.env["gym.dunning.hold"].create(
            {"move_line_id": self._lines(self.invoice).id, "reason": "manual"}
        )

    def test_old_books_refuse(self):
        """S-05: where the bank is not up to date the responsible is told; the night
        tries again."""
        self.policy.books_old = "refuse"
        journal = self.env["account.journal"].create(
            {
                "name": "Old bank",
                "type": "bank",
                "code": "OLD",
                "company_id": self.holding.id,
            }
        )
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "date": day_after(-30),
                "amount": -1,
                "payment_ref": "Charge",
            }
        )
        self.env = self.env(context=dict(self.env.context, dunning_date=TODAY))
        self._happens(self.invoice)
        self._cron_at_once()
        self.assertFalse(self._runs_at_once())
        self.assertFalse(self._occasions())
        self.assertIn("Old bank", self._alerts(self.policy).note)

    def test_may_have_paid_waits_for_the_night(self):
        """S-05: money that nobody assigned yet may be theirs; the night decides."""
        self._statement_line("Kent Laura")
        self._happens(self.invoice, self.other)
        self._cron_at_once()
        run = self._runs_at_once()
        self.assertEqual(self._reminded_at_once().partner_id, self.paul)
        self.assertEqual(run.exclusion_ids.move_id, self.invoice)
        self.assertEqual(run.exclusion_ids.reason, "maybe_paid")
        self.assertIn("reminded at once", run.exclusion_ids.explanation)
        self._cron_dunning()
        self.assertEqual(self._reminded().partner_id, self.paul | self.laura)

    def test_nobody_but_who_may_have_paid(self):
        """S-05, E-39: then there is no run at all."""
        self._statement_line("Kent Laura")
        self._assert_left("she may have paid")

    def _statement_line(self, name):
        self.env = self.env(context=dict(self.env.context, dunning_date=TODAY))
        journal = self.env["account.journal"].create(
            {
                "name": "Bank",
                "type": "bank",
                "code": "BNK9",
                "company_id": self.holding.id,
            }
        )
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "date": TODAY,
                "amount": 100,
                "payment_ref": "Transfer",
                "partner_name": name,
            }
        )

    def test_levels_go_on(self):
        """S-14, AMB-02: the level is the next one, whatever happened at the bank."""
        self._cron_dunning()
        self._reminded()._set_delivery("sent")
        self._happens(self.invoice)
        self._cron_at_once(day_after(5))
        self.assertFalse(self._runs_at_once(), "its deadline is running")
        self._happens(self.invoice)
        self._cron_at_once(day_after(11))
        self.assertEqual(self._reminded_at_once().level_id.name, "Two")


class TestAtOncePersons(AtOnceCommon):
    """S-05: letters of payers, parents and firms."""

    def test_parent_who_pays(self):
        """S-05: what the bank says of a payer reminds the payer, about the child."""
        parent = self._create_member("Kent Ruth")
        child = self._create_member("Kent Tom", parent_id=parent.id)
        invoice = self._owe(child)
        self._happens(invoice)
        self._cron_at_once()
        letter = self._reminded_at_once()
        self.assertEqual(letter.line_ids.move_id, invoice)
        self.assertEqual(letter.partner_id, parent)

    def test_other_members_of_a_firm(self):
        """S-05: of a firm's members, whom nothing happened to is not reminded."""
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        anna = self._create_member("Anna Firm", parent_id=firm.id)
        ben = self._create_member("Ben Firm", parent_id=firm.id)
        mine, other = self._owe(anna), self._owe(ben)
        self._happens(mine)
        self._cron_at_once()
        self.assertEqual(self._reminded_at_once().line_ids.move_id, mine)
        self.assertNotIn(other, self._runs_at_once().exclusion_ids.move_id)

    def test_all_that_is_late_is_on_the_letter(self):
        """S-05: the letter is the nightly run's: with what else is late, and credits."""
        second = self._owe(self.laura, days=20, amount=30.0)
        credit = self._owe(self.laura, amount=10.0, move_type="out_refund")
        self._happens(self.invoice)
        self._cron_at_once()
        letter = self._reminded_at_once()
        self.assertEqual(letter.line_ids.move_id, self.invoice | second | credit)
        self.assertEqual(letter.amount_total, 120.0)


class TestAtOnceCentres(AtOnceCommon):
    """S-03: one file of the bank is about members of several centres and gyms."""

    def test_one_run_for_each_topmost_centre(self):
        """S-03: a run of the holding for its centres, another for the other gym."""
        own = self._create_policy(
            name="Stranger", company_id=self.stranger.id, remind_at_once=True
        )
        own.level_ids.mail_template_id = self.template
        self._cell(self.stranger, policy_id=own.id)
        bills = [self._owe(self.laura, one) for one in self.everything]
        self._happens(*bills)
        self._cron_at_once()
        runs = self._runs_at_once()
        self.assertEqual(len(runs), 2)
        self.assertEqual(runs.company_id, self.holding | self.stranger)
        # what she owed the holding before is on its letter, too
        self.assertEqual(self._reminded_at_once().company_id, self.everything)
        of_stranger = runs.filtered(lambda run: run.company_id == self.stranger)
        self.assertEqual(of_stranger.policy_id, own)

    def test_gym_that_does_not_want_it(self):
        """S-19: a gym whose policy does not remind at once is left alone."""
        own = self._create_policy(name="Stranger", company_id=self.stranger.id)
        self._cell(self.stranger, policy_id=own.id)
        self._happens(self._owe(self.laura, self.stranger), self.other)
        self._cron_at_once()
        self.assertEqual(self._reminded_at_once().partner_id, self.paul)

    def test_out_of_time_goes_on(self):
        """S-05: what does not fit into the scheduler's time waits for its next turn."""
        own = self._create_policy(
            name="Stranger", company_id=self.stranger.id, remind_at_once=True
        )
        own.level_ids.mail_template_id = self.template
        self._cell(self.stranger, policy_id=own.id)
        self._happens(self._owe(self.laura, self.stranger), self.other)
        self._cron_at_once(seconds=0.0)
        self.assertEqual(len(self._runs_at_once()), 1)
        self.assertEqual(len(self._waiting()), 1)
        self._cron_at_once(seconds=0.0)
        self.assertEqual(len(self._runs_at_once()), 2)


class TestAtOnceAndNight(AtOnceCommon):
    """E-08: beside the nightly run, each member once."""

    def test_night_after_the_event(self):
        """E-08, AMB-02: the nightly run takes the others."""
        self._happens(self.invoice)
        self._cron_at_once()
        self._cron_dunning()
        night = self._runs() - self._runs_at_once()
        self.assertEqual(night.reminder_ids.partner_id, self.paul)
        self.assertEqual(night.origin, "schedule")

    def test_night_while_one_is_at_work(self):
        """E-08: what is in the run at once is in no other; the night does not wait."""
        self._happens(self.invoice)
        with patch.object(type(self.env["gym.process"]), "_cron_run"):
            self._cron_at_once()
        self.assertEqual(self._runs_at_once().state, "running")
        self._cron_dunning()
        night = self._runs() - self._runs_at_once()
        self.assertEqual(night.reminder_ids.partner_id, self.paul)
        self.assertEqual(self._reminded().partner_id, self.laura | self.paul)

    def test_event_while_the_night_is_at_work(self):
        """E-08: who is in the nightly run already is not reminded twice."""
        with patch.object(type(self.env["gym.process"]), "_cron_run"):
            self._cron_dunning()
        late = self._owe(self.laura, amount=40.0)
        self._happens(self.invoice, late)
        self._cron_at_once()
        self.assertEqual(len(self._reminded().line_ids.filtered("level_id")), 3)
        lines = self._reminded().line_ids.filtered("level_id").move_line_id
        self.assertEqual(lines, self._lines(self.invoice, self.other, late))

    def test_run_taken_back(self):
        """S-20: after somebody took one back, nothing more goes out at once that day;
        the night, and the next day, are about everybody again."""
        self._happens(self.invoice)
        self._cron_at_once()
        self._runs_at_once().action_cancel()
        self._happens(self.other)
        self._cron_at_once()
        self.assertEqual(self._runs_at_once().mapped("state"), ["cancelled"])
        self.assertFalse(self._waiting())
        self._happens(self.other)
        self._cron_at_once(day_after(1))
        self.assertEqual(self._reminded_at_once().partner_id, self.paul)

    def test_cancelled_run_stops_no_night(self):
        """S-20: one of a few members keeps nobody else's reminder back."""
        self._happens(self.invoice)
        self._cron_at_once()
        self._runs_at_once().action_cancel()
        self._cron_dunning()
        self.assertIn(self.paul, self._reminded().partner_id)

    def test_night_taken_back(self):
        """S-20: whoever took the nightly run back is not overruled at noon."""
        self._cron_dunning()
        self._runs().action_cancel()
        self._happens(self.invoice)
        self._cron_at_once()
        self.assertFalse(self._runs_at_once())


class TestAtOnceFaults(AtOnceCommon):
    """S-05: whatever breaks reaches a person, and is not lost."""

    def test_missing_template(self):
        """S-17, S-19: it is refused with the level's name; the night finds them."""
        self.policy.level_ids[0].mail_template_id = False
        self._happens(self.invoice)
        self._cron_at_once()
        self.assertFalse(self._runs_at_once())
        self.assertIn("One", self._alerts(self.policy).note)
        self.policy.level_ids[0].mail_template_id = self.template
        self._cron_dunning()
        self.assertIn(self.laura, self._reminded().partner_id)

    def test_one_gym_stops_no_other(self):
        """S-05: the run of another policy is made all the same."""
        own = self._create_policy(
            name="Stranger", company_id=self.stranger.id, remind_at_once=True
        )
        own.level_ids.mail_template_id = False
        self._cell(self.stranger, policy_id=own.id)
        self._happens(self._owe(self.laura, self.stranger), self.invoice)
        self._cron_at_once()
        self.assertEqual(self._reminded_at_once().company_id, self.holding)
        self.assertTrue(self._alerts(own))

    def test_stopped_and_resumed(self):
        """E-69c: a job that a defect stopped is resumed, and sends once."""
        self._happens(self.invoice)
        run_class = type(self.env["gym.dunning.run"])
        with (
            patch.object(run_class, "_recheck", side_effect=ValueError("broken")),
            self.assertLogs("odoo.addons.gym_dunning.models.base.gym_process", "ERROR"),
        ):
            self._cron_at_once()
        run = self._runs_at_once()
        self.assertEqual(run.process_id.state, "failed")
        self.assertTrue(self._alerts(run))
        self.assertFalse(self._mails())
        run.process_id.action_resume()
        self._work()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(self._mails()), 1)

    def test_given_up_is_estimated_for_the_same_members(self):
        """E-37: an estimate that is left over stays about those it was made for."""
        self._happens(self.invoice)
        with patch.object(type(self.env["gym.process"]), "_cron_run"):
            self._cron_at_once()
        run = self._runs_at_once()
        run.process_id.action_cancel()
        self.assertEqual(run.state, "estimated")
        run.action_estimate()
        self.assertEqual(run.reminder_ids.partner_id, self.laura)
        run.action_discard()
        self.assertFalse(self._occasions())

    def test_document_deleted_meanwhile(self):
        """S-05: what is gone leaves no occasion."""
        self._happens(self.invoice, self.other)
        self.invoice.button_draft()
        self.invoice.with_context(force_delete=True).unlink()
        self.assertEqual(self._waiting().move_id, self.other)
        self._cron_at_once()
        self.assertEqual(self._reminded_at_once().partner_id, self.paul)

    def test_number_of_queries(self):
        """S-05: noting is as cheap for many items as for one."""
        many = [self._owe(self._create_member(f"M {n}")) for n in range(10)]
        one = self._count_queries(self._happens, self.invoice)
        ten = self._count_queries(self._happens, *many)
        self.assertLessEqual(ten, one + 2)
        self.policy.remind_at_once = False
        looking = self._count_queries(self._lines, *many)
        self.assertLessEqual(self._count_queries(self._happens, *many), looking + 1)


class TestAtOnceSeen(AtOnceCommon):
    """S-05: what a clerk sees of it."""

    def test_history_says_why(self):
        """S-05: the run says what happened, in the responsible's words."""
        self._happens(self.invoice)
        self._happens(self.other, cause="part_paid")
        self._cron_at_once()
        text = " ".join(map(str, self._runs_at_once().message_ids.mapped("body")))
        self.assertIn("Made at once", text)
        self.assertIn("Direct Debit Returned: 1", text)
        self.assertIn("Paid in Part: 1", text)
        self.assertNotIn("Receipt Taken Back", text)
        self.assertIn("2 reminders issued", text)

    def test_occasions_are_the_centres_own(self):
        """E-30: a clerk of the holding reads them, a stranger does not."""
        self._create_clerks()
        self._happens(self.invoice)
        self._cron_at_once()
        run = self._runs_at_once()
        seen = run.with_env(self._as(self.holding_clerk))
        self.assertEqual(seen.origin, "event")
        self.assertEqual(seen.occasion_ids.partner_id, self.laura)
        for model in ("gym.dunning.run", "gym.dunning.occasion"):
            self.assertFalse(self._as(self.outsider)[model].search([]))
        with self.assertRaises(AccessError):
            seen.occasion_ids.unlink()

    def test_nobody_gives_occasions(self):
        """S-20: a clerk makes no run look as if the bank had told something."""
        self._create_clerks()
        self._happens(self.invoice)
        env = self._as(self.holding_clerk)
        vals = {
            "company_id": self.holding.id,
            "policy_id": self.policy.id,
            "date": TODAY,
            "occasion_ids": [Command.set(self._waiting().ids)],
        }
        with self.assertRaises(UserError):
            env["gym.dunning.run"].create(vals)
        run = self._estimate_as(env, self.holding)
        wizard = env["gym.dunning.generate"].create(vals | {"run_id": run.id})
        wizard.action_continue()
        self.assertFalse(run.occasion_ids)
        self.assertTrue(self._waiting())

    def test_policy_says_what_is_missing(self):
        """S-18, AMB-22: the policy names the scheduled action that is off."""
        self.assertEqual(self.policy.auto_send_status, "")
        cron = self.env.ref("gym_dunning.ir_cron_dunning_at_once").sudo()
        self.assertTrue(cron.active)
        cron.active = False
        self.policy.invalidate_recordset(["auto_send_status"])
        self.assertIn("next automatic run", self.policy.auto_send_status)
        self.policy.remind_at_once = False
        self.assertEqual(self.policy.auto_send_status, "")

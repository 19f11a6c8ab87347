"""The generation: evaluated again, issued once, told to the cent (E-40, E-41)."""

from odoo.exceptions import UserError

from ..base.common import TODAY
from .common_run import RunCommon, day_after


class TestGenerate(RunCommon):
    """From the estimate to issued reminders."""

    def _start(self, run):
        run.action_generate()
        self._work()

    def _assert_sums(self, run, done=0, skipped=0, failed=0):
        """AMB-09: created + skipped + failed = proposed."""
        process = run.process_id
        self.assertRecordValues(
            process,
            [
                {
                    "state": "done",
                    "total": done + skipped + failed,
                    "done_count": done,
                    "skipped_count": skipped,
                    "failed_count": failed,
                    "progress": 100.0,
                }
            ],
        )
        self.assertEqual(run.issued_count, done)

    # === ISSUING === #

    def test_generation_issues_all_proposals(self):
        """E-40, E-02: reminders get numbers and items their level by themselves."""
        members = [self._create_late_member(f"Debtor {i}") for i in range(3)]
        run = self._estimate()
        self._start(run)
        self.assertEqual(run.state, "done")
        self.assertEqual(set(run.reminder_ids.mapped("state")), {"issued"})
        self.assertEqual(len(set(run.reminder_ids.mapped("name"))), 3)
        for member in members:
            self.assertEqual(member.dunning_level_id, self.one)
        self._assert_sums(run, done=3)

    def test_summary_is_told(self):
        """E-41: at the end the run tells what was done, skipped and failed."""
        self._create_late_member("Done")
        paid = self._create_late_member("Paid")
        run = self._estimate()
        self._pay(self._invoices(paid))
        self._start(run)
        body = run.message_ids[0].body
        self.assertIn("issued: 1", body)
        self.assertIn("Skipped since the estimate: 1", body)
        self.assertIn("Failed: 0", body)

    def test_generation_does_not_block_the_user(self):
        """E-40: the button only queues the job; its progress can be followed."""
        self._create_late_member("Debtor")
        run = self._estimate()
        run.action_generate()
        self.assertEqual((run.state, run.process_state), ("running", "pending"))
        self.assertEqual(run.progress, 0.0)
        self.assertEqual(run.issued_count, 0)

    def test_started_twice_runs_once(self):
        """E-08: two clicks, or two people, make one job and one set of letters."""
        member = self._create_late_member("Debtor")
        run = self._estimate()
        run.action_generate()
        run.action_generate()
        self._work()
        run.action_generate()
        self._work()
        self.assertEqual(len(run.process_ids), 1)
        self.assertEqual(len(run.reminder_ids), 1)
        self.assertEqual(self._item(self._invoices(member)).level_id, self.one)

    def test_started_by_code_gives_the_same(self):
        """Architecture 6: a run made by code proposes what the wizard does."""
        self._create_late_member("Debtor", amount=120.0)
        self._hold(self._invoices(self._create_late_member("Held")), "manual")
        by_wizard = self._estimate()
        fields = ["partner_id", "level_id", "amount_total", "date_due"]
        shown = by_wizard.reminder_ids.read(fields, load=None)
        reasons = by_wizard.exclusion_ids.mapped("reason")
        by_wizard.unlink()
        run = self.env["gym.dunning.run"].create(
            {"company_id": self.company.id, "date": TODAY}
        )
        run.action_estimate()
        made = run.reminder_ids.read(fields, load=None)
        for row in (*shown, *made):
            del row["id"]
        self.assertEqual(made, shown)
        self.assertEqual(run.exclusion_ids.mapped("reason"), reasons)
        self._start(run)
        self._assert_sums(run, done=1)

    def test_empty_estimate_is_not_generated(self):
        """E-39: a run that proposes nothing refuses, naming itself."""
        run = self.env["gym.dunning.run"].create(
            {"company_id": self.company.id, "date": TODAY}
        )
        run.action_estimate()
        with self.assertRaisesRegex(UserError, run.name):
            run.action_generate()
        self.assertFalse(run.process_ids)

    # === THINNING OUT === #

    def test_thinning_out_by_unlink(self):
        """Architecture 6: a deleted proposal is listed as left out by hand."""
        out, stays = (self._create_late_member(name) for name in ("Out", "Stays"))
        run = self._estimate()
        self._reminder(run, out).unlink()
        self.assertEqual(self._reason(run, out), "by_hand")
        self._start(run)
        self.assertEqual(run.reminder_ids.partner_id, stays)
        self.assertFalse(out.dunning_level_id)
        self._assert_sums(run, done=1)

    def test_left_out_member_comes_back(self):
        """Architecture 6: taken back in, the member is proposed as before."""
        member = self._create_late_member("Back")
        run = self._estimate()
        self._reminder(run, member).action_exclude()
        self.assertFalse(run.reminder_ids)
        run.exclusion_ids.action_take_back()
        self.assertEqual(run.reminder_ids.partner_id, member)
        self.assertFalse(run.exclusion_ids)

    def test_left_out_member_is_free_for_the_next_run(self):
        """E-08: leaving out counts for this run only."""
        member = self._create_late_member("Next time")
        self._create_late_member("Other")
        run = self._estimate()
        self._reminder(run, member).action_exclude()
        self._start(run)
        self.assertEqual(self._estimate().reminder_ids.partner_id, member)

    # === CHANGED SINCE THE ESTIMATE (AMB-09) === #

    def _change_between(self, change, amount=100.0):
        """Estimate two members, change the first one's books, generate.

        :return: the run and the member
        """
        member = self._create_late_member("Changed", amount=amount)
        self._create_late_member("Other")
        run = self._estimate()
        change(member, self._invoices(member))
        self._start(run)
        return run, member

    def test_paid_since(self):
        """AMB-09: paid meanwhile: skipped, listed, the others done."""
        run, member = self._change_between(lambda member, move: self._pay(move))
        self.assertEqual(self._reason(run, member), "paid")
        self._assert_sums(run, done=1, skipped=1)

    def test_partially_paid_since(self):
        """AMB-09: the letter claims what is open at that moment."""
        run, member = self._change_between(
            lambda member, move: self._pay(move, amount=60.0)
        )
        self.assertEqual(self._reminder(run, member).amount_total, 40.0)
        self.assertEqual(self._reminder(run, member).line_ids.amount, 40.0)
        self._assert_sums(run, done=2)

    def test_credit_note_since(self):
        """AMB-09: a credit made meanwhile is taken off."""
        run, member = self._change_between(
            lambda member, move: self._create_credit(member, 30.0)
        )
        self.assertEqual(self._reminder(run, member).amount_total, 70.0)
        self._assert_sums(run, done=2)

    def test_credit_over_all_since(self):
        """AMB-09: credited wholly meanwhile: nobody is reminded of nothing."""
        run, member = self._change_between(
            lambda member, move: self._create_credit(member, 100.0)
        )
        self.assertEqual(self._reason(run, member), "in_credit")
        self._assert_sums(run, done=1, skipped=1)

    def test_reset_to_draft_since(self):
        """AMB-09: an invoice in draft is no debt."""
        run, member = self._change_between(lambda member, move: move.button_draft())
        self.assertEqual(self._reason(run, member), "paid")
        self._assert_sums(run, done=1, skipped=1)

    def test_deleted_since(self):
        """AMB-09: a deleted invoice leaves a trace and no letter."""

        def delete(member, move):
            move.button_draft()
            move.with_context(force_delete=True).unlink()

        run, member = self._change_between(delete)
        self.assertEqual(self._reason(run, member), "paid")
        self._assert_sums(run, done=1, skipped=1)

    def test_held_since(self):
        """AMB-09: a dispute entered meanwhile stops the letter."""
        run, member = self._change_between(
            lambda member, move: self._hold(move, "dispute")
        )
        self.assertEqual(self._reason(run, member), "disputed")
        self._assert_sums(run, done=1, skipped=1)

    def test_new_invoice_since_is_not_added(self):
        """AMB-09: nothing that was not shown in the estimate is reminded."""
        run, member = self._change_between(
            lambda member, move: self._create_invoice(member, amount=500.0)
        )
        self.assertEqual(self._reminder(run, member).amount_total, 100.0)
        self._assert_sums(run, done=2)

    def _merge(self, source, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | target).ids, target)

    def test_merged_since(self):
        """AMB-09: a member merged into another is reminded under that name."""
        heir = self._create_member("Heir")
        run, __ = self._change_between(lambda member, move: self._merge(member, heir))
        self.assertEqual(self._reminder(run, heir).amount_total, 100.0)
        self._assert_sums(run, done=2)

    def test_two_proposals_merged_since(self):
        """AMB-09: two members merged into one: each debt is claimed once."""
        heir = self._create_late_member("Heir", amount=50.0)
        self._create_credit(heir, 10.0)
        run, __ = self._change_between(lambda member, move: self._merge(member, heir))
        mine = self._reminder(run, heir)
        self.assertFalse(run.process_message)
        self.assertEqual((run.state, mine.mapped("state")), ("done", ["issued"]))
        self.assertEqual(sum(mine.mapped("amount_total")), 140.0)
        self.assertEqual(
            sorted(mine.line_ids.mapped("amount")), sorted([100.0, 50.0, -10.0])
        )

    def test_archived_since(self):
        """AMB-09: an archived member still owes; the letter goes out."""
        run, member = self._change_between(lambda member, move: member.action_archive())
        self.assertEqual(self._reminder(run, member).amount_total, 100.0)
        self._assert_sums(run, done=2)

    def test_paid_since_at_the_last_level_keeps_statuses(self):
        """AMB-09, AMB-12: who paid before the last level was issued keeps all."""
        member = self._create_late_member("Changed")
        day = self._reach(2)
        run = self._estimate(day)
        self._pay(self._invoices(member), day=day)
        self._start(run)
        self.assertEqual(member.member_status_id, self.active)
        self.assertFalse(member.client_status_id)
        self.assertFalse(run.blocking_ids)

    # === STOPPING HALF WAY === #

    def test_cancelled_process_issues_nothing_more(self):
        """E-68b: stopped before its first batch the run is an estimate again."""
        self._create_late_member("Debtor")
        run = self._estimate()
        run.action_generate()
        run.process_id.action_cancel()
        self._work()
        self.assertEqual((run.state, run.issued_count), ("estimated", 0))
        self._start(run)
        self.assertEqual((run.state, run.issued_count), ("done", 1))

    def test_process_cancelled_half_way_keeps_what_is_done(self):
        """E-68b: what was issued stays, the rest is free for the next run."""
        for number in range(4):
            self._create_late_member(f"Debtor {number}")
        run = self._estimate()
        run.action_generate()
        self.patch(type(run), "_batch_size", lambda self: 2)
        run.process_id.sudo()._work_batch()
        self.assertEqual(run.progress, 50.0)
        run.process_id.action_cancel()
        self._work()
        self.assertEqual((run.state, run.issued_count), ("done", 2))
        self.assertEqual(self._estimate(day_after(1)).reminder_count, 2)

    def test_batches_add_up(self):
        """E-68b: the figures of all batches make the whole."""
        for number in range(5):
            self._create_late_member(f"Debtor {number}")
        run = self._estimate()
        self.patch(type(run), "_batch_size", lambda self: 2)
        self._start(run)
        self._assert_sums(run, done=5)

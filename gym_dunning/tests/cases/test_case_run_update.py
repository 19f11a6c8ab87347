"""Mass creation: updating cases not started, completing collected ones, faults."""

from odoo.exceptions import UserError
from odoo.fields import Command

from ..base.common import TODAY
from .common_case_run import CaseRunCommon

LATER = "2026-03-09"


class TestCaseRunUpdate(CaseRunCommon):
    """Laura has a case of 534.96, not started, and 1148.14 besides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_case()
        cls.case._add_items(cls._receivable(cls.old))

    def _update(self, **vals):
        return self._mass_create(
            **{"create_new": False, "update_not_started": True, "date": LATER} | vals
        )

    # === CASES NOT STARTED === #

    def test_replaced(self):
        """G-86, AMB-34: deleted and made anew, with a new code, of what is open now."""
        code = self.case.name
        run = self._update()
        self.assertFalse(self.case.exists())
        new = self._cases(self.laura)
        self.assertNotEqual(new.name, code)
        self.assertRecordValues(
            new,
            [{"state": "not_started", "amount_debt": 1683.10, "date_start": run.date}],
        )
        self.assertEqual(new.item_ids.move_id, self.old | self.new)
        self.assertEqual(
            set(self._holds(self.old | self.new).mapped("res_id")), {new.id}
        )
        self.assertEqual((run.replace_count, run.refresh_count), (1, 0))

    def test_refreshed(self):
        """AMB-34: with a note it keeps its code, and is like a new one otherwise."""
        code = self.case.name
        self.case.note = "<p>Calls after six only</p>"
        self._pay(self.old, amount=34.96)
        other = self._create_manager("other.manager")
        run = self._update(debt_manager_id=other.id)
        self.assertRecordValues(
            self.case,
            [
                {
                    "name": code,
                    "state": "not_started",
                    "amount_debt": 1648.14,
                    "date_start": run.date,
                    "debt_manager_id": other.id,
                }
            ],
        )
        self.assertIn("after six", self.case.note)
        self.assertEqual(len(self._holds(self.old | self.new)), 2)
        self.assertEqual((run.replace_count, run.refresh_count), (0, 1))

    def test_what_keeps_a_case(self):
        """AMB-34: planned activities, other amounts, comments and documents too."""
        for name, vals in (
            ("activity", {}),
            ("amount", {"other_amount": 50.0}),
            ("comment", {}),
            ("document", {}),
        ):
            case = self._create_case(self._create_member(name), **vals)
            if name == "activity":
                case.activity_schedule("mail.mail_activity_data_call")
            elif name == "comment":
                case.message_post(body="Rang", message_type="comment")
            elif name == "document":
                self.env["ir.attachment"].create(
                    {"name": "Letter", "res_model": case._name, "res_id": case.id}
                )
            with self.subTest(name):
                self.assertEqual((case | self.case)._worked_on(), case)

    def test_paid_item_leaves_a_refreshed_case(self):
        """G-86: like a new case it has no items that are paid."""
        self.case.note = "<p>Kept</p>"
        self._pay(self.old)
        self._update()
        self.assertEqual(self.case.item_ids.move_id, self.new)
        self.assertFalse(self._holds(self.old))

    def test_started_cases_stay(self):
        """G-86: what is worked already is not touched; new items get a new case."""
        self.case.action_start()
        run = self._mass_create(update_not_started=True)
        self.assertEqual(self.case.item_ids.move_id, self.old)
        self.assertEqual(self._result_of(run, self.laura), ("create", "done", False))

    def test_manager_is_not_lost(self):
        """G-86: a customer without a manager: the case keeps its own."""
        self.laura.debt_manager_id = False
        self._update()
        self.assertEqual(self._cases(self.laura).debt_manager_id, self.manager)

    def test_code_typed(self):
        """G-44, G-86: where codes are typed, the code stays."""
        self.company.case_code_typed = True
        run = self._update()
        self.assertTrue(self.case.exists())
        self.assertEqual(run.refresh_count, 1)

    # === COLLECTED CASES === #

    def test_completed_when_collected(self):
        """G-87a: all items are closed: completed, and the items are free."""
        self.case.action_start()
        with self.assertRaisesRegex(UserError, "fully collected"):
            self._summary(create_new=False, complete_collected=True)
        self._pay(self.old)
        run = self._mass_create(create_new=False, complete_collected=True)
        self.assertEqual(self.case.state, "completed")
        self.assertTrue(self.case.date_completed)
        self.assertEqual(run.complete_count, 1)

    def test_other_amount_must_come_in_too(self):
        """AMB-35: with an amount that is not posted, when that came in as well."""
        self.case.other_amount = 200.0
        self._pay(self.old)
        with self.assertRaises(UserError):
            self._summary(create_new=False, complete_collected=True)
        self.case.other_collected = 200.0
        self._mass_create(create_new=False, complete_collected=True)
        self.assertEqual(self.case.state, "completed")

    def test_empty_case_is_not_collected(self):
        """AMB-35: a case of nothing was not collected."""
        self._create_case(self.paul)
        with self.assertRaises(UserError):
            self._summary(create_new=False, complete_collected=True)

    def test_unposted_item_is_not_collected(self):
        """Faults: an invoice reset to draft is not paid."""
        self.old.button_draft()
        with self.assertRaises(UserError):
            self._summary(create_new=False, complete_collected=True)


class TestCaseRunFaults(CaseRunCommon):
    """What happens between the summary and the work."""

    def test_paid_meanwhile(self):
        """Faults: who paid is skipped with the reason; who paid a part is not."""
        run = self._summary()
        self._pay(self.of_paul)
        self._pay(self.old)
        self._start(run)
        self.assertEqual(self._result_of(run, self.paul), ("create", "skipped", "paid"))
        self.assertTrue(self._line(run, self.paul).explanation)
        self.assertEqual(self._cases().item_ids.move_id, self.new)
        line = self._line(run, self.laura)
        self.assertEqual((line.item_count, line.amount), (1, 1148.14))
        self.assertRecordValues(run, [{"skipped_count": 1, "create_count": 1}])

    def test_participation_taken_back(self):
        """Faults: the customer was set to "no" meanwhile."""
        run = self._summary()
        self.paul.collection_participation = "no"
        self._start(run)
        self.assertEqual(self._result_of(run, self.paul), ("create", "skipped", "no"))

    def test_taken_by_hand_meanwhile(self):
        """G-49: somebody took the items into a case: skipped with the reason."""
        run = self._summary()
        case = self._create_case(self.paul)
        self._add(case)
        self._start(run)
        self.assertEqual(
            self._result_of(run, self.paul), ("create", "skipped", "taken")
        )
        self.assertEqual(self._cases(self.paul), case)

    def test_taken_at_the_same_moment(self):
        """G-49: the item is reserved between reading and writing: the index decides,
        the others of the batch are made."""
        run = self._summary()
        lines = run.line_ids.sudo()
        amounts = run._open_amounts(lines)
        self._add(self._create_case(self.paul))
        self.env["gym.process"]._apply_halving(
            lines, lambda part: run._work(part, amounts)
        )
        self.assertEqual(
            self._result_of(run, self.paul), ("create", "skipped", "taken")
        )
        self.assertEqual(self._result_of(run, self.laura), ("create", "done", False))
        self.assertEqual(len(self._cases()), 2)

    def test_two_summaries(self):
        """G-81a: two summaries of the same items: the second makes nothing."""
        first, second = self._summary(), self._summary()
        first.action_generate()
        second.action_generate()
        self._work()
        self.assertEqual(len(self._cases()), 2)
        self.assertEqual(second.skipped_count, 2)
        self.assertEqual(set(second.line_ids.mapped("reason")), {"taken"})

    def test_case_started_or_deleted_meanwhile(self):
        """Faults: a case not started in the summary is started, another deleted."""
        for partner in (self.laura, self.paul):
            case = self._create_case(partner)
            self._add(case)
        run = self._summary(update_not_started=True, date=LATER)
        started = self._cases(self.laura)
        started.action_start()
        self._cases(self.paul).unlink()
        self._start(run)
        for partner in (self.laura, self.paul):
            self.assertEqual(
                self._result_of(run, partner), ("replace", "skipped", "changed")
            )
        self.assertEqual(self._cases(), started)

    def test_note_written_meanwhile(self):
        """AMB-34: a case that gets a note after the summary is not deleted."""
        case = self._create_case()
        self._add(case)
        run = self._summary(update_not_started=True, date=LATER)
        case.note = "<p>Just called</p>"
        self._start(run)
        self.assertEqual(self._result_of(run, self.laura), ("refresh", "done", False))
        self.assertTrue(case.exists())

    def test_reopened_debt_is_not_completed(self):
        """Faults: a payment taken back after the summary."""
        case = self._create_case()
        self._add(case, self.old)
        self._pay(self.old)
        run = self._summary(create_new=False, complete_collected=True)
        self._receivable(self.old).remove_move_reconcile()
        self._start(run)
        self.assertEqual(case.state, "not_started")
        self.assertEqual(
            self._result_of(run, self.laura), ("complete", "skipped", "changed")
        )

    def test_manager_who_left(self):
        """Faults: the person whom the cases are assigned to leaves before Start."""
        other = self._create_manager("other.manager")
        run = self._summary(debt_manager_id=other.id)
        other.active = False
        with self.assertRaisesRegex(UserError, "other.manager"):
            run.action_generate()
        self.assertEqual(run.state, "estimated")

    def test_one_of_fifty_fails(self):
        """AMB-18: 49 customers get their case, the failed one a sentence; mended, it
        is made by Retry, and nothing is made twice."""
        members = self.env["res.partner"].union(
            *(self._create_member(f"Member {number:02}") for number in range(50))
        )
        for member in members:
            self._create_invoice(member)
        bad = members[20]
        # a rule that another module could bring along
        self.env.cr.execute(
            "ALTER TABLE gym_collection_case"
            " ADD CONSTRAINT not_this_one CHECK (partner_id <> %s)",
            [bad.id],
        )
        run = self._summary(partner_ids=[Command.set(members.ids)])
        self._start(run)
        self.assertRecordValues(
            run, [{"state": "done", "create_count": 49, "failed_count": 1}]
        )
        self.assertEqual(run.failure_ids.res_id, self._line(run, bad).id)
        self.assertFalse(self._cases(bad))
        self.assertFalse(self._holds(bad.invoice_ids))
        self.env.cr.execute(
            "ALTER TABLE gym_collection_case DROP CONSTRAINT not_this_one"
        )
        run.with_user(self.manager).action_retry_failed()
        self._work()
        self.assertRecordValues(run, [{"create_count": 50, "failed_count": 0}])
        self.assertEqual(len(self._cases(*members)), 50)

    def test_discarded(self):
        """G-87b: a summary that is thrown away leaves nothing."""
        run = self._summary()
        run.action_discard()
        self.assertFalse(run.exists() or self._cases())

    def test_cancelled_half_way(self):
        """E-68b: a job stopped before it began goes back to the summary."""
        run = self._summary()
        run.action_generate()
        run.process_id.action_cancel()
        self.assertEqual(run.state, "estimated")
        self._work()
        self.assertFalse(self._cases())
        self.assertEqual(run.date, TODAY)

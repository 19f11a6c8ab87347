"""What a clerk decides about an answer, and what becomes of it."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...exceptions import NothingToDo
from ..base.common import TODAY
from .common_answer import AnsweredCommon
from .common_run import day_after


@tagged("post_install", "-at_install")
class TestAnswerOutcome(AnsweredCommon):
    """Issue 16.6: go on, dispute, promise, paid."""

    def _note_of(self, reminder):
        return reminder.message_ids[0].body

    # === GO ON === #

    def test_go_on(self):
        """The hold ends, the next run reminds; said, noted, and in the history."""
        action = self.answer.action_go_on()
        words = f"Reminders go on: $\N{NO-BREAK SPACE}100.00 ({self.invoice.name})."
        self.assertEqual(action["params"]["message"], words)
        self.assertFalse(self._held(self.invoice))
        self.assertIn("Reminders go on", self._note_of(self.reminder))
        self.assertEqual(self.answer.outcome_user_id, self.clerk)
        [event] = self.env["gym.member.event"].search(
            [("partner_id", "=", self.paul.id), ("kind", "=", "answer")]
        )
        self.assertIn("Reminders go on", event.note)
        self.assertEqual(event.state, "Decided")
        run = self._estimate(day_after(11))
        self.assertEqual(run.reminder_ids.partner_id, self.paul)

    def test_go_on_leaves_other_holds(self):
        """What the clerk held by hand is held on, and Go On names it."""
        manual = self._hold(self.invoice, "manual")
        self.answer.action_go_on()
        self.assertTrue(manual.active)
        self.assertEqual(self._held(self.invoice), "manual")
        self.assertIn(self.invoice.name, self.answer.outcome_text)

    def test_go_on_with_many(self):
        """Forty answers of a Monday: several are decided at once."""
        laura = self._create_late_member("Kent Laura")
        both = self.answer | self._answer_of(laura)
        both.action_go_on()
        self.assertEqual(both.mapped("outcome"), ["go_on", "go_on"])
        self.assertFalse(both._holds().filtered("active"))

    def test_go_on_passes_by_what_is_decided(self):
        """A selection with decided ones decides the rest, and changes no decision."""
        self._decide(self.answer, "promise")
        laura = self._create_late_member("Kent Laura")
        (self.answer | self._answer_of(laura)).action_go_on()
        self.assertEqual(self.answer.outcome, "promise")
        self.assertEqual(self._held(self.invoice), "promise")
        self.assertFalse(self._held(self._invoices(laura)))

    def test_decided_once(self):
        """A second click is refused by what was decided first."""
        self.answer.action_go_on()
        with self.assertRaisesRegex(NothingToDo, "decided already: Reminders go on"):
            self.answer.action_go_on()
        with self.assertRaisesRegex(NothingToDo, "decided already"):
            self.answer.action_paid()

    # === DISPUTE === #

    def test_dispute(self):
        """From now on it is a dispute like any other: by hand, with its note, and
        released like any other."""
        self._decide(self.answer, "dispute", note="never signed")
        self.assertEqual(self._held(self.invoice), "dispute")
        hold = self.answer.dispute_hold_ids
        self.assertEqual((hold.note, hold.date_until), ("never signed", False))
        self.assertEqual(hold.create_uid, self.clerk)
        self.assertIn("never signed", self._note_of(self.reminder))
        item = self.env["gym.open.item"].search([("move_id", "=", self.invoice.id)])
        item.with_user(self.clerk).action_release()
        self.assertFalse(self._held(self.invoice))

    def test_dispute_that_runs(self):
        """What is disputed already is not disputed twice, and stays so when the
        decision is taken back."""
        theirs = self._hold(self.invoice, "dispute")
        self._decide(self.answer, "dispute", note="again")
        self.assertFalse(self.answer.dispute_hold_ids)
        self.answer.action_reopen()
        self.assertTrue(theirs.active)

    def test_dispute_that_ends_earlier(self):
        """A dispute that runs less long than the new one does not keep it away."""
        for theirs, ours, is_new in (
            (day_after(5), day_after(20), True),
            (day_after(5), False, True),
            (day_after(20), day_after(20), False),
            (day_after(30), day_after(20), False),
            (False, day_after(20), False),
        ):
            with self.subTest(theirs=theirs, ours=ours):
                hold = self._hold(self.invoice, "dispute", date_until=theirs)
                self._decide(self.answer, "dispute", date_until=ours)
                self.assertEqual(bool(self.answer.dispute_hold_ids), is_new)
                last = ours or day_after(400)
                self.assertEqual(self._held(self.invoice, last), "dispute")
                self.answer.action_reopen()
                self.assertTrue(hold.active)
                hold.action_release()

    # === PROMISE === #

    def test_promise(self):
        """Without a case the items wait until the day, then reminders go on."""
        wizard = self._dialog(self.answer, "promise")
        self.assertEqual((wizard.amount, wizard.date_until), (100.0, day_after(14)))
        wizard.write({"amount": 60.0, "date_until": day_after(20)})
        action = wizard.action_confirm()
        self.assertIn("60.00 promised until 03/22/2026", action["params"]["message"])
        self.assertEqual(self._held(self.invoice, day_after(20)), "promise")
        self.assertFalse(self._held(self.invoice, day_after(21)))

    def test_promise_needs_amount_and_day(self):
        """Nobody promises nothing, more than is open, or yesterday."""
        for vals, words in (
            ({"amount": 0.0}, "more than 0"),
            ({"amount": 100.01}, "not more than"),
            ({"date_until": day_after(-1)}, "later day"),
            ({"date_until": False}, "until when"),
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, words):
                self._decide(self.answer, "promise", **vals)
        self.assertEqual(self.answer.state, "new")

    # === PAID === #

    def test_paid(self):
        """The items wait for the money; what comes in clears them as always."""
        self._decide(self.answer, "paid", date_until=day_after(10))
        self.assertEqual(self.answer.hold_until, day_after(10))
        self.assertEqual(self._held(self.invoice, day_after(10)), "answer")
        self.assertEqual(len(self.answer._holds()), 1, "the hold goes on")
        self._pay(self.invoice)
        self.env.invalidate_all()
        self.assertFalse(self.answer.amount_open)

    def test_paid_over(self):
        """A hold that was over is placed anew from today."""
        later = self.answer.with_context(dunning_date=day_after(9))
        self.assertEqual(later.hold_state, "over")
        self._decide(later, "paid")
        self.assertEqual(self._held(self.invoice, day_after(16)), "answer")

    def test_paid_meanwhile(self):
        """When the money is in the books nothing is left to decide but to close it."""
        self._pay(self.invoice)
        self.env.invalidate_all()
        with self.assertRaisesRegex(NothingToDo, "Press Go On"):
            self.answer.action_promise()
        with self.assertRaisesRegex(NothingToDo, "Press Go On"):
            self.answer.action_dispute()
        self._decide(self.answer, "paid")
        self.assertEqual(self.answer.outcome_text, "Paid: nothing is open any more.")

    # === THE REMINDER === #

    def test_reminder_cancelled_while_open(self):
        """A reminder that is taken back leaves the answer open and its hold in place:
        they wrote, and nobody has read it."""
        self.reminder.action_cancel()
        self.env.invalidate_all()
        self.assertEqual(self.answer.state, "new")
        self.assertEqual(self.answer.reminder_state, "cancelled")
        self.assertEqual(self._held(self.invoice), "answer")
        self.answer.action_go_on()
        self.assertFalse(self._held(self.invoice))

    def test_buttons(self):
        """Reminder, run and member lead to their answers, and the answer back."""
        self.assertEqual(self.reminder.answer_count, 1)
        paul = self.paul.with_user(self.clerk)
        self.assertEqual(paul.gym_answer_count, 1)
        run = self.reminder.run_id.with_user(self.clerk)
        self.assertEqual(run.answer_count, 1)
        for source in (self.reminder.with_user(self.clerk), run, paul):
            action = source.action_open_answers()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found, self.answer)
        self.assertEqual(self.answer.action_open_reminder()["res_id"], self.reminder.id)
        self.assertEqual(self.answer.action_open_partner()["res_id"], self.paul.id)

    # === RIGHTS === #

    def test_nobody_writes_answers(self):
        """Answers follow from e-mails and buttons: guarded, also from the API."""
        for vals in (
            {"state": "done"},
            {"outcome": "paid"},
            {"reminder_id": self.reminder.id},
            {"date_hold_end": TODAY},
            {"company_id": False},
            {"partner_id": self.company.partner_id.id},
            {"member_id": self.company.partner_id.id},
            {"policy_id": False},
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "by hand"):
                self.answer.write(vals)
        with self.assertRaisesRegex(UserError, "by hand"):
            self.answer.create({"reminder_id": self.reminder.id, "date": TODAY})
        with self.assertRaises(AccessError):
            self.answer.create({})
        with self.assertRaises(AccessError):
            self.answer.unlink()

    def test_hold_belongs_to_the_answer(self):
        """Open Payments and Held Items do not end it: they name the answer."""
        hold = self.answer._holds().with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "Answer to"):
            hold.action_release()
        item = self._item(self.invoice).with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "Answer to"):
            item.action_release()
        self.assertEqual(self._held(self.invoice), "answer")
        self._hold(self.invoice, "manual")
        action = item.action_release()
        self.assertIn("Answer to", action["params"]["message"])
        self.assertEqual(self._held(self.invoice), "answer", "and no longer by hand")

    def test_other_centre(self):
        """Rights: a clerk of another centre sees neither answer nor text."""
        other = self._create_company(name="Other Centre", parent_id=self.company.id)
        self.clerk.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.env.invalidate_all()
        mine = self.answer.with_context(allowed_company_ids=other.ids)
        self.assertFalse(mine.search([]))
        with self.assertRaises(AccessError):
            mine.action_go_on()

    def test_dialog_of_another_centre(self):
        """Rights: nor by a dialog about it, made, changed or only proposed by the API."""
        theirs = self._answer_of(self._create_late_member("Kent Laura"))
        other = self._create_company(name="Other Centre", parent_id=self.company.id)
        both = self.company | other
        self.clerk.write({"company_ids": [(6, 0, both.ids)]})
        dialog = self._dialog(theirs, "promise")
        self.clerk.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.answer.with_context(allowed_company_ids=other.ids).env
        dialogs = env["gym.member.answer.decide"]
        vals = {"answer_id": self.answer.id, "outcome": "promise"}
        with self.assertRaises(AccessError):
            dialogs.create(vals)
        with self.assertRaises(AccessError):
            dialogs.browse(dialog.id).write({"answer_id": self.answer.id})
        proposed = (
            "text",
            "amount_open",
            "amount",
            "can_find_money",
            "running_promise",
        )
        for name in proposed:
            with self.subTest(name), self.assertRaises(AccessError):
                dialogs.new(vals)[name]

"""What becomes of a decision about an answer when it is taken back, or another follows."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...exceptions import NothingToDo
from .common_answer import AnsweredCommon
from .common_run import day_after


@tagged("post_install", "-at_install")
class TestAnswerUndo(AnsweredCommon):
    """Issue 16.6: undone where nothing followed; of several answers the last counts."""

    def _again(self):
        return self._answered(self.sent, "I have written before!")

    # === TAKING BACK === #

    def test_take_back(self):
        """Each decision is undone as a whole: open, and held as before."""
        for outcome, vals in (
            ("go_on", None),
            ("dispute", {"note": "x"}),
            ("promise", {"amount": 50.0}),
            ("paid", {"date_until": day_after(30)}),
        ):
            with self.subTest(outcome):
                if vals is None:
                    self.answer.action_go_on()
                else:
                    self._decide(self.answer, outcome, **vals)
                self.assertEqual(self.answer.outcome, outcome)
                self.answer.action_reopen()
                self.assertRecordValues(
                    self.answer,
                    [
                        {
                            "state": "new",
                            "outcome": False,
                            "outcome_text": False,
                            "hold_until": day_after(7),
                        }
                    ],
                )
                self.assertEqual(self._held(self.invoice), "answer")
                self.assertFalse(self._held(self.invoice, day_after(8)))
                self.assertIn("Taken back", self.reminder.message_ids[0].body)

    def test_take_back_what_is_open(self):
        """An open answer has no decision."""
        with self.assertRaisesRegex(NothingToDo, "nothing to take back"):
            self.answer.action_reopen()

    def test_take_back_after_a_reminder(self):
        """What was reminded since stays decided."""
        self.answer.action_go_on()
        run = self._generate(day_after(11))
        self.assertTrue(run.reminder_ids)
        with self.assertRaisesRegex(UserError, "reminded the same items since"):
            self.answer.action_reopen()

    def test_take_back_after_release(self):
        """A dispute that somebody released is not brought back by the answer."""
        self._decide(self.answer, "dispute", note="x")
        self.answer.dispute_hold_ids.action_release()
        with self.assertRaisesRegex(UserError, "released meanwhile"):
            self.answer.action_reopen()

    def test_take_back_after_another(self):
        """When they wrote again, that answer is to be decided."""
        self.answer.action_go_on()
        self._answered(self.sent, "Hello?")
        with self.assertRaisesRegex(UserError, "written again"):
            self.answer.action_reopen()

    def test_take_back_later(self):
        """The clock stops for the policy's days from now on: what was decided when the
        hold was almost over can be read again."""
        self.answer.action_go_on()
        later = self.answer.with_context(dunning_date=day_after(5))
        later.action_reopen()
        self.assertEqual(later.hold_until, day_after(12))
        self.policy.answer_hold_days = 1
        later.action_go_on()
        later.action_reopen()
        self.assertEqual(later.hold_until, day_after(12), "no sooner than promised")

    def test_take_back_where_nothing_holds(self):
        """Take Back stops nothing that an e-mail would not stop now: a policy that
        holds nothing any more, a reminder that was taken back, what is paid."""
        self.answer.action_go_on()
        self.policy.answer_holds = False
        self.answer.action_reopen()
        self.assertEqual((self.answer.state, self.answer.hold_state), ("new", "none"))
        self.policy.answer_holds = True
        self.answer.action_go_on()
        self.reminder.action_cancel()
        self.answer.action_reopen()
        self.assertEqual((self.answer.state, self.answer.hold_state), ("new", "none"))

    def test_take_back_several(self):
        """What is said of several is what was done to them."""
        laura = self._create_late_member("Kent Laura")
        both = self.answer | self._answer_of(laura)
        said = both.action_go_on()["params"]["message"]
        self.assertEqual(said, "Answers decided: 2.")
        said = both.action_reopen()["params"]["message"]
        self.assertEqual(said, "Answers open again: 2.")

    # === SEVERAL ANSWERS === #

    def test_last_decision_counts(self):
        """Go On of a later e-mail ends what an earlier answer's decision held."""
        for outcome in ("paid", "promise"):
            with self.subTest(outcome):
                answer = self._again() if self.answer.state == "done" else self.answer
                self._decide(answer, outcome, date_until=day_after(20))
                again = self._again()
                self.assertTrue(self._held(self.invoice, day_after(20)))
                again.action_go_on()
                self.assertFalse(self._held(self.invoice))
                self.assertEqual(answer.hold_state, "none")
        run = self._generate(day_after(11))
        self.assertEqual(run.reminder_ids.partner_id, self.paul)

    def test_each_outcome_ends_earlier_holds(self):
        """Who promised until the 20th and says later that it is paid is waited for as
        long as the last decision says."""
        self._decide(self.answer, "promise", date_until=day_after(20))
        for outcome, held in (
            ("dispute", "dispute"),
            ("paid", "answer"),
            ("promise", "promise"),
        ):
            with self.subTest(outcome):
                again = self._again()
                self._decide(again, outcome, date_until=day_after(5))
                self.assertEqual(self._held(self.invoice, day_after(5)), held)
                self.assertFalse(self._held(self.invoice, day_after(6)))
                self.assertFalse(self.answer._holds().filtered("active"))
                # a dispute is by hand from then on, and outlives later answers
                again.dispute_hold_ids.action_release()

    def test_take_back_the_last(self):
        """What the decision before it held is held on, until its own day."""
        for outcome, reason in (("promise", "promise"), ("paid", "answer")):
            with self.subTest(outcome):
                answer = self._again() if self.answer.state == "done" else self.answer
                self._decide(answer, outcome, date_until=day_after(30))
                answer.action_reopen()
                self._decide(answer, outcome, date_until=day_after(20))
                again = self._again()
                again.action_go_on()
                again.action_reopen()
                self.assertEqual(again.hold_until, day_after(7))
                self.assertEqual(answer.hold_until, day_after(20))
                self.assertEqual(self._held(self.invoice, day_after(20)), reason)
                self.assertFalse(self._held(self.invoice, day_after(21)))
                again.action_go_on()
                self.assertFalse(self._held(self.invoice))

    def test_take_back_the_last_after_go_on(self):
        """A decision that held nothing holds nothing on."""
        self._decide(self.answer, "paid", date_until=day_after(20))
        second = self._again()
        second.action_go_on()
        third = self._again()
        third.action_go_on()
        third.action_reopen()
        self.assertFalse(self._held(self.invoice, day_after(8)))

    def test_take_back_an_earlier_one(self):
        """What a later decision replaced is not brought back."""
        self._decide(self.answer, "paid")
        again = self._again()
        again.action_go_on()
        with self.assertRaisesRegex(UserError, "a later answer .* was decided"):
            self.answer.action_reopen()
        self.assertFalse(self._held(self.invoice))

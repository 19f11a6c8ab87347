"""A promise that a member gives in answer to a reminder, of items in a case."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..dunning.common_answer import AnsweredCommon
from ..dunning.common_run import day_after


@tagged("post_install", "-at_install")
class TestAnswerPromise(AnsweredCommon):
    """Issue 16.6: where a case works the items, the case keeps the promise."""

    def _case_of(self, invoice):
        item = self.env["gym.open.item"].search([("move_id", "=", invoice.id)])
        action = item.action_create_case()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _holders(self):
        """Return reason and model of the active holds of the invoice."""
        lines = self.invoice.line_ids
        holds = self.env["gym.dunning.hold"].search(
            [("move_line_id", "in", lines.ids)], order="reason"
        )
        return [(hold.reason, hold.res_model) for hold in holds]

    def test_case_keeps_it(self):
        """The case has the promise, with amount and day, and is in the state Promise;
        the answer says where, and holds nothing any more."""
        case = self._case_of(self.invoice)
        self._decide(self.answer, "promise", amount=60.0, date_until=day_after(20))
        self.assertEqual(case.state, "promise")
        self.assertEqual(case.promise_id.agreed_amount, 60.0)
        self.assertEqual(case.promise_id.date_end, day_after(20))
        self.assertIn(case.name, self.answer.outcome_text)
        self.assertEqual(
            self._holders(),
            [("case", case._name), ("promise", case._name)],
        )

    def test_case_goes_on_by_itself(self):
        """What the case keeps is not taken back by the answer."""
        case = self._case_of(self.invoice)
        self._decide(self.answer, "promise")
        with self.assertRaisesRegex(UserError, f"{case.name}.*Go on there"):
            self.answer.action_reopen()

    def test_a_promise_runs(self):
        """A second promise of a case shows what runs and asks to replace it; the first
        one ends as replaced. Without being asked it is refused, the answer is open."""
        case = self._case_of(self.invoice)
        self.assertFalse(self._dialog(self.answer, "promise").running_promise)
        self._decide(self.answer, "promise", amount=60.0, date_until=day_after(20))
        first = case.promise_id
        again = self._answered(self.sent, "A week later, please.")
        dialog = self._dialog(again, "promise", date_until=day_after(27))
        self.assertIn("60.00 until 03/22/2026", dialog.running_promise)
        with self.assertRaisesRegex(UserError, "A promise is running"):
            dialog.action_confirm()
        self.assertEqual(again.state, "new")
        action = dialog.action_replace()
        self.assertIn("until 03/29/2026", action["params"]["message"])
        self.assertEqual(first.promise_state, "replaced")
        self.assertEqual(case.promise_id.agreed_amount, 100.0)
        self.assertEqual(self._held(self.invoice, day_after(27)), "promise")

    def test_go_on_names_the_case(self):
        """A promise that the case keeps is not ended by the next answer."""
        self._case_of(self.invoice)
        self._decide(self.answer, "promise")
        again = self._answered(self.sent, "Thanks.")
        again.action_go_on()
        self.assertIn("Still held for another reason", again.outcome_text)
        self.assertEqual(self._held(self.invoice), "promise")

    def test_case_is_gone(self):
        """Of a case that was deleted nothing is left to go on there: the decision is
        taken back, and made otherwise."""
        case = self._case_of(self.invoice)
        self._decide(self.answer, "promise", amount=60.0)
        case.unlink()
        self.answer.action_reopen()
        self.assertFalse(self.answer.res_model or self.answer.res_id)
        self.assertEqual(self._held(self.invoice), "answer")
        self._decide(self.answer, "promise", date_until=day_after(9))
        self.answer.action_reopen()
        self.assertEqual(self.answer.state, "new")

    def test_release_names_the_case(self):
        """Open Payments does not release what a case holds, and says which one."""
        case = self._case_of(self.invoice)
        self._decide(self.answer, "promise")
        item = self._item(self.invoice).with_user(self.clerk)
        with self.assertRaisesRegex(UserError, case.name):
            item.action_release()

    def test_not_all_in_the_case(self):
        """A case that has some of the items only cannot keep the promise of all."""
        laura = self._create_late_member("Kent Laura")
        second = self._create_invoice(laura, amount=30.0, days=20)
        answer = self._answer_of(laura)
        self._case_of(second)
        self._decide(answer, "promise", amount=130.0)
        self.assertFalse(answer.res_model)
        self.assertEqual(self._held(second), "promise")
        self.assertEqual(self._held(self._invoices(laura)[-1:]), "promise")

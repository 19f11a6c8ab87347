"""A promise that a member gives in answer to a reminder, of items in a case."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..dunning.common_answer import PAUL, AnswerCommon
from ..dunning.common_run import day_after


@tagged("post_install", "-at_install")
class TestAnswerPromise(AnswerCommon):
    """Issue 16.6: where a case works the items, the case keeps the promise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_late_member("Kent Paul")
        cls.invoice = cls._invoices(cls.paul)

    def setUp(self):
        super().setUp()
        self._send_new()
        [self.sent] = self.postbox.to(PAUL)
        self.answer = self._answered(self.sent)

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
        """A second promise of a case is refused with what runs; the answer is open."""
        self._case_of(self.invoice)
        self._decide(self.answer, "promise")
        again = self._answered(self.sent, "A week later, please.")
        with self.assertRaisesRegex(UserError, "A promise is running"):
            self._decide(again, "promise")

    def test_not_all_in_the_case(self):
        """A case that has some of the items only cannot keep the promise of all."""
        laura = self._create_late_member("Kent Laura")
        second = self._create_invoice(laura, amount=30.0, days=20)
        self._send_new()
        [sent] = self.postbox.to(laura.email)
        answer = self._answered(sent, From=laura.email)
        self._case_of(second)
        self._decide(answer, "promise", amount=130.0)
        self.assertFalse(answer.res_model)
        self.assertEqual(self._held(second), "promise")
        self.assertEqual(self._held(self._invoices(laura)[-1:]), "promise")

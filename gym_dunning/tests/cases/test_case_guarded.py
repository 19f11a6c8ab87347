"""What nobody writes of a case and of a promise, whatever form or API is used."""

from odoo.exceptions import UserError

from ..base.common import TODAY
from .common_case_activity import CaseActivityCommon


class TestCaseGuarded(CaseActivityCommon):
    """F6 and the table of writable fields."""

    def test_figures_and_states_of_cases(self):
        """F6: amounts follow the debts, the state the buttons, at creation too."""
        case = self.case.with_user(self.manager)
        for vals in (
            {"state": "completed"},
            {"amount_debt": 1.0},
            {"amount_case": 2.0},
            {"date_completed": TODAY},
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "by hand"):
                case.write(vals)
            with self.subTest(new=vals), self.assertRaisesRegex(UserError, "by hand"):
                case.create({"partner_id": self.case.partner_id.id} | vals)
        case.write({"other_amount": 5.0})
        self.assertEqual(case.amount_case, case.amount_debt + 5.0)

    def test_a_recorded_promise(self):
        """F6: what was agreed stays, what became of it is found; a promise is not
        made to vanish by emptying its state."""
        promise = self._promise()
        self.assertEqual(promise.promise_state, "running")
        promise = promise.with_user(self.manager)
        for vals in (
            {"promise_state": False},
            {"promise_state": "kept"},
            {"collected_amount": 0},
            {"other_before": 0.0},
            {"agreed_amount": 1.0},
            {"date_end": TODAY},
            {"active": True},
            {"res_id": self.case.id + 1},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                promise.write(vals)
        promise.write({"summary": "By phone"})
        self.assertEqual(self.case.promise_id, promise.sudo())

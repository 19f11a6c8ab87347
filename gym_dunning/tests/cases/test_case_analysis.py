"""Figures of cases: settlement rate, promise-kept rate, what came in."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from ..base.common import TODAY
from .common_case_run import CaseRunCommon

MEASURES = (
    "case_count:sum",
    "completed_count:sum",
    "settled_count:sum",
    "settlement_rate:avg",
)


class TestCaseAnalysis(CaseRunCommon):
    """Laura's case of 534.96 and 1148.14, Paul's of 100.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._create_case()
        cls.case._add_items(cls._receivable(cls.old | cls.new))
        cls.small = cls._create_case(cls.paul)
        cls.small._add_items(cls._receivable(cls.of_paul))

    def _figures(self, *aggregates, cases=None):
        cases = cases or self.case | self.small
        [figures] = self.env["gym.case.analysis"]._read_group(
            [("id", "in", cases.ids)], [], aggregates
        )
        return [round(float(figure), 4) for figure in figures]

    def _promise(self, case, state):
        activity = case.activity_schedule("mail.mail_activity_data_call", TODAY)
        activity.sudo().promise_state = state  # nobody enters it
        return activity

    def test_settlement_rate(self):
        """G-05, market 3: completed by payment of all completed cases."""
        self.assertEqual(self._figures(*MEASURES), [2, 0, 0, 0])
        self.case.action_complete()
        self.assertEqual(self._figures(*MEASURES), [2, 1, 0, 0])
        self._pay(self.of_paul)
        self.small.action_complete()
        self.assertEqual(self._figures(*MEASURES), [2, 2, 1, 0.5])

    def test_other_amount_is_settled_too(self):
        """G-05, AMB-35: an amount that is not posted must have come in."""
        self.small.other_amount = 50.0
        self._pay(self.of_paul)
        self.small.action_complete()
        self.assertEqual(self._figures("settled_count:sum"), [0])
        self.small.other_collected = 50.0
        self.assertEqual(self._figures("settled_count:sum"), [1])

    def test_promise_rate(self):
        """Market 3: kept in full of those due; running and replaced are not due; done
        activities count."""
        for state in ("kept", "kept", "partial", "broken", "running", "replaced"):
            # sudo: a recorded promise is not changed by a person
            self._promise(self.case, state).sudo().action_feedback()
        self._promise(self.small, "kept")
        wanted = (
            "promise_due_count:sum",
            "promise_kept_count:sum",
            "promise_partial_count:sum",
            "promise_rate:avg",
        )
        self.assertEqual(self._figures(*wanted), [5, 3, 1, 0.6])

    def test_rates_of_groups(self):
        """G-05: the rate of a group is no average of its cases' rates."""
        for state in ("broken", "broken", "kept"):
            self._promise(self.case, state)
        self._promise(self.small, "kept")
        self.assertEqual(self._figures("promise_rate:avg"), [0.5])
        rates = self.env["gym.case.analysis"].search(
            [("id", "in", (self.case | self.small).ids)]
        )
        self.assertEqual(
            sorted(round(rate, 2) for rate in rates.mapped("promise_rate")), [0.33, 1.0]
        )

    def test_recovered(self):
        """Market 3: what was paid since the items were taken, not before."""
        before = self._create_invoice(self.paul, amount=80.0)
        self._pay(before, amount=30.0)
        case = self._create_case(self.paul)
        case._add_items(self._receivable(before))
        wanted = ("amount_debt:sum", "amount_recovered:sum", "recovery_rate:avg")
        self.assertEqual(self._figures(*wanted, cases=case), [50.0, 0, 0])
        self._pay(before, amount=20.0)
        self.assertEqual(self._figures(*wanted, cases=case), [50.0, 20.0, 0.4])

    def test_paid_after_completion(self):
        """Market 3: what comes in after the case was closed is none of its success."""
        self._pay(self.old)
        self.case.action_complete()
        # completed some days ago; the payment of today is another matter
        earlier = fields.Date.context_today(self.case) - timedelta(days=3)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_partial_reconcile SET create_date = %s"
            " WHERE debit_move_id = %s",
            [earlier, self._receivable(self.old).id],
        )
        self.case.sudo().date_completed = earlier  # nobody enters it
        self._pay(self.new, day=fields.Date.context_today(self.case))
        self.env.invalidate_all()
        self.assertEqual(
            self._figures("amount_recovered:sum", "settled_count:sum", cases=self.case),
            [534.96, 0],
        )

    def test_reset_to_draft(self):
        """Faults: an item that is not posted is neither recovered nor settled."""
        self.of_paul.button_draft()
        self.small.action_complete()
        self.assertEqual(
            self._figures("amount_recovered:sum", "settled_count:sum"), [0, 0]
        )

    def test_foreign_currency(self):
        """Market 3: company currency at the rate each item was booked with."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids = [
            Command.clear(),
            Command.create({"name": "2020-01-01", "rate": 0.5}),
            Command.create({"name": "2026-03-01", "rate": 0.25}),
        ]
        abroad = self._create_invoice(self.paul, days=40, currency_id=euro.id)
        case = self._create_case(self.paul, currency_id=euro.id)
        case._add_items(self._receivable(abroad))
        self._pay(abroad, amount=50.0)
        paid = self._figures("amount_debt:sum", "amount_recovered:sum", cases=case)
        self.assertEqual(paid[0], 200.0)
        left = self._receivable(abroad).amount_residual_currency
        self.assertEqual(paid[1], round((100.0 - left) * 2, 2))

    def test_by_manager_and_month(self):
        """G-05: by manager, centre, state and month, for pivot and graph; what a debt
        manager sees are the cases of his centres."""
        analysis = self.env["gym.case.analysis"].with_user(self.manager)
        groups = analysis.formatted_read_group(
            [("id", "in", (self.case | self.small).ids)],
            ["debt_manager_id", "company_id", "state", "date_start:month"],
            ["case_count:sum", "settlement_rate:avg"],
        )
        self.assertEqual([one["case_count:sum"] for one in groups], [1, 1])

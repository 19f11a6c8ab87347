"""Mass creations of cases in every order: each debt is in one case, or free for one."""

from ...models.cases import gym_case_run_work
from ..base.common import TODAY
from ..base.common_walk import RunWalkCommon
from .common_case_run import CaseRunCommon


class TestCaseRunWalk(RunWalkCommon, CaseRunCommon):
    """A debt manager, a worker and customers who pay, in any order."""

    run_model = "gym.case.run"
    run_writes = (
        ("state", "estimated"),
        ("state", "done"),
        ("date", "2026-01-01"),
        ("create_new", False),
    )
    run_sizes = ((gym_case_run_work, "BATCH_SIZE", 2),)
    walker_groups = "gym_dunning.group_debt_manager,gym_dunning.group_dunning_user"
    walk_weights = {
        "start": 4,
        "summary": 3,
        "work_all": 2,
        "work_batch": 5,
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in range(3):
            member = cls._create_member(f"Member {number}")
            cls._create_invoice(member, days=40, amount=50.0 + number)
        cls.debts = cls.env["account.move"].search(
            [("company_id", "=", cls.company.id), ("move_type", "=", "out_invoice")]
        )
        cls.members = cls.debts.partner_id

    def test_walks(self):
        """G-81 to G-87: each debt is collected once."""
        self._walk_all()

    # === WHAT A DEBT MANAGER DOES === #

    def _do_summary(self):
        wizard = (
            self.env["gym.case.generate"]
            .with_user(self.walker)
            .create(
                {
                    "company_id": self.company.id,
                    "date": TODAY,
                    "due_to": TODAY,
                    "step": "items",
                    "update_not_started": self.random.random() < 0.7,
                    "complete_collected": True,
                }
            )
        )
        for __ in range(2):
            wizard.action_continue()
        return self._run_label(self._estimated(wizard))

    def _do_start(self):
        return self._press_generate()

    # === WHAT HAPPENS MEANWHILE === #

    def _all_cases(self):
        return self._cases(*self.members)

    def _do_pay(self):
        open_debts = self.debts.filtered("amount_residual")
        if not (debt := self._any(open_debts)):
            return None
        return self._pay_any_amount(debt, TODAY)

    def _do_begin_case(self):
        case = self._any(self._all_cases().filtered(lambda c: c.state == "not_started"))
        if not case:
            return None
        case._set_state("in_progress")
        return case.name

    def _do_complete_case(self):
        if not (case := self._any(self._all_cases())):
            return None
        case._set_state("completed")
        return case.name

    def _do_delete_case(self):
        if not (case := self._any(self._all_cases())):
            return None
        name = case.name
        case.with_user(self.walker).unlink()
        return name

    # === INVARIANTS === #

    def _check_states(self):
        """A run is what its jobs say."""
        for run in self._runs().sudo():
            self._assert_follows(run, run.process_ids)
            if run.state == "estimated":
                self.assertNotIn(
                    "done", run.line_ids.mapped("state"), self._run_label(run)
                )

    def _check_reserved_once(self):
        """G-54: a debt is in one open case, which holds it, and in no other."""
        holds = self._holds(self.debts).filtered("active")
        lines = holds.mapped("move_line_id")
        self.assertEqual(len(lines), len(holds), "held twice")
        for hold in holds:
            case = self.env[hold.res_model].browse(hold.res_id).exists()
            self.assertTrue(case, f"{hold.move_line_id.move_id.name}: held by nobody")
            self.assertNotEqual(case.state, "completed", case.name)
            self.assertIn(hold.move_line_id, case.item_ids.move_line_id, case.name)

    def _check_cases(self):
        """G-84: an open case holds what is in it."""
        for case in self._all_cases().filtered(lambda one: one.state != "completed"):
            unpaid = case.item_ids.filtered("move_line_id.amount_residual")
            held = self._holds(self.debts).filtered(
                lambda hold, case=case: hold.active and hold.res_id == case.id
            )
            self.assertFalse(
                unpaid.move_line_id - held.move_line_id, f"{case.name} does not hold"
            )

    def _check_nobody_forgotten(self):
        """Every open debt is in a case, or the next mass creation takes it."""
        with self._undone():
            self._stoppable().with_user(self.walker).action_cancel()
            unpaid = self._receivable(self.debts).filtered("amount_residual")
            held = self._holds(self.debts).filtered("active").move_line_id
            free = unpaid - held
            if not free:
                return
            run = self.env["gym.case.run"].create(
                {"company_id": self.company.id, "date": TODAY, "due_to": TODAY}
            )
            run._estimate()
            run.action_generate()
            self._work_processes()
            held = self._holds(self.debts).filtered("active").move_line_id
            self.assertFalse(free - held, "debts that no case takes")

"""Runs of reminders in every order: every late item is reminded, or a button helps."""

from collections import Counter
from datetime import timedelta

from odoo.fields import Domain

from ...models.dunning import (
    gym_dunning_run_cancel,
    gym_dunning_run_deliver,
    gym_dunning_run_generate,
)
from ..base.common import TODAY
from ..base.common_walk import FailingRunWalkCommon
from .common_run import RunCommon

# Why an item may be left out when every job, estimate and letter is ended.
LASTING = {"last_level", "below_minimum", "in_credit"}


class TestRunWalk(FailingRunWalkCommon, RunCommon):
    """A clerk, a worker and members who pay, in any order."""

    run_model = "gym.dunning.run"
    run_writes = (
        ("state", "estimated"),
        ("state", "done"),
        ("state", "cancelled"),
        ("date", "2026-01-01"),
        ("name", "RUN/0"),
        ("min_balance", 1000.0),
        ("is_automatic", True),
        ("auto_send", True),
    )
    run_sizes = (
        (gym_dunning_run_generate, "BATCH_SIZE", 2),
        (gym_dunning_run_generate, "BATCH_SIZE_WITHOUT_FEES", 2),
        (gym_dunning_run_cancel, "BATCH_SIZE", 2),
        (gym_dunning_run_deliver, "BATCH_SIZE", 2),
        (gym_dunning_run_deliver, "PRINT_AT_ONCE", 1),
    )
    # the last one finds a cancelled run that keeps its proposals (house H1)
    walk_seeds = (1, 2, 104)
    walk_steps = 40
    walk_weights = {
        "cancel": 2,
        "estimate": 3,
        "generate": 3,
        "send": 2,
        "work_all": 2,
        "work_batch": 5,
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the first level costs already, so each step of a walk can book a fee
        cls.one.fee_product_id = cls.fee_product
        cls.policy.last_client_status_id = False
        cls.members = cls.env["res.partner"].browse(
            cls._create_late_member(f"Member {number}", days=60).id
            for number in range(5)
        )
        cls._create_invoice(cls.members[0], days=50, amount=33.33)
        cls.debts = cls.env["account.move"].search(
            [("partner_id", "in", cls.members.ids)]
        )
        cls._give_account(cls.members[3:])

    def _begin(self):
        self.day = TODAY

    def test_walks_with_fee_invoices(self):
        """E-08, E-68, E-69: a fee as an invoice of its own."""
        self._walk_all()

    def test_walks_with_fee_entries(self):
        """AMB-14: a fee as a line of an entry of many."""
        self.policy.fee_booking = "entry"
        self._walk_all()

    # === WHAT A CLERK DOES === #

    def _new_estimate(self):
        wizard = (
            self.env["gym.dunning.generate"]
            .with_user(self.walker)
            .create(
                {
                    "company_id": self.company.id,
                    "policy_id": self.policy.id,
                    "date": self.day,
                }
            )
        )
        return self._estimated(wizard)

    def _do_estimate(self):
        return self._run_label(self._new_estimate())

    def _do_estimate_of_one(self):
        """Notify takes some items only."""
        member = self._any(self.members)
        items = self.env["gym.open.item"].with_context(dunning_date=self.day)
        found = items.with_user(self.walker).search([("partner_id", "=", member.id)])
        if not found:
            return None
        run = self.env["gym.dunning.run"].with_user(self.walker)
        run = run.create(
            {"date": self.day, "item_ids": [(6, 0, found.move_line_id.ids)]}
        )
        run._estimate()
        return (
            f"{member.name}: {self._run_label(run)}" if run._has_proposals() else None
        )

    def _do_exclude(self):
        reminders = self._runs("estimated").reminder_ids
        if not (reminder := self._any(reminders)):
            return None
        told = f"{reminder.run_id.name} {reminder.partner_id.name}"
        reminder.action_exclude()
        return told

    def _do_take_back(self):
        by_hand = self._runs("estimated").exclusion_ids.filtered(
            lambda exclusion: exclusion.reason == "by_hand"
        )
        if not (exclusion := self._any(by_hand)):
            return None
        told = f"{exclusion.run_id.name} {exclusion.partner_id.name}"
        exclusion.action_take_back()
        return told

    def _do_cancel(self):
        return self._press("action_cancel", self._runs("running", "done", "cancelled"))

    def _do_send(self):
        return self._press("action_send", self._runs("running", "done", "cancelled"))

    def _do_print(self):
        told = self._press("action_print", self._runs("running", "done", "cancelled"))
        dialogs = self.env["gym.dunning.print"].with_user(self.walker)
        for dialog in dialogs.search([("document_id", "=", False)]):
            if self.random.random() < 0.8:  # else closed without an answer
                dialog.action_print()
                dialog.action_confirm()
            dialog.unlink()
        return told

    def _do_not_printed(self):
        printed = self._runs("done").reminder_ids.filtered(
            lambda reminder: reminder.delivery_state == "printed"
        )
        if not (reminder := self._any(printed)) or reminder._printed_refusal():
            return None
        reminder.action_not_printed()
        return reminder.name

    # === WHAT HAPPENS MEANWHILE === #

    def _do_wait(self):
        """Eleven days go by."""
        self.day += timedelta(days=11)
        return str(self.day)

    def _do_pay(self):
        late = self._late_items()
        if not (item := self._any(late)):
            return None
        move = item.move_id
        if move.move_type != "out_invoice":
            return None
        return self._pay_any_amount(move, self.day)

    # === INVARIANTS === #

    def _late_items(self):
        items = self.env["gym.open.item"].with_context(dunning_date=self.day)
        return items.search(
            [("partner_id", "in", self.members.ids), ("amount_residual", ">", 0)]
        )

    def _check_states(self):
        """A run is what its jobs say; what is cancelled has no proposal."""
        for run in self._runs().sudo():
            generating = run.process_ids.filtered(lambda one: one.step == "generate")
            self._assert_follows(run, generating)
            self.assertLessEqual(
                len(self._not_ended(generating)), 1, self._run_label(run)
            )
            proposed = run.reminder_ids.filtered(lambda one: one.state == "proposed")
            if run.state == "cancelled":
                self.assertFalse(proposed, f"{run.name} is cancelled and proposes")
            if run.state == "done" and proposed:
                self.assertTrue(
                    generating._open_failures()
                    or generating.filtered(lambda one: one.state == "cancelled"),
                    f"{run.name} is done and forgot {proposed.partner_id.mapped('name')}",
                )
            if run.state == "estimated":
                issued = run.reminder_ids - proposed
                self.assertFalse(issued, f"{run.name} issued and is an estimate")

    def _check_reminded_once(self):
        """E-08: no item gets a level twice."""
        levels = Counter()
        lines = self.env["gym.dunning.reminder.line"].search(
            Domain("move_line_id.partner_id", "in", self.members.ids)
            & Domain("state", "in", ("proposed", "issued"))
            & Domain("level_id", "!=", False)
        )
        for line in lines:
            levels[line.move_line_id, line.level_id, line.state] += 1
        twice = [
            f"{item.move_id.name} {level.name} {state}"
            for (item, level, state), count in levels.items()
            if count > 1
        ]
        self.assertFalse(twice, "reminded twice")

    def _check_fees(self):
        """E-51, AMB-14: what is issued is booked, what is cancelled is credited."""
        reminders = self.env["gym.dunning.reminder"].search(
            [("partner_id", "in", self.members.ids), ("state", "!=", "proposed")]
        )
        issued = reminders.filtered(lambda one: one.state == "issued")
        unbooked = issued.filtered(
            lambda one: one.amount_fee and one.fee_move_id.state != "posted"
        )
        self.assertFalse(unbooked, "letters whose fee is not in the books")
        for member in self.members:
            expected = sum(
                issued.filtered(lambda one, m=member: one.partner_id == m).mapped(
                    "amount_fee"
                )
            )
            self.assertAlmostEqual(
                self._booked_fees(member), expected, 2, f"fees of {member.name}"
            )

    def _booked_fees(self, member):
        """Return what the books say of a member, without debts and payments."""
        lines = self.env["account.move.line"].search(
            Domain("partner_id", "=", member.id)
            & Domain("account_id.account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
            & Domain("payment_id", "=", False)
            & Domain("move_id", "not in", self.debts.ids)
        )
        return sum(lines.mapped("balance"))

    def _check_nobody_forgotten(self):
        """Every late item is reminded, or left out for a reason that a button ends."""
        with self._undone():
            self.account.active = True
            self._press_every_button()
            self.day += timedelta(days=60)
            late = self._late_items().filtered(lambda item: item.days_overdue > 0)
            late = late.filtered(lambda item: item.move_id in self.debts)
            run = self.env["gym.dunning.run"].create(
                {"date": self.day, "policy_id": self.policy.id}
            )
            run._estimate()
            reminded = run.reminder_ids.line_ids.move_line_id
            left_out = {
                exclusion.move_line_id: exclusion.reason
                for exclusion in run.exclusion_ids
            }
            forgotten = {
                item.move_id.name: left_out.get(item.move_line_id)
                for item in late
                if item.move_line_id not in reminded
                and left_out.get(item.move_line_id) not in LASTING
            }
            self.assertFalse(forgotten, "late items that no button brings back")
            self.day -= timedelta(days=60)

    def _press_every_button(self):
        """Stop every job, discard every estimate, deliver every letter."""
        self._stoppable().with_user(self.walker).action_cancel()
        for run in self._runs("estimated"):
            run.action_discard()
        for run in self._runs("done"):
            self._deliver(run.sudo())

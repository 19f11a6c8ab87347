"""Direct debits in every order: nothing is collected twice, nothing stays held."""

from collections import defaultdict
from datetime import timedelta

from odoo.tests import tagged

from ... import tools
from ..base.common import TODAY
from ..base.common_walk import WalkCommon
from .common_debit_batch import BatchCommon

OTHER_IBAN = "DE02120300000000202051"
WRONG_IBAN = "DE89370400440532013001"
AMOUNTS = (9.99, 10.1, 33.33, 49.9, 0.07)
IN_FLIGHT = ("draft", "exported")


@tagged("post_install", "-at_install")
class TestDebitWalk(WalkCommon, BatchCommon):
    """A clerk, the bank, and members who pay in other ways (kind 4)."""

    walk_steps = 18

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.walker = cls._clerk_env("walking_clerk").user
        cls.members = cls.env["res.partner"].browse(
            cls._create_debtor(f"Member {number}").id for number in range(3)
        )
        for number, member in enumerate(cls.members):
            cls._create_invoice(member, days=50, amount=AMOUNTS[number])

    def _begin(self):
        self.day = TODAY
        self.announced = {}
        self.asked = defaultdict(float)  # of exports that are not undone, by order

    def test_walks(self):
        """Kind 4: batches and members, in any order."""
        self._walk_all()

    # === WHO ACTS === #

    def _by_clerk(self, records):
        return records.with_user(self.walker)

    def _batches(self, *states):
        return self.env["gym.debit.batch"].search(
            [("company_id", "=", self.company.id), ("state", "in", states)]
        )

    def _orders(self, *states):
        return self.env["gym.debit.order"].search(
            [("company_id", "=", self.company.id), ("state", "in", states)]
        )

    def _mandates(self):
        return self.env["gym.debit.mandate"].search(
            [("partner_id", "in", self.members.ids)]
        )

    def _invoices(self):
        return self.env["account.move"].search(
            [
                ("partner_id", "in", self.members.ids),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
            ]
        )

    # === ACTIONS === #

    def _do_invoice(self):
        member = self._any(self.members)
        amount = self.random.choice(AMOUNTS)
        self._create_invoice(member, days=40, amount=amount)
        return f"{member.name} owes {amount} more"

    def _do_collect(self):
        retries = self.random.random() < 0.5
        self._by_clerk(self.env["gym.debit.generate"]).create(
            {"company_id": self.company.id, "include_retries": retries}
        ).action_confirm()
        return f"retries: {retries}"

    def _do_remind(self):
        """A run with debits: its letters announce them."""
        wizard = self._by_clerk(self.env["gym.dunning.generate"]).create(
            {
                "company_id": self.company.id,
                "policy_id": self.policy.id,
                "date": self.day,
                "include_direct_debit": True,
            }
        )
        action = wizard.action_continue()
        if action.get("res_model") != "gym.dunning.run":
            return None
        run = self._by_clerk(self.env["gym.dunning.run"]).browse(action["res_id"])
        run.action_generate()
        self._work_processes()
        for letter in run.reminder_ids.filtered(lambda r: r.state == "issued"):
            if debit := letter._announced_debit():
                self.announced[letter.id] = debit["amount"]
        return f"{run.name} {run.state}"

    def _do_cancel_run(self):
        runs = self.env["gym.dunning.run"].search(
            [("company_id", "=", self.company.id), ("state", "=", "done")]
        )
        run = self._any(self._by_clerk(runs))
        if not run:
            return None
        run.action_cancel()
        self._work_processes()
        return f"{run.name} {run.state}"

    def _do_export(self):
        batch = self._any(self._batches("draft"))
        if not batch:
            return None
        self._by_clerk(batch).action_export()
        return self._exported(batch)

    def _do_leave_out(self):
        batch = self._any(self._batches("draft"))
        if not batch or not batch.refused_count:
            return None
        self._by_clerk(batch).action_leave_out()
        return self._exported(batch)

    def _exported(self, batch):
        """The bank is asked for at most what is open, also in sum."""
        orders = batch.order_ids.filtered(lambda one: one.state == "exported")
        for line in orders.line_ids:
            left = line.move_line_id.amount_residual_currency
            self.assertLessEqual(line.amount, left, line.move_id.name)
        for order in orders:
            if order.reminder_id.id in self.announced:
                announced = self.announced[order.reminder_id.id]
                self.assertLessEqual(order.amount, announced, order.name)
        told = [f"{order.name} {order.amount}" for order in orders]
        return f"{batch.name} {batch.state}: {', '.join(told)}"

    def _do_undo_export(self):
        batch = self._any(self._batches("exported"))
        if not batch:
            return None
        self._by_clerk(batch).action_undo_export()
        return batch.name

    def _do_paid(self):
        batch = self._any(self._batches("exported"))
        if not batch:
            return None
        wizard = self._by_clerk(self.env["gym.debit.paid"]).create(
            {"batch_id": batch.id, "date": batch.execution_date}
        )
        wizard.action_confirm()
        self._work_processes()
        return f"{batch.name} {batch.state}"

    def _do_returned(self):
        order = self._any(self._orders("exported", "paid"))
        if not order:
            return None
        code = self.random.choice((self.am04, self.ac04))
        order._set_returned(code, self.day)
        return f"{order.name} {code.name}"

    def _do_cancel_batch(self):
        batch = self._any(self._batches("draft"))
        if not batch:
            return None
        self._by_clerk(batch).action_cancel()
        return batch.name

    def _do_cancel_order(self):
        order = self._any(self._orders(*IN_FLIGHT))
        if not order:
            return None
        self._by_clerk(order).action_cancel()
        return order.name

    def _do_take_out(self):
        order = self._any(self._orders("draft"))
        if not order:
            return None
        self._by_clerk(order).action_take_out()
        return order.name

    def _do_put_into_batches(self):
        orders = self._orders("draft").filtered(lambda one: not one.batch_id)
        if not orders:
            return None
        self._by_clerk(orders).action_put_into_batches()
        return ", ".join(orders.mapped("name"))

    def _do_move(self):
        orders = self._orders("draft")
        if not orders:
            return None
        order = self._any(orders)
        day = self.day + timedelta(days=self.random.randint(1, 20))
        wizard = self._by_clerk(self.env["gym.debit.move"]).create(
            {"order_ids": [(6, 0, order.ids)], "date": day}
        )
        wizard.action_confirm()
        return f"{order.name} to {order.execution_date}"

    # === WHAT MEMBERS AND THE OFFICE DO BESIDES === #

    def _do_pay_invoice(self):
        invoice = self._any(self._invoices())
        if not invoice:
            return None
        amount = self.random.choice((invoice.amount_residual, 0.03))
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": self.day, "amount": amount})._create_payments()
        return f"{invoice.name}: {amount}"

    def _do_pay_without_naming(self):
        member = self._any(self.members)
        amount = self.random.choice(AMOUNTS)
        journal = self.company_data["default_journal_bank"]
        self._credit(member, amount, date=self.day, journal_id=journal.id)
        return f"{member.name}: {amount}"

    def _do_credit_note(self):
        invoice = self._any(self._invoices())
        if not invoice:
            return None
        invoice._reverse_moves([{"date": self.day}], cancel=True)
        return invoice.name

    def _do_hold(self):
        items = self._items(*self._invoices())
        if not items:
            return None
        item = self._any(items)
        self.env["gym.dunning.hold"].create(
            {"move_line_id": item.id, "reason": "dispute", "note": "walk"}
        )
        return item.move_id.name

    def _do_mandate(self):
        mandate = self._any(self._by_clerk(self._mandates()))
        action = self.random.choice(
            ("action_cancel", "action_draft", "action_activate")
        )
        getattr(mandate, action)()
        return f"{mandate.name} {mandate.state}"

    def _do_new_account(self):
        mandate = self._any(self._mandates())
        number = self.random.choice((OTHER_IBAN, WRONG_IBAN))
        accounts = self.env["res.partner.bank"]
        known = accounts.search(
            [
                ("partner_id", "=", mandate.partner_id.id),
                ("sanitized_acc_number", "=", number),
            ],
            limit=1,
        )
        mandate.partner_bank_id = known or accounts.create(
            {"acc_number": number, "partner_id": mandate.partner_id.id}
        )
        return f"{mandate.name} {mandate.partner_bank_id.acc_number}"

    def _do_lapse(self):
        mandate = self._any(self._mandates())
        mandate.signature_date = TODAY - timedelta(days=self.random.choice((30, 1200)))
        return f"{mandate.name} signed {mandate.signature_date}"

    # === WHAT HOLDS === #

    def _lines(self):
        return self.env["gym.debit.order.line"].search(
            [("order_id.company_id", "=", self.company.id)]
        )

    def _check_in_flight(self):
        """An item is in one order in flight at most, and in flight while it is."""
        lines = self._lines()
        for line in lines:
            expected = line.order_id.state in IN_FLIGHT
            self.assertEqual(line.in_flight, expected, line.order_id.name)
        flying = lines.filtered("in_flight").move_line_id
        self.assertEqual(len(flying), len(lines.filtered("in_flight")))

    def _check_amounts(self):
        """Every order is above zero and the sum of its items."""
        for order in self._orders(*IN_FLIGHT, "paid", "returned"):
            self.assertGreater(order.amount, 0, order.name)
            lines = tools.total(order.line_ids.mapped("amount"))
            self.assertFalse(self.euro.compare_amounts(order.amount, lines), order.name)

    def _check_holds(self):
        """What is held is in flight, and what is in flight is held."""
        holds = self.env["gym.dunning.hold"].search(
            [
                ("reason", "=", "debit"),
                ("move_line_id.company_id", "=", self.company.id),
            ]
        )
        flying = self._lines().filtered("in_flight").move_line_id
        self.assertEqual(holds.move_line_id, flying & holds.move_line_id)
        self.assertEqual(len(holds), len(flying))

    def _check_collected_once(self):
        """No item is collected for more than it was."""
        collected = defaultdict(list)
        for line in self._lines():
            if line.order_id.state in ("exported", "paid"):
                collected[line.move_line_id].append(line.amount)
        for item, amounts in collected.items():
            most = abs(item.amount_currency)
            self.assertLessEqual(tools.total(amounts), most, item.move_id.name)

    def _check_payments(self):
        """A paid debit has its payment; no other has one that stands."""
        for order in self._orders("paid", "returned", "cancelled"):
            standing = order.payment_ids.filtered(lambda one: one._gym_is_standing())
            paid = tools.total(standing.mapped("amount"))
            expected = order.amount if order.state == "paid" else 0.0
            self.assertFalse(self.euro.compare_amounts(paid, expected), order.name)

    def _check_batches(self):
        """A batch holds the debits of one day and one creditor."""
        for batch in self._batches("draft", "exported"):
            orders = batch._open_orders()
            self.assertEqual(
                set(orders.mapped("execution_date")), {batch.execution_date}
            )
            self.assertEqual(bool(batch.attachment_id), batch.state == "exported")

    def _end(self):
        """Whatever is in flight can be ended, and then nothing is held."""
        for batch in self._batches("exported"):
            self._by_clerk(batch).action_undo_export()
        self._by_clerk(self._orders("draft")).action_cancel()
        self.env.flush_all()
        self._check_in_flight()
        self._check_holds()
        self.assertFalse(self._lines().filtered("in_flight"))

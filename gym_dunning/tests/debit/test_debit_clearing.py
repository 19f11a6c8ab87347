"""Off which items a credit is taken, and fees that go along with a debit."""

from datetime import timedelta

from odoo.tests import Form, tagged

from ..base.common import TODAY
from ..ledger.test_clearing import clear_by
from .common_debit import DebtorCommon
from .common_debit_batch import BatchCommon


class FeeDebtorCommon(DebtorCommon, BatchCommon):
    """Dora was reminded with a fee, long ago."""

    @classmethod
    def _remind(cls, invoice, fee, member=None):
        """As if a reminder of the invoice had been issued, with its fee document."""
        member = member or cls.member
        item = cls._items(invoice)
        # sudo: runs make reminders, nobody else
        return (
            cls.env["gym.dunning.reminder"]
            .sudo()
            .create(
                {
                    "name": f"REM/{fee.name}",
                    "partner_id": member.id,
                    "member_id": member.id,
                    "addressee_id": member.id,
                    "company_id": cls.company.id,
                    "currency_id": cls.euro.id,
                    "level_id": cls.policy.level_ids[1].id,
                    "date": TODAY,
                    "date_due": TODAY,
                    "fee_move_id": fee.id,
                    "state": "issued",
                    "delivery_state": "printed",
                    "line_ids": [
                        (
                            0,
                            0,
                            {
                                "move_line_id": item.id,
                                "amount": 100.0,
                                "amount_original": 100.0,
                            },
                        )
                    ],
                }
            )
        )

    @classmethod
    def _fee(cls, days=10, by_debit=True, **vals):
        """Return the fee of the invoice's reminder, a document of its own."""
        method = {} if by_debit else {"preferred_payment_method_line_id": False}
        fee = cls._create_invoice(cls.member, days=days, amount=5.0, **(method | vals))
        cls._remind(cls.invoice, fee)
        return fee

    def _collected(self, orders=None):
        """Return what is collected of each document."""
        lines = (orders or self._orders()).line_ids
        return {line.move_id: line.amount for line in lines}


@tagged("post_install", "-at_install")
class TestDebitClearing(FeeDebtorCommon):
    """A credit is taken off in the order of clearing."""

    def test_collect(self):
        """Clearing: Collect takes a credit off the oldest item, or off the costs
        first, as the law of the centre says."""
        fee = self._fee()
        self._credit(self.member, 5.0)
        for rule, expected in (
            ("oldest", {self.invoice: 95.0, fee: 5.0}),
            ("costs_first", {self.invoice: 100.0}),
        ):
            with self.subTest(rule):
                clear_by(self.company, rule)
                self._collect_due()
                orders = self._orders().filtered(lambda one: one.state == "draft")
                self.assertEqual(self._collected(orders), expected)
                orders._set_state("cancelled")

    def test_collect_named(self):
        """Clearing: a payment that names an invoice is taken off that one, whatever
        the rule."""
        clear_by(self.company, "costs_first")
        fee = self._fee()
        later = self._create_invoice(self.member, days=1, amount=50.0)
        self._credit(self.member, 50.0, memo=f"For {later.name} please")
        self._collect_due()
        self.assertEqual(self._collected(), {self.invoice: 100.0, fee: 5.0})

    def test_export(self):
        """Clearing: what was paid meanwhile is taken off in the same order, and what
        names an invoice off that one."""
        clear_by(self.company, "costs_first")
        self._fee()
        later = self._create_invoice(self.member, days=1, amount=50.0)
        batch = self._collect_due()
        self._credit(self.member, 55.0, memo=later.name.replace("/", " "))
        batch.action_export()
        self.assertEqual(self._collected(), {self.invoice: 100.0})

    def test_export_oldest(self):
        """Clearing: where the law does not say otherwise, off the oldest."""
        clear_by(self.company, "oldest")
        fee = self._fee()
        batch = self._collect_due()
        self._credit(self.member, 30.0)
        batch.action_export()
        self.assertEqual(self._collected(), {self.invoice: 70.0, fee: 5.0})

    def test_second_attempt(self):
        """Clearing: the debit of a letter takes a credit off what it names."""
        clear_by(self.company, "oldest")
        later = self._create_invoice(self.member, days=20, amount=50.0)
        self._credit(self.member, 50.0, memo=later.name)
        self._generate(include_direct_debit=True)
        self.assertEqual(self._collected(), {self.invoice: 100.0})

    def test_query_count(self):
        """Clearing: planning costs the same queries for one credit and for ten."""
        clear_by(self.company, "costs_first")
        self._credit(self.member, 30.0)
        plan = self._collect_wizard()._plan
        self._count_queries(plan)
        one = self._count_queries(plan)
        for number in range(9):
            member = self._create_debtor(f"More {number}")
            self._create_invoice(member)
            self._credit(member, 30.0)
        self.assertLessEqual(self._count_queries(plan), one + 3)
        self.assertEqual(sum(debit.amount for debit in plan()[0]), 700.0)


@tagged("post_install", "-at_install")
class TestFeeAlong(FeeDebtorCommon):
    """A fee goes along with the member's next debit, and never alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_lonely_fee = "debit"

    def _next(self, **vals):
        """Let the member pay what was reminded; return his next invoice."""
        self._pay(self.invoice)
        return self._create_invoice(self.member, days=1, amount=50.0, **vals)

    def test_along(self):
        """Fee along: one that no payment method sends to the bank goes along, though
        the items of its reminder are paid; under Keep It Open it does not."""
        fee = self._fee(by_debit=False)
        invoice = self._next()
        self.company.dunning_lonely_fee = "keep"
        self.assertEqual(self._collect_wizard().amount_total, self.euro.format(50.0))
        self.company.dunning_lonely_fee = "debit"
        self._collect_due()
        self.assertEqual(self._collected(), {invoice: 50.0, fee: 5.0})
        self.assertEqual(self._item(fee).hold_reason, "debit")

    def test_not_alone(self):
        """Fee along: alone it waits, and the dialog says so; under Keep It Open one
        that waits for a debit is collected as ever."""
        fee = self._fee()
        self._pay(self.invoice)
        wizard = Form(self.env["gym.debit.generate"])
        self.assertEqual(wizard.order_count, 0)
        self.assertIn("Only a fee", wizard.summary)
        self.company.dunning_lonely_fee = "keep"
        self._collect_due()
        self.assertEqual(self._collected(), {fee: 5.0})

    def test_transfer_is_not_listed(self):
        """Fee along: the fee of who pays by transfer is neither collected nor
        listed."""
        self._fee(by_debit=False)
        self._pay(self.invoice)
        self.assertNotIn("<tr", self._collect_wizard().summary or "")

    def test_alone_after_a_credit(self):
        """Fee along: a credit that covers the rest leaves no debit of the fee."""
        self._fee()
        self._credit(self.member, 100.0)
        wizard = self._collect_wizard()
        self.assertEqual(wizard.order_count, 0)
        self.assertIn("Only a fee", wizard.summary)

    def test_alone_at_export(self):
        """Fee along: a debit whose rest is paid before the export is given up; what a
        letter announces is collected."""
        fee = self._fee()
        batch = self._collect_due()
        self.assertEqual(self._orders().amount, 105.0)
        self._pay(self.invoice)
        batch.action_export()
        order = self._orders()
        self.assertEqual(order.state, "cancelled")
        self.assertIn("Only a reminder fee was left", order.message_ids[0].body)
        self.assertFalse(self._item(fee).hold_reason)

    def test_announced_by_a_letter(self):
        """Fee along: what a letter announces is collected, if only its fee is left."""
        fee = self._fee()
        order = self._collect(self.invoice, fee)
        order.sudo().reminder_id = self.env["gym.dunning.reminder"].search(
            [("fee_move_id", "=", fee.id)]
        )
        order._put_into_batches()
        self._pay(self.invoice)
        order.batch_id.action_export()
        self.assertEqual((order.state, order.amount), ("exported", 5.0))

    def test_held(self):
        """Fee along: a fee that is held stays where it is."""
        fee = self._fee(by_debit=False)
        invoice = self._next()
        for reason in ("dispute", "agency", "case", "promise", "manual"):
            hold = (
                self.env["gym.dunning.hold"]
                .sudo()
                .create({"move_line_id": self._items(fee).id, "reason": reason})
            )
            debits, __ = self._collect_wizard()._plan()
            items = self._items(invoice)
            self.assertEqual([list(one.amounts) for one in debits], [[items]], reason)
            hold.unlink()

    def test_deadline_of_the_letter(self):
        """Fee along: it waits for its due date as everything else."""
        self._fee(days=-10, by_debit=False)
        invoice = self._next()
        self._collect_due()
        self.assertEqual(self._collected(), {invoice: 50.0})

    def test_returned_fee(self):
        """Fee along: a fee that the bank returned is not sent again with the next
        debit, whose attempt and day it would change."""
        fee = self._fee(by_debit=False)
        first = self._next()
        day = TODAY - timedelta(days=20)
        plan = self.env["gym.debit.plan"]
        items = self._items(first, fee)
        order = plan._make(plan._debits({"one": (items, 0.0)}, day).values())
        order._set_state("exported")
        self._return(order, day=TODAY - timedelta(days=1))
        second = self._create_invoice(self.member, days=1, amount=60.0)
        self._collect_due()
        drafts = self._orders().filtered(lambda one: one.state == "draft")
        self.assertEqual(self._collected(drafts), {second: 60.0})
        self.assertEqual(drafts.attempt, 1)

    def test_nobody_pays_for_somebody_else(self):
        """Fee along: the fee of a member whose firm is the debtor does not go with
        the mandate of another contact of the firm."""
        firm = self._create_member("Firm", is_company=True, member_status_id=False)
        anna, bert = (
            self._create_debtor(name, parent_id=firm.id, mandate=name == "Anna")
            for name in ("Anna", "Bert")
        )
        invoice = self._create_invoice(
            anna, amount=50.0, preferred_payment_method_line_id=self.by_debit.id
        )
        fee = self._create_invoice(
            bert, amount=5.0, preferred_payment_method_line_id=False
        )
        self._remind(self.invoice, fee, bert)
        self.assertEqual(self._items(invoice).partner_id, self._items(fee).partner_id)
        self._collect_due()
        orders = self.env["gym.debit.order"].search([("partner_id", "=", firm.id)])
        self.assertEqual(self._collected(orders), {invoice: 50.0})

    def test_waived_is_not_collected(self):
        """Fee along: a fee that was waived before the setting changed is settled."""
        fee = self._fee(by_debit=False)
        invoice = self._next()
        reminder = self.env["gym.dunning.reminder"].search(
            [("fee_move_id", "=", fee.id)]
        )
        self.env["gym.dunning.fee"]._waive(reminder, {reminder: TODAY}, TODAY)
        self._collect_due()
        self.assertEqual(self._collected(), {invoice: 50.0})

    def test_waiver_waits_for_the_debit(self):
        """Lonely fees: what a debit under way collects is not waived."""
        fee = self._fee(by_debit=False)
        self._next()
        self._collect_due()
        self.company.write(
            {"dunning_lonely_fee": "waive", "dunning_lonely_fee_days": 0}
        )
        reminder = self.env["gym.dunning.reminder"].search(
            [("fee_move_id", "=", fee.id)]
        )
        fees = self.env["gym.dunning.fee"]
        self.assertIn(reminder, fees._lonely(self.company, TODAY))
        fees._waive(reminder, {reminder: TODAY}, TODAY)
        self.assertEqual(fee.amount_residual, 5.0)

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..base.common import TODAY
from .common_debit import DebtorCommon


@tagged("post_install", "-at_install")
class TestDebitReturnEffects(DebtorCommon):
    """What a returned debit does: books, level, mandate, member (debits 4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate = cls.member.debit_mandate_ids

    def _code(self, name):
        return self.env.ref(f"gym_dunning.debit_return_{name.lower()}")

    def test_paid(self):
        """The bank collected: the invoice is paid by a payment that names the
        debit."""
        order = self._collect_paid(self.invoice)
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.invoice.payment_state, "paid")
        self.assertRecordValues(
            order.payment_ids,
            [{"amount": 100.0, "memo": order.name, "journal_id": self.bank.id}],
        )

    def test_open_again_at_its_level(self):
        """A return re-opens the invoice at its former level; the payment is taken back
        by an entry of the day of the return, nothing is left on the account."""
        __, day = self._run_levels_of_returned()
        order = self._collect_paid(self.invoice, day=day)
        self.assertFalse(self._item(self.invoice))
        self._return(order, charges=3.5)
        self.assertEqual(self.invoice.payment_state, "not_paid")
        item = self._item(self.invoice, day + timedelta(days=30))
        self.assertEqual(item.level_id.name, "One")
        self.assertEqual(item.amount_residual, 100.0)
        entry = order.payment_ids.move_id.reversal_move_ids
        self.assertEqual((entry.state, entry.date), ("posted", order.return_date))
        only = self.env["gym.open.item"].search([("partner_id", "=", self.member.id)])
        self.assertEqual(only.move_id, self.invoice)
        self.assertEqual(order.return_charges, 3.5)

    def _run_levels_of_returned(self):
        self._return(
            self._collect_exported(self.invoice, day=TODAY - timedelta(days=30)),
            day=TODAY - timedelta(days=10),
        )
        return self._run_levels(1)

    def test_reasons_entered_by_hand(self):
        """A reason that somebody entered before it came with the module is taken for
        it, with the class that was given to it."""
        cnor = self._code("CNOR")
        self.env["ir.model.data"].search(
            [("model", "=", cnor._name), ("res_id", "=", cnor.id)]
        ).unlink()
        cnor.return_class = "contact"
        cnor._adopt_by_name(["CNOR", "AC04", "NONE"])
        self.assertEqual(self._code("CNOR"), cnor)
        self.assertEqual(cnor.return_class, "contact")

    def test_technical_reasons(self):
        """What is no member's fault neither stops his mandate nor is tried for ever: a
        file that came too late is collected again, a wrong one is for us to correct."""
        for name, return_class in (
            ("TM01", "soft"),
            ("ED05", "soft"),
            ("DT01", "ours"),
        ):
            code = self._code(name)
            self.assertRecordValues(
                code, [{"return_class": return_class, "mandate_action": False}]
            )
        self._return(self._collect_exported(self.invoice), self._code("TM01"))
        self.assertEqual(self.mandate.state, "active")
        self.assertEqual(self._debit_state(self.invoice), "retry")

    def test_history(self):
        """The member's history tells of the return."""
        self._return(self._collect_paid(self.invoice))
        message = self.member.message_ids[:1].body
        self.assertIn("AM04", message)
        self.assertIn("100.00", message)

    def test_returned_once(self):
        """A debit is returned once, and only after it was sent."""
        order = self._collect(self.invoice)
        with self.assertRaisesRegex(UserError, f"{order.name} of Dora Debit.*Draft"):
            self._return(order)
        order._set_state("exported")
        self._return(order)
        with self.assertRaisesRegex(UserError, "is in state 'Returned'"):
            self._return(order)

    def test_death(self):
        """A member who died is reminded no more, at once; a person is told."""
        fresh = self._create_invoice(self.member)
        run = self._estimate(include_direct_debit=True)
        self._return(self._collect_exported(self.invoice), self._code("MD07"))
        self.assertTrue(self.member.client_status_id.stops_reminders)
        self.assertEqual(self.mandate.state, "cancelled")
        self.assertTrue(self.member.activity_ids)
        run.action_generate()
        self._work()
        self.assertEqual(self._reason(run, self.member), "client_paused")
        self.assertFalse(self._reminder(run, self.member))
        self.assertFalse(self._item(fresh).level_id)

    def test_believed_once(self):
        """A bank that gives no reason is believed once: then the mandate waits for a
        person (MS03)."""
        ms03 = self._code("MS03")
        self._return(self._collect_exported(self.invoice), ms03)
        self.assertEqual(self.mandate.state, "active")
        self._return(self._collect_exported(self.invoice), ms03)
        self.assertEqual(self.mandate.state, "review")
        self.assertEqual(self._debit_state(self.invoice), "returned")

    def test_review_after_many(self):
        """After so many returns in a row the mandate waits for a review; a debit that
        was paid begins the count anew."""
        self.company.write({"debit_review_after": 3, "debit_retries": 9})
        for __ in range(2):
            self._return(self._collect_exported(self.invoice))
        paid = self._create_invoice(self.member, amount=10.0)
        self._collect_paid(paid, day=TODAY + timedelta(days=15))
        later = TODAY + timedelta(days=20)
        for __ in range(2):
            self._return(self._collect_exported(self.invoice, day=later))
        self.assertEqual(self.mandate.state, "active")
        self._return(self._collect_exported(self.invoice))
        self.assertEqual(self.mandate.state, "review")
        self.mandate.action_activate()
        self.assertEqual(self._debit_state(self.invoice), "retry")

    def test_activity(self):
        """Where somebody must talk to the member, a task is planned for whoever
        answers for the reminders."""
        self._return(self._collect_exported(self.invoice), self._code("MS02"))
        self.assertRecordValues(
            self.member.activity_ids,
            [
                {
                    "user_id": self.policy.responsible_id.id,
                    "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                }
            ],
        )

    def test_two_accounts(self):
        """Items on two receivable accounts are paid by two payments, both taken back
        by a return."""
        other = self.company_data["default_account_receivable"].copy()
        member = self.member.with_company(self.company)
        member.property_account_receivable_id = other
        second = self._create_invoice(self.member, amount=50.0)
        order = self._collect_paid(self.invoice, second)
        self.assertEqual(sorted(order.payment_ids.mapped("amount")), [50.0, 100.0])
        self.assertEqual(second.payment_state, "paid")
        self._return(order)
        self.assertEqual(
            set((self.invoice | second).mapped("payment_state")), {"not_paid"}
        )

    def test_payment_taken_back_by_the_accountant(self):
        """Kind 3: an accountant took the payment back before the bank's file came: it
        is not taken back twice, and the invoice is open once."""
        order = self._collect_paid(self.invoice)
        payment = order.payment_ids.move_id
        payment._reverse_moves([{"date": TODAY}], cancel=True)
        self.assertEqual(self.invoice.payment_state, "not_paid")
        self._return(order)
        self.assertEqual(order.state, "returned")
        self.assertEqual(len(payment.reversal_move_ids), 1)
        self.assertEqual(self._item(self.invoice).amount_residual, 100.0)
        only = self.env["gym.open.item"].search([("partner_id", "=", self.member.id)])
        self.assertEqual(only.move_id, self.invoice)

    def test_paid_otherwise_before_the_return(self):
        """Kind 3: the member paid by himself what the debit had paid: the return leaves
        the invoice to that payment, and his balance at zero."""
        order = self._collect_paid(self.invoice)
        self._pay_on_account(100.0)
        self._return(order)
        items = self.env["gym.open.item"].search([("partner_id", "=", self.member.id)])
        self.assertEqual(sum(items.mapped("amount_residual")), 0.0)

    def _pay_on_account(self, amount):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.member.id,
                "company_id": self.company.id,
                "journal_id": self.bank.id,
                "currency_id": self.euro.id,
                "amount": amount,
                "date": TODAY,
            }
        )
        payment.action_post()
        return payment

    def test_no_bank(self):
        """Without a bank of direct debits nothing is booked, and the sentence says
        where to choose it."""
        order = self._collect_exported(self.invoice)
        self.company.debit_journal_id = False
        with self.assertRaisesRegex(UserError, "has no bank for direct debits"):
            order._set_paid(TODAY)
        self.assertEqual(order.state, "exported")

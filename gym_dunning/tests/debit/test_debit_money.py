from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_debit import DebtorCommon
from .common_debit_batch import DAY, BatchCommon


@tagged("post_install", "-at_install")
class TestDebitMoney(DebtorCommon, BatchCommon):
    """Nothing is collected twice, and nothing that is not owed (debits 1 to 4)."""

    # === PAID WITHOUT NAMING THE INVOICE === #

    def test_credit_that_came_meanwhile(self):
        """Debits 3: what a member paid without naming the invoice is taken off when
        the batch is exported."""
        batch = self._collect_due()
        self._credit(self.member, 30.0)
        batch.action_export()
        self.assertEqual(self._orders().amount, 70.0)

    def test_covered_meanwhile(self):
        """Debits 3: who paid all meanwhile is not debited, even if nobody allocated
        the payment yet."""
        self._members_who_owe(1)
        batch = self._collect_due()
        self._credit(self.member, 100.0)
        batch.action_export()
        self.assertEqual(self._orders().state, "cancelled")
        self.assertEqual(batch.order_count, 1)
        self.assertEqual(self._debit_state(self.invoice), "waiting")

    def test_credit_for_another_item(self):
        """Debits 3: a credit that covers what is paid by transfer leaves the debit
        alone; one that was taken off already is not taken off again."""
        self._create_invoice(
            self.member, amount=40.0, preferred_payment_method_line_id=False
        )
        self._credit(self.member, 25.0)
        batch = self._collect_due()
        self.assertEqual(self._orders().amount, 75.0)
        self._credit(self.member, 40.0)
        batch.action_export()
        self.assertEqual(self._orders().amount, 75.0)

    def test_covered_item_and_debit(self):
        """Debits 3: a credit covers the oldest item and part of the next; exporting
        changes nothing."""
        self._create_invoice(self.member, days=10, amount=80.0)
        self._credit(self.member, 150.0)
        batch = self._collect_due()
        self.assertEqual(self._orders().amount, 30.0)
        batch.action_export()
        self.assertEqual(self._orders().amount, 30.0)

    def test_two_debits_share_a_credit(self):
        """Debits 3: of two debits of a member a new credit is taken off once."""
        batch = self._collect_due()
        self._create_invoice(self.member, amount=50.0)
        self._collect_due()
        self._credit(self.member, 120.0)
        batch.action_export()
        orders = self._orders().filtered(lambda one: one.state == "exported")
        self.assertEqual(sum(orders.mapped("amount")), 30.0)

    def test_reset_invoice(self):
        """Debits 3: an invoice that was reset to draft is dropped, and the member's
        other debit stands."""
        batch = self._collect_due()
        self._create_invoice(self.member, amount=50.0)
        self._collect_due()
        self.invoice.button_draft()
        batch.action_export()
        orders = self._orders().filtered(lambda one: one.state == "exported")
        self.assertEqual(orders.mapped("amount"), [50.0])

    # === PAYMENTS === #

    def test_paid_after_a_reset(self):
        """Debits 4: an invoice that was reset to draft after the export does not stop
        the booking: the bank collected."""
        order = self._collect_exported(self.invoice)
        self.invoice.button_draft()
        order._set_paid(DAY)
        self.assertEqual(order.state, "paid")
        [row] = self.env["gym.open.item"].search([("partner_id", "=", self.member.id)])
        self.assertEqual(row.amount_residual, -100.0)

    def test_payment_has_an_entry(self):
        """Debits 4: also where Odoo's accountant, whose payments need no entry, is
        installed, a debit that is paid pays its invoice."""
        moves = type(self.env["account.move"])
        self.patch(moves, "_get_invoice_in_payment_state", lambda self: "in_payment")
        self.by_debit.payment_account_id = False
        order = self._collect_paid(self.invoice)
        self.assertTrue(order.payment_ids.move_id)
        self.assertFalse(self._item(self.invoice))

    def test_return_of_a_reset_payment(self):
        """Debits 4: an accountant reset the payment already; the return cancels it,
        and does not reverse what was never posted."""
        order = self._collect_paid(self.invoice)
        order.payment_ids.action_draft()
        self._return(order)
        self.assertEqual(order.state, "returned")
        self.assertEqual(order.payment_ids.state, "canceled")
        self.assertFalse(order.payment_ids.move_id.reversal_move_ids)
        rows = self.env["gym.open.item"].search([("partner_id", "=", self.member.id)])
        self.assertEqual(sum(rows.mapped("amount_residual")), 100.0)

    def test_return_after_a_transfer(self):
        """Debits 4: the member paid by transfer, too; the return leaves invoice and
        credit, which cover each other."""
        order = self._collect_exported(self.invoice)
        self._pay(self.invoice)
        order._set_paid(DAY)
        self._return(order)
        rows = self.env["gym.open.item"].search([("partner_id", "=", self.member.id)])
        self.assertEqual(sum(rows.mapped("amount_residual")), 0.0)

    def test_return_in_a_locked_month(self):
        """Debits 4: a return of a month that is closed is booked in the next open
        one."""
        order = self._collect_paid(self.invoice)
        self.company.fiscalyear_lock_date = DAY + timedelta(days=30)
        self._return(order, day=DAY + timedelta(days=2))
        entry = order.payment_ids.move_id.reversal_move_ids
        self.assertEqual(entry.state, "posted")
        self.assertGreater(entry.date, DAY + timedelta(days=30))
        self.assertEqual(self.invoice.payment_state, "not_paid")

    def test_undo_while_it_is_booked(self):
        """Debits 3: an export is not undone while its payments wait for the worker."""
        batch = self._collect_due()
        batch.action_export()
        process = self.env["gym.process"]._start(batch, "Paid", "paid", 1)
        with self.assertRaisesRegex(UserError, f"{batch.name} is being booked"):
            batch.action_undo_export()
        process.action_cancel()
        batch.action_undo_export()
        self.assertEqual(batch.state, "draft")

    def test_two_accounts_and_a_return(self):
        """Debits 4: items on two receivable accounts, in part covered by a credit, are
        open again as before once the debit comes back."""
        self._credit(self.member, 30.0)
        other = self._items(self.invoice).account_id.copy({"code": "DEBIT2"})
        self.member.property_account_receivable_id = other
        second = self._create_invoice(self.member, amount=50.0)
        self.assertEqual(self._items(second).account_id, other)
        batch = self._collect_due()
        batch.action_export()
        order = self._orders()
        self.assertEqual(order.amount, 120.0)
        order._set_paid(DAY)
        self.assertEqual(len(order.payment_ids), 2)
        self._return(order)
        self.assertEqual(self._item(self.invoice).amount_residual, 100.0)
        self.assertEqual(self._item(second).amount_residual, 50.0)

    def test_foreign_currency(self):
        """Debits 4: with a rate that changes between invoice, payment and return, the
        member owes what he owed, in both currencies."""
        self.env["res.currency.rate"].create(
            {
                "name": DAY,
                "rate": 1.25,
                "currency_id": self.euro.id,
                "company_id": self.company.id,
            }
        )
        order = self._collect_paid(self.invoice)
        self.assertEqual(self.invoice.payment_state, "paid")
        self._return(order)
        row = self._item(self.invoice)
        self.assertEqual(row.amount_residual, 100.0)
        mine = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.member.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        balance = self.company.currency_id.round(sum(mine.mapped("balance")))
        self.assertEqual(balance, self.invoice.amount_total_signed)

    def test_archived_member(self):
        """Debits 4: a member who left and was archived is collected, and his return
        is booked."""
        self.member.active = False
        batch = self._collect_due()
        batch.action_export()
        self._pay_all(batch)
        order = self._orders()
        self.assertEqual(order.state, "paid")
        self._return(order)
        self.assertEqual(self._item(self.invoice).amount_residual, 100.0)

    # === ACCOUNTS AND MANDATES === #

    def test_deleted_account(self):
        """Debits 3: an account that somebody deletes, which Odoo archives, is debited
        no more: neither by new debits nor by drafts."""
        batch = self._collect_due()
        self._orders().mandate_id.partner_bank_id.unlink()
        told = batch.action_export()["params"]["message"]
        self.assertRegex(told, "Dora Debit: the mandate .* archived")
        batch.action_cancel()
        self.assertEqual(self._debit_state(self.invoice), "no_mandate")
        with self.assertRaisesRegex(UserError, "needs an account"):
            self.member.debit_mandate_ids.action_activate()

    def test_mandate_stays_with_its_member(self):
        """Debits 1: a mandate that was used is not given to somebody else."""
        mandate = self._collect(self.invoice).mandate_id
        other = self._create_member("Olga Other")
        with self.assertRaisesRegex(ValidationError, "has been used for Dora Debit"):
            mandate.partner_id = other

    def test_merged_members(self):
        """Faults: of a member entered twice, with the same account, mandates and
        debits are the one's; they are exported and paid."""
        twin = self._create_debtor("Dora Debit", email=self.member.email)
        doubled = self._create_invoice(twin, amount=30.0)
        batch = self._collect_due()
        wizard = (
            self.env["base.partner.merge.automatic.wizard"]
            .with_context(
                active_model="res.partner", active_ids=(self.member | twin).ids
            )
            .create({})
        )
        wizard.dst_partner_id = self.member
        wizard.action_merge()
        self.assertEqual(len(self._orders()), 2)
        mandates = self._orders().mandate_id
        self.assertEqual(len(mandates), 2)
        self.assertEqual(mandates.debtor_id, self.member)
        self.assertEqual(len(mandates.partner_bank_id), 1)
        batch.action_export()
        self._pay_all(batch)
        self.assertEqual(batch.state, "done")
        self.assertFalse(self._item(self.invoice) | self._item(doubled))

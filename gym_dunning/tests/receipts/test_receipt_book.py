"""Booking, assigning, and what is no member's."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user

from .common_receipts import IBANS, TODAY, ReceiptsCommon, camt053


class TestReceiptBook(ReceiptsCommon):
    def test_after_a_look(self):
        """16.3: where the gym wants a look first, matched receipts wait for Book."""
        self.company.receipt_booking = "look"
        invoice = self._create_invoice(self.anna)
        (receipt,) = self._import(self._entry(100, text=invoice.name))
        self.assertEqual(receipt.state, "matched")
        self.assertEqual(invoice.amount_residual, 100)
        receipt.action_book()
        self._assert_paid(invoice)

    def test_paid_between_match_and_booking(self):
        """16.3: an item that was paid since is not paid twice: the rest is credit."""
        self.company.receipt_booking = "look"
        invoice = self._create_invoice(self.anna)
        (receipt,) = self._import(self._entry(100, text=invoice.name))
        self._pay(invoice, amount=60)
        receipt.action_book()
        self._assert_paid(invoice)
        self.assertEqual(receipt.amount_rest, 60)

    def test_all_paid_between_match_and_booking(self):
        """16.2: what was named is paid otherwise meanwhile: the money pays what else the
        member owes."""
        self.company.receipt_booking = "look"
        invoice = self._create_invoice(self.anna)
        other = self._create_invoice(self.anna, amount=80, days=20)
        (receipt,) = self._import(self._entry(100, text=invoice.name))
        self._pay(invoice)
        receipt.action_book()
        self._assert_paid(other)
        self.assertEqual(receipt.amount_rest, 20)
        self.assertEqual(self._owes(self.anna), -20)

    def test_locked_day(self):
        """16.3: in a closed period it is booked on the first open day."""
        self.company.fiscalyear_lock_date = TODAY + timedelta(days=5)
        invoice = self._create_invoice(self.anna, today=TODAY + timedelta(days=90))
        (receipt,) = self._import(self._entry(100, text=invoice.name))
        self.assertEqual(receipt.state, "booked", receipt.message)
        self.assertEqual(receipt.payment_id.date, TODAY + timedelta(days=6))

    def test_one_failing_among_others(self):
        """16.3: a receipt that cannot be booked says why and stops no other."""
        good, bad = self._create_invoice(self.anna), self._create_invoice(self.ben)
        self.company.receipt_booking = "look"
        rows = self._import(
            self._entry(100, text=good.name), self._entry(100, text=bad.name)
        )
        bad.button_draft()
        bad.button_cancel()
        rows[1].sudo().booking_date = False
        rows.action_book()
        self.assertEqual(rows.mapped("state"), ["booked", "matched"])
        self.assertIn("day", rows[1].message)
        self._assert_paid(good)

    def test_assign(self):
        """16.4: a person assigns it with the dialog, the account is learned, and
        forgotten when the receipt is taken back."""
        invoice = self._create_invoice(self.anna)
        (receipt,) = self._import(self._entry(100, iban=IBANS[1], text="gym"))
        self.assertEqual(receipt.state, "unmatched")
        action = receipt.action_assign()
        with Form(
            self.env[action["res_model"]].with_context(**action["context"])
        ) as dialog:
            dialog.partner_id = self.anna
        dialog.save().action_assign()
        self.assertEqual(receipt.state, "booked")
        self._assert_paid(invoice)
        accounts = self.anna.bank_ids.mapped("sanitized_acc_number")
        self.assertIn(IBANS[1], accounts)
        receipt.action_take_back()
        self.assertFalse(self.anna.bank_ids)
        self.assertEqual(receipt.state, "proposed")

    def test_assign_chosen_items(self):
        """16.4: only the ticked items are paid."""
        old = self._create_invoice(self.anna, days=60)
        new = self._create_invoice(self.anna, days=20)
        (receipt,) = self._import(self._entry(100, text="gym"))
        dialog = self.env["gym.receipt.assign"].create(
            {"receipt_id": receipt.id, "partner_id": self.anna.id}
        )
        self.assertEqual(dialog.line_ids.move_id, old | new)
        dialog.line_ids.filtered(lambda line: line.move_id == old).is_paid = False
        dialog.action_assign()
        self._assert_paid(new)
        self.assertEqual(old.amount_residual, 100)

    def test_foreign_items_are_not_paid(self):
        """Security: a dialog filled by the API pays no item of somebody else."""
        own, other = self._create_invoice(self.anna), self._create_invoice(self.ben)
        (receipt,) = self._import(self._entry(100, text="gym"))
        dialog = self.env["gym.receipt.assign"].create(
            {"receipt_id": receipt.id, "partner_id": self.anna.id}
        )
        line = other.line_ids.filtered(lambda line: line.partner_id and line.debit)
        dialog.line_ids = [
            Command.clear(),
            Command.create({"move_line_id": line.id, "is_paid": True}),
        ]
        self.assertFalse(dialog.line_ids.move_id, "nothing of it is shown")
        self.assertEqual(dialog.line_ids.amount_residual, 0)
        dialog.action_assign()
        self.assertEqual((own.amount_residual, other.amount_residual), (100, 100))
        self.assertEqual(self._owes(self.anna), 0)

    def test_assign_next(self):
        """16.4: from row to row without the mouse."""
        self._create_invoice(self.anna)
        first, second = self._import(
            self._entry(60, text="gym"), self._entry(40, text="gym")
        )
        dialog = self.env["gym.receipt.assign"].create(
            {"receipt_id": second.id, "partner_id": self.anna.id}
        )
        action = dialog.action_assign_next()
        self.assertEqual(action["context"]["default_receipt_id"], first.id)

    def test_not_a_members(self):
        """16.4: put aside with a note, taken up again, booked to an account, taken
        back."""
        (receipt,) = self._import(self._entry(250, text="Refund power"))
        receipt._put_aside("Power company")
        self.assertEqual((receipt.state, receipt.note), ("ignored", "Power company"))
        receipt.action_restore()
        income = self.company_data["default_account_revenue"]
        dialog = self.env["gym.receipt.ignore"].create(
            {
                "receipt_ids": receipt.ids,
                "note": "Power company",
                "account_id": income.id,
            }
        )
        dialog.action_ignore()
        self.assertEqual(receipt.state, "booked")
        balances = {line.account_id: line.balance for line in receipt.move_id.line_ids}
        self.assertEqual(balances, {income: -250, self.bank.default_account_id: 250})
        receipt.action_take_back()
        self.assertEqual(receipt.state, "proposed")
        self.assertFalse(receipt.move_id)

    def test_reception_may_not(self):
        """16: only a clerk imports, assigns and books."""
        invoice = self._create_invoice(self.anna)
        self.company.receipt_booking = "look"
        (receipt,) = self._import(self._entry(100, text=invoice.name))
        user = new_test_user(self.env, "desk", groups="gym_dunning.group_gym_reception")
        for operation in ("action_book", "action_assign", "action_take_back"):
            with self.subTest(operation), self.assertRaises(UserError):
                getattr(receipt.with_user(user), operation)()

    def test_statement_and_advice_tell_of_the_same(self):
        """16.1: each entry once, from camt.053 and camt.054."""
        invoice = self._create_invoice(self.anna)
        entry = self._entry(100, text=invoice.name)
        self._import(entry)
        self.assertFalse(self._import(entry, build=camt053))
        self.assertEqual(self._owes(self.anna), 0)

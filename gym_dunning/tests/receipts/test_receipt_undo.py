"""Taking back: by a clerk, by the bank, by an accountant."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common_receipts import IBANS, TODAY, ReceiptsCommon


class TestReceiptUndo(ReceiptsCommon):
    def _received(self, *invoices, **values):
        """Return the booked receipt of these invoices."""
        amount = sum(invoice.amount_total for invoice in invoices)
        text = " ".join(invoice.name for invoice in invoices)
        (receipt,) = self._import(self._entry(amount, text=text, **values))
        self.assertEqual(receipt.state, "booked", receipt.message)
        return receipt

    # === BY A CLERK === #

    def test_take_back(self):
        """16.3: one button undoes the booking as a whole; then it is booked anew."""
        invoice = self._create_invoice(self.anna)
        (receipt,) = self._import(self._entry(130, text=invoice.name))
        receipt.action_take_back()
        self.assertEqual(receipt.state, "proposed")
        self.assertEqual(invoice.amount_residual, 100)
        self.assertEqual(self._owes(self.anna), 100)
        receipt.action_book()
        self._assert_paid(invoice)
        self.assertEqual(self._owes(self.anna), -30)
        receipt.action_take_back()
        self.assertEqual(invoice.amount_residual, 100)

    def test_take_back_twice_is_refused(self):
        """16.3: the second clerk is told."""
        invoice = self._create_invoice(self.anna)
        (receipt,) = self._import(self._entry(100, text=invoice.name))
        receipt.action_take_back()
        with self.assertRaisesRegex(UserError, "in state"):
            receipt.action_take_back()

    def test_level_comes_back(self):
        """16.3: what follows from paid items follows, and comes back with them."""
        invoice = self._create_invoice(self.anna)
        reminder = self._reminder(self._generate(), self.anna)
        (receipt,) = self._import(self._entry(100, text=reminder.name))
        self.assertFalse(self._item(invoice))
        receipt.action_take_back()
        self.assertEqual(self._item(invoice).level_id, reminder.level_id)

    def test_bank_takes_back(self):
        """16.1: a credit that the bank takes back opens the items again."""
        invoice = self._create_invoice(self.anna)
        (receipt,) = self._import(
            self._entry(100, text=invoice.name, end_to_end_id="E-9", iban=IBANS[2])
        )
        self._assert_paid(invoice)
        back = self._entry(
            100,
            direction="DBIT",
            end_to_end_id="E-9",
            iban=IBANS[2],
            code="AC03",
            date=TODAY + timedelta(days=3),
        )
        (taken,) = self._import(back)
        self.assertTrue(taken.is_taken_back)
        self.assertEqual((taken.state, taken.reversed_id), ("proposed", receipt))
        row = taken.sudo()
        row.reversed_id = False
        with self.assertRaisesRegex(UserError, "Take back the receipt"):
            row._check_bookable()
        row.reversed_id = receipt
        taken.action_book()
        self.assertEqual(taken.state, "booked")
        self.assertEqual(invoice.amount_residual, 100)
        with self.assertRaisesRegex(UserError, "itself"):
            receipt.action_take_back()
        with self.subTest("the bank had not: it stands again, and can be taken back"):
            taken.action_take_back()
            self.assertEqual((taken.state, receipt.state), ("proposed", "booked"))
            self._assert_paid(invoice)
            self.assertEqual(self._owes(self.anna), 0)
            receipt.action_take_back()
            self.assertEqual(invoice.amount_residual, 100)
        with self.subTest("of what is not booked any more nothing is taken back"):
            taken.action_book()
            self.assertEqual(taken.state, "proposed")
            self.assertIn("not booked any more", taken.message)

    def test_cancelled_where_the_books_are_open(self):
        """16.3: no entries for and against: the payment is cancelled, on its number."""
        receipt = self._received(self._create_invoice(self.anna))
        payment = receipt.payment_id
        receipt.action_take_back()
        self.assertEqual(payment.state, "canceled")
        self.assertFalse(payment.move_id.reversal_move_ids)
        self.assertFalse(receipt.payment_id)

    def test_reversed_where_the_books_are_closed(self):
        """16.3: in a closed period the payment stays, and is reversed on the first open
        day; booked anew it pays again."""
        invoice = self._create_invoice(self.anna)
        receipt = self._received(invoice)
        payment = receipt.payment_id
        lock = receipt.booking_date + timedelta(days=5)
        self.company.fiscalyear_lock_date = lock
        receipt.action_take_back()
        self.assertEqual(payment.move_id.state, "posted")
        (reversal,) = payment.move_id.reversal_move_ids
        self.assertEqual(reversal.date, lock + timedelta(days=1))
        self.assertEqual(invoice.amount_residual, 100)
        receipt.action_book()
        self._assert_paid(invoice)
        self.assertEqual(receipt.payment_id.date, lock + timedelta(days=1))
        self.assertEqual(self._owes(self.anna), 0)

    def test_access_goes_with_the_payment(self):
        """16.3: who was unblocked by the receipt is blocked again without it."""
        self.company.dunning_auto_unblock = True
        self.policy.block_mode = "auto"
        invoice = self._create_invoice(self.anna)
        self._run_levels(3)
        self.assertFalse(self.anna.access_granted)
        owed = self.env["gym.open.item"].search([("partner_id", "=", self.anna.id)])
        amount = sum(owed.mapped("amount_residual"))
        for second_half in ("by a clerk", "by the bank"):
            with self.subTest(second_half):
                number = f"E-{second_half}"
                (receipt,) = self._import(
                    self._entry(amount, text=invoice.name, end_to_end_id=number)
                )
                if receipt.amount_rest:  # the fees are paid as well
                    receipt.action_take_back()
                    receipt.action_assign(self.anna)
                self.assertTrue(self.anna.access_granted)
                if second_half == "by a clerk":
                    receipt.action_take_back()
                    receipt._put_aside("Not theirs")
                else:
                    self._import_taken_back(receipt, number).action_book()
                self.assertFalse(self.anna.access_granted)

    def test_account_in_use_stays(self):
        """16.4: the account learned is forgotten, unless others need it by now."""
        self._create_invoice(self.anna)
        (receipt,) = self._import(self._entry(100, iban=IBANS[1], text="gym"))
        receipt.action_assign(self.anna)
        account = receipt.learned_bank_id
        self.env["gym.debit.mandate"].create(
            {
                "partner_id": self.anna.id,
                "partner_bank_id": account.id,
                "company_id": self.company.id,
            }
        )
        receipt.action_take_back()
        self.assertTrue(account.exists())
        self.assertEqual(receipt.state, "proposed")

    # === BY THE BANK === #

    def _import_taken_back(self, receipt, number, **values):
        (taken,) = self._import(
            self._entry(
                receipt.amount,
                direction="DBIT",
                end_to_end_id=number,
                code="AC03",
                date=TODAY + timedelta(days=3),
                **values,
            ),
            message_id=f"CAMT-{values.get('booking', number)}",
        )
        self.assertEqual(taken.reversed_id, receipt)
        return taken

    def test_booked_to_an_account_ends_no_receipt(self):
        """16.1: what the bank took away, booked to an account, leaves the receipt as it
        was: it can be taken back, and stands."""
        invoice = self._create_invoice(self.anna)
        receipt = self._received(invoice, end_to_end_id="E-7")
        taken = self._import_taken_back(receipt, "E-7")
        expense = self.company_data["default_account_expense"]
        taken._book_to(expense, "Charges of another")
        self.assertFalse(receipt._taken_back_by())
        self._assert_paid(invoice)
        receipt.action_take_back()
        self.assertEqual(invoice.amount_residual, 100)
        self.assertEqual(self._balance(expense), 100)

    def test_taken_back_once(self):
        """16.1: of two entries of the bank that take one receipt back, one does."""
        receipt = self._received(self._create_invoice(self.anna), end_to_end_id="E-8")
        first = self._import_taken_back(receipt, "E-8")
        second = self._import_taken_back(receipt, "E-8", booking="B-again")
        first.action_book()
        second.action_book()
        self.assertEqual(second.state, "proposed")
        self.assertIn("already", second.message)
        second.action_match()
        self.assertFalse(second.reversed_id)
        with self.subTest("after the first was taken back the second may"):
            first.action_take_back()
            first._put_aside("Twice in the file")
            second.action_match()
            self.assertEqual(second.reversed_id, receipt)
            second.action_book()
            self.assertEqual(second.state, "booked", second.message)

    def test_bank_takes_back_what_is_on_a_statement(self):
        """16.1: the bank's word stands over an accountant's matching, which stays."""
        invoice = self._create_invoice(self.anna)
        liquid = self._match_with_statement(
            lambda: self._received(invoice, end_to_end_id="E-6")
        )
        (receipt,) = liquid.move_id.origin_payment_id.gym_receipt_id
        self._import_taken_back(receipt, "E-6").action_book()
        self.assertEqual(invoice.amount_residual, 100)
        self.assertTrue(all(liquid.mapped("reconciled")))

    def test_bank_takes_back_what_is_no_members(self):
        """16.1: an entry to an account is reversed, and stands again."""
        (receipt,) = self._import(
            self._entry(250, text="Refund power", end_to_end_id="E-5")
        )
        income = self.company_data["default_account_revenue"]
        receipt._book_to(income, "Power company")
        taken = self._import_taken_back(receipt, "E-5")
        taken.action_book()
        self.assertEqual(self._balance(income), 0)
        taken.action_take_back()
        self.assertEqual(receipt.state, "booked")
        self.assertEqual(self._balance(income), -250)

    def _balance(self, account):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return sum(
            lines.filtered(lambda line: line.move_id.journal_id == self.bank).mapped(
                "balance"
            )
        )

    # === BY AN ACCOUNTANT === #

    def test_reset_by_an_accountant(self):
        """16.3: whose payment was set to draft or cancelled in the books is told, and
        taken back as any other."""
        for state in ("draft", "cancel"):
            with self.subTest(state):
                invoice = self._create_invoice(self.anna)
                receipt = self._received(invoice)
                self.assertFalse(receipt.is_undone)
                payment = receipt.payment_id
                payment.action_draft()
                if state == "cancel":
                    payment.action_cancel()
                self.assertTrue(receipt.is_undone)
                receipt.action_take_back()
                self.assertEqual(payment.state, "canceled")
                receipt.action_book()
                self._assert_paid(invoice)
                self.assertFalse(receipt.is_undone)

    def test_on_a_statement(self):
        """16.3: what an accountant matched with the bank's statement is theirs to undo
        first."""
        invoice = self._create_invoice(self.anna)
        liquid = self._match_with_statement(lambda: self._received(invoice))
        (receipt,) = liquid.move_id.origin_payment_id.gym_receipt_id
        with self.assertRaisesRegex(UserError, "matched with the bank's statement"):
            receipt.action_take_back()
        self._assert_paid(invoice)
        liquid.remove_move_reconcile()
        receipt.action_take_back()
        self.assertEqual(invoice.amount_residual, 100)

    def _match_with_statement(self, receive):
        """Match the payment of a receipt with the bank's statement, as an accountant
        does; return the two items."""
        account = self.env["account.account"].create(
            {
                "name": "On its way",
                "code": "199100",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        self.bank.inbound_payment_method_line_ids[0].payment_account_id = account
        receipt = receive()
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                # not the receipt's day: it is not known as the same money
                "date": receipt.booking_date + timedelta(days=1),
                "payment_ref": "Anna",
                "amount": receipt.amount,
                "counterpart_account_id": account.id,
            }
        )
        moves = receipt.payment_id.move_id | line.move_id
        liquid = moves.line_ids.filtered(lambda one: one.account_id == account)
        liquid.reconcile()
        return liquid

    def test_entry_undone_in_the_books(self):
        """16.3: an entry of no member that an accountant undid is told, too."""
        for undo in ("_reverse_entry", "_cancel_entry"):
            with self.subTest(undo):
                (receipt,) = self._import(self._entry(250, text=f"Power {undo}"))
                receipt._book_to(self.company_data["default_account_revenue"], "Power")
                self.assertFalse(receipt.is_undone)
                getattr(self, undo)(receipt.move_id)
                self.assertTrue(receipt.is_undone)
                receipt.action_take_back()
                self.assertEqual(receipt.state, "proposed")

    def _reverse_entry(self, move):
        move._reverse_moves([{"date": move.date}], cancel=True)

    def _cancel_entry(self, move):
        move.button_draft()
        move.button_cancel()

    def test_split_entry_stands_again(self):
        """16.1: an entry that an accountant shared over two accounts stands again as it
        stood."""
        (receipt,) = self._import(self._entry(250, text="Power", end_to_end_id="E-4"))
        income = self.company_data["default_account_revenue"]
        other = income.copy({"code": "400999"})
        receipt._book_to(income, "Power company")
        entry = receipt.move_id
        entry.button_draft()
        line = entry.line_ids.filtered(lambda one: one.account_id == income)
        entry.write(
            {
                "line_ids": [
                    Command.update(line.id, {"balance": -200}),
                    Command.create({"account_id": other.id, "balance": -50}),
                ]
            }
        )
        entry.action_post()
        taken = self._import_taken_back(receipt, "E-4")
        taken.action_book()
        self.assertEqual((self._balance(income), self._balance(other)), (0, 0))
        taken.action_take_back()
        self.assertEqual((self._balance(income), self._balance(other)), (-200, -50))

    def test_secured_entry_is_reversed(self):
        """16.3: what is secured against changes stays, and is reversed."""
        self.bank.restrict_mode_hash_table = True
        invoice = self._create_invoice(self.anna)
        receipt = self._received(invoice)
        move = receipt.payment_id.move_id
        self.assertTrue(move.inalterable_hash)
        receipt.action_take_back()
        self.assertEqual(move.state, "posted")
        self.assertTrue(move.reversal_move_ids)
        self.assertEqual(invoice.amount_residual, 100)
        receipt.action_book()
        self._assert_paid(invoice)

    def test_payments_of_other_centres_stand(self):
        """16.3: payments that a clerk may not see are not undone for that."""
        receipt = self._received(self._create_invoice(self.anna))
        move = receipt.payment_id.move_id
        self.env["ir.rule"].create(
            {
                "name": "Payments of other centres",
                "model_id": self.env["ir.model"]._get_id("account.payment"),
                "domain_force": "[('id', '=', 0)]",
            }
        )
        clerk = new_test_user(
            self.env,
            login="clerk of receipts",
            groups="gym_dunning.group_dunning_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        seen = receipt.with_user(clerk)
        self.assertFalse(seen.payment_ids)
        self.assertFalse(seen.is_undone)
        self.assertEqual(seen._standing_moves(), move)

    def test_unblocked_by_hand_stays(self):
        """16.3: undone in the books by Odoo's own button, a payment blocks again whom
        it had unblocked, and nobody else."""
        self.company.dunning_auto_unblock = True
        self.policy.block_mode = "auto"
        invoice, other = (self._create_invoice(one) for one in (self.anna, self.ben))
        self._run_levels(3)
        for member in (self.anna, self.ben):
            receipt = self._pay_all(member)
            self.assertTrue(member.access_granted)
            if member == self.ben:  # somebody decides otherwise meanwhile
                other_status = self.env["gym.member.status"].create({"name": "Guest"})
                member.member_status_id = other_status
            payment = receipt.payment_id
            payment.action_draft()  # to draft the payment keeps its matching
            payment.action_cancel()
        self.assertFalse(self.anna.access_granted)
        self.assertEqual(self.ben.member_status_id, other_status)
        self.assertTrue(invoice.amount_residual and other.amount_residual)

    def test_unmatched_payment_counts_until_it_goes(self):
        """16.3: who has as much to his credit as he owes is late with nothing; he is
        blocked once the payment is reset to draft."""
        self.company.dunning_auto_unblock = True
        self.policy.block_mode = "auto"
        self._create_invoice(self.anna)
        self._run_levels(3)
        payment = self._pay_all(self.anna).payment_id
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertTrue(self.anna.access_granted)
        payment.action_draft()
        self.assertFalse(self.anna.access_granted)

    def _pay_all(self, member):
        owed = self.env["gym.open.item"].search([("partner_id", "=", member.id)])
        (receipt,) = self._import(self._entry(sum(owed.mapped("amount_residual"))))
        receipt.action_assign(member)
        return receipt

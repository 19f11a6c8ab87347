"""One line of the statement for several payments of an advice."""

from odoo.exceptions import UserError

from .common_receipts import BANK_IBAN, ReceiptsCommon, camt053, without_details


class TestReceiptStatementSums(ReceiptsCommon):
    """Issue 16.7: of a sum the payments stay here, until somebody has matched it."""

    def setUp(self):
        super().setUp()
        self.first = self._create_invoice(self.anna)
        self.second = self._create_invoice(self.ben)

    def _parts(self):
        """Return the entries of a booking of two payments."""
        return [
            self._entry(100, text=self.first.name, booking="SUM", name="Anna Wolf"),
            self._entry(100, text=self.second.name, booking="SUM", name="Ben Kent"),
        ]

    def _advice(self):
        return self._import(*self._parts(), is_batch=True)

    def _match(self, line, account=None):
        """Match a line as an accountant does, by default with takings of the day."""
        __, suspense, __ = line._seek_for_lines()
        suspense.account_id = account or self.company_data["default_account_revenue"]
        self.assertTrue(line.is_reconciled)
        return suspense

    # === MATCHED OTHERWISE === #

    def test_matched_before_the_advice(self):
        """The sum was matched with whatever it pays: its payments are put aside."""
        line = self._statement_line(200)
        self._match(line)
        receipts = self._advice()
        self.assertEqual(receipts.mapped("state"), ["ignored", "ignored"])
        self.assertEqual(line.gym_receipt_ids, receipts)
        self.assertEqual(self.first.amount_residual, 100)
        with self.subTest("other money, a person says"):
            one, two = receipts
            one.action_restore()
            self.assertEqual(one.state, "proposed" if one.partner_id else "unmatched")
            self.assertFalse(one.statement_line_id)
            one.action_match()
            one.action_book()
            self._assert_paid(self.first)
        with self.subTest("deleted, the other one is back"):
            line.unlink()
            self.assertEqual(two.state, "matched")
            self.assertEqual(one.state, "booked")

    def test_matched_before_the_booking(self):
        """The sum was matched while its payments waited: they are not booked, too."""
        self.company.root_id.receipt_booking = "look"
        line = self._statement_line(200)
        receipts = self._advice()
        self.assertEqual(receipts.mapped("state"), ["matched", "matched"])
        suspense = self._match(line)
        receipts.action_book()
        self.assertEqual(receipts.mapped("state"), ["matched", "matched"])
        self.assertIn("that line is matched", receipts[0].message)
        self.assertEqual(self.first.amount_residual, 100)
        with self.assertRaisesRegex(UserError, "that line is matched"):
            receipts[0].action_assign(self.anna)
        with self.subTest("undone"):
            suspense.account_id = self.bank.suspense_account_id
            receipts.action_book()
            self._assert_paid(self.first, self.second)

    def test_matched_with_their_payments(self):
        """One of the payments that the sum is matched with was undone in the books: its
        receipt waits here, not in the statement, and is booked once more."""
        receipts = self._advice()
        line = self._statement_line(200)
        payments = receipts.payment_ids
        account = payments.outstanding_account_id
        suspense = self._match(line, account)
        waiting = payments.move_id.line_ids.filtered(
            lambda item: item.account_id == account
        )
        (suspense | waiting).reconcile()
        self.assertTrue(line._gym_is_settled())
        one = receipts[0]
        with self.assertRaisesRegex(UserError, "matched with the bank's statement"):
            one.action_take_back()
        one.payment_id.move_id.button_draft()
        waiting.remove_move_reconcile()
        one.action_take_back()
        self.assertEqual((one.state, one.statement_line_id), ("proposed", line))
        one.action_book()
        self._assert_paid(self.first)

    # === TAKEN BACK AND PUT ASIDE === #

    def test_part_taken_back(self):
        """A payment that is taken back waits in the list, with its line; booked again
        it is the sum's again. What the line has alone is matched there."""
        receipts = self._advice()
        line = self._statement_line(200)
        one = receipts[0]
        one.action_take_back()
        self.assertEqual((one.state, one.statement_line_id), ("proposed", line))
        self.assertEqual(self.first.amount_residual, 100)
        one.action_book()
        self._assert_paid(self.first)
        with self.subTest("taken back once more, and the line is gone"):
            one.action_take_back()
            line.unlink()
            self.assertEqual(one.state, "proposed")
            self.assertFalse(receipts.statement_line_id)
            one.action_book()
            self.assertEqual(self._owes(self.anna), 0)

    def test_part_put_aside(self):
        """What a person has put aside stays so, whatever becomes of the line; taken up
        again it is of the sum again."""
        self.company.root_id.receipt_booking = "look"
        receipts = self._advice()
        line = self._statement_line(200)
        one, two = receipts
        one._put_aside("A gift")
        self.assertEqual(line.gym_receipt_ids, two)
        one.action_restore()
        self.assertEqual((one.state, one.statement_line_id), ("proposed", line))
        one._put_aside("A gift")
        line.unlink()
        self.assertEqual((one.state, one.note), ("ignored", "A gift"))
        self.assertEqual(two.state, "matched")
        with self.subTest("all of them"):
            line = self._statement_line(200)
            two._put_aside("A gift")
            self.assertFalse(line.gym_receipt_ids)
            one.action_restore()
            self.assertEqual(line.gym_receipt_ids, one)
        with self.subTest("once the sum is matched, who takes it up has his way"):
            one._put_aside("A gift")
            self._match(line)
            one.action_restore()
            self.assertEqual(one.state, "proposed")
            self.assertFalse(one.statement_line_id)

    # === THE WHOLE === #

    def _whole(self, *parts):
        """Import the statement's entry of these payments, which names none of them."""
        content = camt053(list(parts), is_batch=True, account=BANK_IBAN)
        files = self.env["gym.receipt.file"]
        return files._import_one("s.xml", without_details(content)).receipt_ids

    def test_whole_taken_back(self):
        """The whole was booked, and its parts are aside; taken back it is the line's,
        and without the line it is in the list again: else the money would be lost."""
        parts = self._parts()
        (whole,) = self._whole(*parts)
        income = self.company_data["default_account_revenue"]
        whole._book_to(income, "Takings of the day")
        receipts = self._import(*parts, is_batch=True)
        self.assertEqual(set(receipts.mapped("state")), {"ignored"})
        line = self._statement_line(200)
        self.assertFalse(line.gym_receipt_ids)
        whole.sudo()._stand_on(line)
        self.assertEqual(whole.state, "booked")
        whole.action_take_back()
        self.assertEqual(whole.state, "ignored")
        line.unlink()
        self.assertEqual(whole.state, "unmatched")
        self.assertEqual(set(receipts.mapped("state")), {"ignored"})

    def test_whole_before_its_parts(self):
        """A line that the whole was put aside for is its parts', once they come; with
        the line deleted, the parts alone are in the list."""
        parts = self._parts()
        (whole,) = self._whole(*parts)
        line = self._statement_line(200)
        whole.sudo()._stand_on(line)
        self.assertEqual(whole.state, "ignored")
        receipts = self._import(*parts, is_batch=True)
        self.assertEqual(line.gym_receipt_ids, receipts)
        self.assertEqual(receipts.mapped("state"), ["booked", "booked"])
        self.assertIn("in its parts", whole.note)
        receipts[0].action_take_back()
        line.unlink()
        self.assertEqual(whole.state, "ignored")
        self.assertEqual(receipts.mapped("state"), ["proposed", "booked"])

    def test_whole_matched_before_its_parts(self):
        """The accountant has matched the whole already: the parts are put aside."""
        parts = self._parts()
        (whole,) = self._whole(*parts)
        line = self._statement_line(200)
        whole.sudo()._stand_on(line)
        self._match(line)
        receipts = self._import(*parts, is_batch=True)
        self.assertEqual(set(receipts.mapped("state")), {"ignored"})
        self.assertEqual(line.gym_receipt_ids, receipts)
        self.assertEqual(self.first.amount_residual, 100)
        line.unlink()
        self.assertEqual(receipts.mapped("state"), ["matched", "matched"])
        self.assertEqual(whole.state, "ignored")

    # === FIGURE AND LIST === #

    def test_figure_is_the_list(self):
        """16.5: how many lines wait is how many are listed; what a receipt has waits
        as that receipt, or is booked."""
        self.company.root_id.receipt_booking = "look"
        receipts = self._advice()
        of_sum = self._statement_line(200)
        alone = self._statement_line(7)
        aside = self._statement_line(8, partner_name="Somebody")
        (ignored,) = self._import(self._entry(8))
        self.assertEqual(ignored.statement_line_id, aside)
        self._assert_listed(alone | aside, receipt=2)
        receipts.action_book()
        self._assert_listed(alone | aside)
        for receipt in receipts:
            receipt.action_take_back()
            receipt._put_aside("Not theirs")
        self._assert_listed(alone | aside | of_sum)

    def _assert_listed(self, lines, **others):
        books = self.env["gym.bank.books"].with_context(dunning_date=lines[0].date)
        action = books._statement_action(self.company)
        listed = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(listed, lines.sorted())
        self.assertEqual(
            dict(books._count_waiting(self.company)),
            {"statement": len(listed)} | others,
        )
        self.assertEqual(lines.mapped("gym_is_in_receipts"), [False for __ in lines])

"""The estimate on what the bank's files tell: how old it is, and whose money waits."""

from datetime import timedelta

from odoo.exceptions import RedirectWarning

from ..base.common_english import EnglishCommon
from .common_receipts import IBANS, TODAY, ReceiptsCommon, camt053

FRIDAY = TODAY - timedelta(days=3)
TUESDAY = TODAY - timedelta(days=6)


class TestReceiptBooks(ReceiptsCommon, EnglishCommon):
    """Issue 16, 5: bank files make the books new; receipts that wait are told at the
    proposals they may concern."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, dunning_date=TODAY))
        cls.company = cls.company.with_env(cls.env)
        cls.company.receipt_booking = "look"
        cls.wolf = cls._create_invoice(cls.anna, amount=49.9)
        cls.kent = cls._create_invoice(cls.ben, amount=80.0)
        cls.env["res.partner.bank"].create(
            {"partner_id": cls.anna.id, "acc_number": IBANS[0]}
        )

    def _received(self, amount, day=FRIDAY, **values):
        """Import a file with one payment; return its receipt."""
        return self._import(self._entry(amount, date=day, **values))

    def _may_have_paid(self, run):
        self.env.invalidate_all()
        return run.reminder_ids.filtered("is_maybe_paid").partner_id

    # === HOW FAR === #

    def test_a_file_makes_the_books_new(self):
        """Between estimate and Generate the file comes in: nothing is asked, the
        warning is gone, and who paid is left out as paid."""
        self._received(5.0, TUESDAY)
        run = self._estimate()
        self.assertTrue(run.is_books_old)
        self.assertEqual(self.company.books_date, TUESDAY)
        receipt = self._received(49.9, text=f"Rg {self.wolf.name}")
        self.assertEqual(self._may_have_paid(run), self.anna)
        receipt.action_book()
        self.assertFalse(self._may_have_paid(run))
        self.assertFalse(run.is_books_old)
        self.assertFalse(run.action_generate())
        self._work()
        issued = run.reminder_ids.filtered(lambda one: one.state == "issued")
        self.assertEqual(issued.partner_id, self.ben)
        self.assertEqual(self._reason(run, self.anna), "paid")

    def test_the_day_may_be_a_text(self):
        """A program that asks from outside gives the day as a text."""
        self._received(5.0, TUESDAY)
        run = self._estimate().with_context(dunning_date=f"{TODAY}")
        self.env.invalidate_all()
        self.assertTrue(run.is_books_old)
        self._received(49.9, text=f"Rg {self.wolf.name}")
        self.assertEqual(self._may_have_paid(run), self.anna)

    def test_the_later_of_file_and_statement_counts(self):
        """Both tell of the same bank."""
        self._received(5.0, TUESDAY)
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": FRIDAY,
                "amount": -1.0,
                "payment_ref": "Fee",
            }
        )
        self.assertEqual(self.bank.gym_newest_booking, FRIDAY)

    def test_money_that_left_tells_of_the_day_too(self):
        """A file without a receipt says until when it goes."""
        self._received(9, direction="DBIT", bank_code=("ICDT", "ESCT"))
        self.assertEqual(self.company.books_date, FRIDAY)

    def test_a_closing_balance_tells_of_a_quiet_day(self):
        """Nobody paid on the day of the statement: its bank is known all the same, also
        by a statement without any booking; a balance of years to come is no news."""
        self._received(5.0, TUESDAY)
        for entries, closing, known in (
            ([self._entry(5.0, date=TUESDAY)], FRIDAY, FRIDAY),
            ([], TODAY, TODAY),
            ([self._entry(7.0, date=TUESDAY)], TODAY + timedelta(days=800), TODAY),
        ):
            with self.subTest(closing=closing):
                self._import(*entries, build=camt053, closing=closing)
                self.env.invalidate_all()
                self.assertEqual(self.bank.gym_newest_booking, known)

    def test_refused_with_the_way_to_import(self):
        """The refusal opens the import by a button."""
        self._received(5.0, TUESDAY)
        self.policy.books_old = "refuse"
        run = self._estimate()
        with self.assertRaises(RedirectWarning) as caught:
            run.action_generate()
        action = self.env.ref("gym_dunning.gym_receipt_import_action")
        self.assertEqual(caught.exception.args[1], action.id)

    def test_asked_with_the_way_to_import(self):
        """The question has it, too, and says what waits."""
        self._received(49.9, TUESDAY, iban=IBANS[0])
        run = self._estimate()
        answer = run.action_generate()
        question = self.env[answer["res_model"]].browse(answer["res_id"])
        self.assertEqual((question.unassigned_count, question.maybe_paid_count), (1, 1))
        self.assertEqual(question.action_import()["res_model"], "gym.receipt.import")

    # === WHOSE MONEY WAITS === #

    def test_what_is_not_assigned_is_listed(self):
        """The figure of the head is what its link lists: all that waits."""
        self._received(49.9, text=f"Rg {self.wolf.name}")
        self._received(12.0)
        run = self._estimate()
        self.assertEqual(run.books_head, "Bank: 02/27/2026 (3 days old)")
        action = run.action_open_unassigned()
        self.assertEqual(action["res_model"], "gym.receipt")
        listed = self.env["gym.receipt"].search(action["domain"])
        self.assertEqual(set(listed.mapped("state")), {"matched", "unmatched"})
        self.assertEqual(len(listed), run.unassigned_count)

    def test_who_it_may_be(self):
        """Found by a number, proposed by account or name, or only known by them."""
        run = self._estimate()
        for values, expected in (
            ({"amount": 49.9, "text": f"Rg {self.wolf.name}"}, self.anna),
            ({"amount": 49.9, "iban": IBANS[0]}, self.anna),
            ({"amount": 33.0, "iban": IBANS[0]}, self.anna),
            ({"amount": 80.0, "name": "Kent, Ben"}, self.ben),
            ({"amount": 33.0, "name": "Ben Kent"}, self.ben),
            ({"amount": 33.0, "iban": IBANS[1]}, self.env["res.partner"]),
        ):
            with self.subTest(values):
                receipt = self._received(**values)
                self.assertEqual(self._may_have_paid(run), expected)
                receipt._put_aside("Not a member's")
                self.assertFalse(self._may_have_paid(run))

    def test_a_proposal_is_about_its_items(self):
        """What was found to pay Anna's item is no news for whose account it came from."""
        self.env["res.partner.bank"].create(
            {"partner_id": self.ben.id, "acc_number": IBANS[1]}
        )
        run = self._estimate()
        self._received(49.9, text=f"Rg {self.wolf.name}", iban=IBANS[1])
        self.assertEqual(self._may_have_paid(run), self.anna)

    def test_a_proposal_whose_item_was_paid_otherwise(self):
        """Then it may be for whatever else its payer owes."""
        other = self._create_invoice(self.anna, amount=20.0)
        self._received(49.9, text=f"Rg {self.wolf.name}")
        self._pay(self.wolf)
        run = self._estimate()
        self.assertEqual(run.reminder_ids.line_ids.move_id, other | self.kent)
        self.assertEqual(self._may_have_paid(run), self.anna)

    def test_assigned_and_taken_back(self):
        """Assigned money warns no more; taken back it does again, and so does what was
        put aside and taken up."""
        receipt = self._received(20.0, iban=IBANS[0])
        run = self._estimate()
        self.assertEqual(self._may_have_paid(run), self.anna)
        receipt.action_assign(self.anna)
        self.assertFalse(self._may_have_paid(run))
        receipt.action_take_back()
        self.assertEqual(self._may_have_paid(run), self.anna)
        receipt._put_aside("A gift")
        self.assertFalse(self._may_have_paid(run))
        receipt.action_restore()
        self.assertEqual(self._may_have_paid(run), self.anna)

    def test_left_out_in_one_click(self):
        """All who may have paid; the others are generated."""
        self._received(33.0, iban=IBANS[0])
        run = self._estimate()
        run.action_exclude_maybe_paid()
        self.assertEqual(run.reminder_ids.partner_id, self.ben)
        self.assertEqual(self._reason(run, self.anna), "by_hand")

    def test_a_payment_that_the_bank_takes_back(self):
        """Money that is taken away is nobody's payment."""
        self._received(49.9, text=f"Rg {self.wolf.name}").action_book()
        back = self._received(49.9, direction="DBIT", code="AC03", iban=IBANS[0])
        self.assertTrue(back.is_taken_back)
        self.assertFalse(self._may_have_paid(self._estimate()))

    def test_another_companys_bank(self):
        """What came in elsewhere is about nobody here."""
        other = self._create_company(name="Other gym")
        run = self._estimate()
        receipt = self._received(33.0, iban=IBANS[0])
        self.assertEqual(self._may_have_paid(run), self.anna)
        receipt.sudo().journal_id = self.env["account.journal"].create(
            {"name": "Elsewhere", "type": "bank", "code": "E", "company_id": other.id}
        )
        self.assertFalse(self._may_have_paid(run))

"""Credits of a company count for its branches: one legal entity, one purse."""

from datetime import timedelta

from ..base.common import TODAY
from ..base.common_centres import CentresCommon


class TestHoldingCredits(CentresCommon):
    """Members of two centres who paid into the holding's bank account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nora = cls._create_member("Nora Nord")

    def _owe(self, company, amount=100.0, **vals):
        return self._create_invoice(self.nora, amount=amount, company=company, **vals)

    def _credit(self, amount, company=None, **vals):
        return self._owe(
            company or self.holding, amount, move_type="out_refund", **vals
        )

    def _owes(self, run):
        """Return what each centre's letter claims and takes off."""
        return {
            letter.company_id: (letter.amount_credit, letter.amount_total)
            for letter in run.reminder_ids
        }

    def _somebody_else(self):
        other = self._create_member("Somebody Else")
        for company in (self.centre_a, self.centre_b):
            self._create_invoice(other, company=company)
        return other

    def _run(self, company=None, **vals):
        other = self._somebody_else()
        run = self._estimate_as(self.env, company or self.holding, **vals)
        run.reminder_ids.filtered(lambda r: r.partner_id == other).action_exclude()
        return run

    def test_credit_of_the_holding_covers_the_branch(self):
        """Case 11: who paid the holding is not reminded by its branch."""
        self._owe(self.centre_a)
        self._credit(100.0)
        run = self._run()
        self.assertFalse(run.reminder_ids)
        self.assertIn("in_credit", self._reason(run, self.nora))

    def test_also_when_run_for_the_branch_alone(self):
        """Case 11: the same, by somebody who sees the branch only."""
        invoice = self._owe(self.centre_a)
        credit = self._credit(30.0)
        clerk = self._user("clerk", self.centre_a)
        run = self._generate_as(self._as(clerk), self.centre_a)
        letter = run.reminder_ids
        self.assertEqual((letter.amount_credit, letter.amount_total), (30.0, 70.0))
        lines = letter.sudo().line_ids
        self.assertEqual(lines.move_id, invoice | credit)
        self.assertEqual(lines.filtered(lambda line: line.amount < 0).name, credit.name)
        letter.invalidate_recordset()
        self.assertTrue(letter.line_ids.mapped("display_name"))

    def test_each_credit_once_oldest_item_first(self):
        """Case 11: split over the letters of two centres, the older debt first."""
        self._owe(self.centre_a, 60.0, days=20)
        self._owe(self.centre_b, 60.0, days=40)
        self._credit(100.0)
        run = self._run()
        self.assertEqual(self._owes(run), {self.centre_a: (40.0, 20.0)})

    def test_split_and_issued_as_proposed(self):
        """Case 11: generation re-checks and takes the same shares, batch by batch."""
        self._owe(self.centre_a, 60.0, days=20)
        self._owe(self.centre_b, 60.0, days=40)
        self._owe(self.centre_b, 60.0, days=15)
        self._credit(100.0)
        run = self._run()
        expected = {self.centre_a: (40.0, 20.0), self.centre_b: (60.0, 60.0)}
        self.assertEqual(self._owes(run), expected)
        for letter in run.reminder_ids:  # as batches of one
            run._recheck(letter)
        self.assertEqual(self._owes(run), expected)
        run.action_generate()
        self._work()
        self.assertEqual(self._owes(run), expected)
        self.assertEqual(set(run.reminder_ids.mapped("state")), {"issued"})

    def test_a_running_letter_keeps_its_share(self):
        """Case 11: a second run for the other centre does not count it again."""
        self._owe(self.centre_a, 60.0)
        self._credit(40.0)
        run = self._run(self.centre_a)
        run.action_generate()
        self._work()
        self.assertEqual(self._owes(run), {self.centre_a: (40.0, 20.0)})
        self._owe(self.centre_b, 60.0)
        later = self._run(self.centre_b, date=TODAY + timedelta(days=1))
        self.assertEqual(self._owes(later), {self.centre_b: (0.0, 60.0)})

    def test_own_credit_first_and_never_upwards_or_sideways(self):
        """AMB-08: a branch's credit counts for nobody but the branch."""
        self._owe(self.holding, 50.0)
        self._owe(self.centre_a, 50.0)
        self._owe(self.centre_b, 50.0)
        self._credit(20.0, self.centre_b)
        run = self._run()
        self.assertEqual(
            self._owes(run),
            {
                self.holding: (0.0, 50.0),
                self.centre_a: (0.0, 50.0),
                self.centre_b: (20.0, 30.0),
            },
        )

    def test_credit_paid_out_by_the_holding(self):
        """Case 12: the payout of the holding lessens the branch's credit note."""
        self._owe(self.centre_a, 50.0)
        self._credit(100.0, self.centre_a)
        payout = self.env["account.payment"].create(
            {
                "partner_id": self.nora.id,
                "partner_type": "customer",
                "payment_type": "outbound",
                "amount": 100.0,
                "date": TODAY,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payout.action_post()
        self.assertEqual(self._owes(self._run()), {self.centre_a: (0.0, 50.0)})

    def test_cents_are_shared_exactly(self):
        """Kind 7: shares of odd cents make the credit, to the cent."""
        self._owe(self.centre_a, 33.33, days=40)
        self._owe(self.centre_b, 66.68, days=20)
        self._credit(50.01)
        run = self._run()
        self.assertEqual(self._owes(run), {self.centre_b: (16.68, 50.0)})

    def test_who_paid_the_holding_is_not_handed_over(self):
        """Kind 2: the list for the agency asks the same purse as the letters."""
        invoice = self._owe(self.centre_a)
        agency = self.env["gym.agency.list"]
        ask = {"partners": self.nora, "any_level": True}
        self.assertEqual(agency._items(self.centre_a, TODAY, **ask).move_id, invoice)
        self._credit(100.0)
        self.assertFalse(agency._items(self.centre_a, TODAY, **ask))

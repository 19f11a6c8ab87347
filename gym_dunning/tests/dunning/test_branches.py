"""A holding with centres: one run over all, each centre its own creditor."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command

from ..base.common import TODAY
from ..base.common_centres import CentresCommon


class TestBranches(CentresCommon):
    """Letters, fees, numbers, policies and bank accounts of centres."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_member("Kent Paul")
        cls.laura = cls._create_member("Kent Laura")

    def _owe(self, partner, company, amount=100.0, **vals):
        return self._create_invoice(partner, amount=amount, company=company, **vals)

    def _run_all(self, day=TODAY):
        run = self._generate_as(self.env, self.holding, date=day)
        self._deliver(run)
        return run

    def _own_policy(self, company, **vals):
        return self._create_policy(
            name=f"Policy of {company.name}",
            company_id=company.id,
            level_ids=[Command.create({"name": "Only one"})],
            **vals,
        )

    # === LETTERS === #

    def test_one_run_reaches_all_centres(self):
        """E-30, AMB-08: choosing the holding reminds holding and centres."""
        for company in self.everything:
            self._owe(self.paul, company)
        run = self._run_all()
        self.assertEqual(run.reminder_ids.company_id, self.group)

    def test_one_letter_per_creditor(self):
        """AMB-08: who owes two centres gets two letters, each with its own debts."""
        self._owe(self.paul, self.centre_a, 100.0)
        self._owe(self.paul, self.centre_a, 20.0, days=20)
        self._owe(self.paul, self.centre_b, 59.0)
        reminders = self._run_all().reminder_ids
        self.assertEqual(
            {(r.company_id, r.amount_total, len(r.line_ids)) for r in reminders},
            {(self.centre_a, 120.0, 2), (self.centre_b, 59.0, 1)},
        )

    def test_credit_of_another_centre_does_not_count(self):
        """AMB-08, AMB-01: a credit in B does not lower what A claims."""
        self._owe(self.paul, self.centre_a, 100.0)
        self._owe(self.paul, self.centre_b, 100.0, move_type="out_refund")
        self.assertEqual(self._run_all().reminder_ids.amount_total, 100.0)

    def test_minimum_balance_is_per_creditor(self):
        """AMB-01, AMB-08: debts with two centres do not add up to the minimum."""
        self._owe(self.paul, self.centre_a, 30.0)
        self._owe(self.paul, self.centre_b, 30.0)
        self._owe(self.laura, self.centre_b, 60.0)
        run = self._generate_as(self.env, self.holding, min_balance=50.0)
        self.assertEqual(run.reminder_ids.partner_id, self.laura)
        self.assertEqual(self._reason(run, self.paul), "below_minimum")

    # === NUMBERS AND FEES === #

    def test_each_centre_counts_by_itself(self):
        """AMB-08: the numbers of reminders are a series per centre."""
        for company in (self.centre_a, self.centre_b):
            self._owe(self.paul, company)
            self._owe(self.laura, company)
        reminders = self._run_all().reminder_ids
        for company in (self.centre_a, self.centre_b):
            mine = reminders.filtered(lambda r, one=company: r.company_id == one)
            self.assertEqual(
                sorted(int(name[-5:]) for name in mine.mapped("name")), [1, 2]
            )
        sequences = self.env["ir.sequence"].search(
            [("code", "=", "gym.dunning.reminder")]
        )
        self.assertLessEqual(self.centre_a | self.centre_b, sequences.company_id)

    def test_fee_belongs_to_the_centre(self):
        """E-51, AMB-08: the fee invoice is the centre's, due on its deadline."""
        self._owe(self.paul, self.centre_a)
        self._owe(self.paul, self.centre_b)
        self._run_all()
        day = TODAY + timedelta(days=11)
        reminders = self._run_all(day).reminder_ids
        self.assertEqual(len(reminders.fee_move_id), 2)
        for reminder in reminders:
            self.assertRecordValues(
                reminder.fee_move_id,
                [
                    {
                        "company_id": reminder.company_id.id,
                        "partner_id": self.paul.id,
                        "amount_total": 20.0,
                        "invoice_date_due": day + timedelta(days=10),
                        "state": "posted",
                    }
                ],
            )

    def test_centre_uses_its_own_journal(self):
        """E-51, AMB-08: a centre with its own sales journal books fees there."""
        journal = self.env["account.journal"].create(
            {
                "name": "Sales A",
                "code": "SALA",
                "type": "sale",
                "company_id": self.centre_a.id,
                "default_account_id": self.company_data["default_account_revenue"].id,
            }
        )
        self._owe(self.paul, self.centre_a, journal_id=journal.id)
        self._run_all()
        run = self._run_all(TODAY + timedelta(days=11))
        self.assertEqual(run.reminder_ids.fee_move_id.journal_id, journal)

    # === POLICIES === #

    def test_centre_inherits_the_policy(self):
        """E-11: what is set for the holding holds for its centres."""
        invoice = self._owe(self.paul, self.centre_a)
        self.assertEqual(self._item(invoice).policy_id, self.policy)

    def test_centre_with_its_own_policy(self):
        """E-11, E-30: a centre's own policy decides there, not in a holding run."""
        own = self._own_policy(self.centre_b, min_days_overdue=40)
        invoice = self._owe(self.laura, self.centre_b)
        self._owe(self.paul, self.centre_a)
        item = self._item(invoice)
        self.assertEqual((item.policy_id, item.due_level), (own, False))
        self.assertEqual(item.next_level_id, own.level_ids)
        run = self._run_all()
        self.assertEqual(run.reminder_ids.partner_id, self.paul)
        self.assertEqual(self._reason(run, self.laura), "no_policy")

    def test_centre_runs_its_own_policy(self):
        """E-11: the wizard proposes the centre's policy with its filters."""
        own = self._own_policy(self.centre_b, min_days_overdue=3)
        self._owe(self.laura, self.centre_b, days=5)
        wizard = self.env["gym.dunning.generate"].create(
            {"company_id": self.centre_b.id, "date": TODAY}
        )
        self.assertEqual((wizard.policy_id, wizard.min_days_overdue), (own, 3))
        run = self._estimated(wizard)
        self.assertEqual(run.reminder_ids.level_id, own.level_ids)

    # === STRANGERS, BANK === #

    def test_stranger_is_not_reminded(self):
        """E-30: a company beside the holding is not part of it."""
        self._owe(self.paul, self.stranger)
        with self.assertRaisesRegex(UserError, "Nobody"):
            self._run_all()

    def _bank(self, company, number):
        return self.env["res.partner.bank"].create(
            {"acc_number": number, "partner_id": company.partner_id.id}
        )

    def test_bank_account_of_the_holding(self):
        """E-24, AMB-08: a centre without an account is paid to the holding's."""
        account = self._bank(self.holding, "DE89370400440532013000")
        own = self._bank(self.centre_b, "DE75512108001245126199")
        self._owe(self.paul, self.centre_a)
        self._owe(self.paul, self.centre_b)
        reminders = self._run_all().reminder_ids
        paid_to = {r.company_id: r._payment_part()["bank"] for r in reminders}
        self.assertEqual(paid_to, {self.centre_a: account, self.centre_b: own})
        self.assertFalse(any(reminders.mapped("warning")))

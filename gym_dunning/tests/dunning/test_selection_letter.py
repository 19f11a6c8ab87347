"""What a letter consists of: its items, its level, its addressee (architecture 6)."""

from datetime import date, timedelta

from odoo.fields import Command

from ..base.common import TODAY
from .common_run import RunCommon, day_after


class TestLetter(RunCommon):
    """Items, credits and fees of one creditor, debtor and currency."""

    def _lines(self, reminder):
        """Return (document, amount, level) of each line."""
        return {
            (line.move_id, line.amount, line.level_id) for line in reminder.line_ids
        }

    # === LEVELS === #

    def test_items_keep_their_levels_and_the_letter_has_the_highest(self):
        """AMB-03: a new invoice is never reminded at level 2 the first time."""
        member = self._create_late_member("Debtor", amount=100.0)
        old = self._invoices(member)
        day = self._reach(1)
        new = self._create_invoice(member, days=15, amount=30.0, today=day)
        run = self._generate(day)
        reminder = self._reminder(run, member)
        self.assertEqual(reminder.level_id, self.two)
        self.assertEqual(
            self._lines(reminder), {(old, 100.0, self.two), (new, 30.0, self.one)}
        )
        self.assertEqual((old + new).mapped("dunning_level_id"), self.one + self.two)
        self.assertEqual(member.dunning_level_id, self.two)

    def test_level_is_not_skipped(self):
        """AMB-02, AMB-19: however late an item is, it begins with level 1."""
        member = self._create_late_member("Very late", days=400)
        self.assertEqual(self._reminder(self._estimate(), member).level_id, self.one)

    def test_instalments_are_reminded_one_by_one(self):
        """E-31: each instalment has its own due date and its own level."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Three instalments",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": share, "nb_days": days}
                    )
                    for share, days in ((40, 0), (40, 30), (20, 60))
                ],
            }
        )
        member = self._create_member("Instalments")
        invoice = self._create_invoice(
            member,
            amount=300.0,
            invoice_date=day_after(-45),
            invoice_payment_term_id=term.id,
            invoice_date_due=False,
        )
        run = self._generate(min_days_overdue=10)
        (first, second, third) = self._item(invoice).sorted("date_maturity")
        self.assertEqual(run.reminder_ids.amount_total, 240.0)
        self.assertEqual(len(run.reminder_ids.line_ids), 2)
        self.assertEqual((first.level_id, second.level_id), (self.one, self.one))
        self.assertFalse(third.level_id)
        self.assertEqual(invoice.dunning_level_id, self.one)

    def test_partial_payment_keeps_the_history(self):
        """S-14: what was paid in part goes on at its level, with the rest."""
        member = self._create_late_member("Debtor", amount=100.0)
        day = self._reach(1)
        self._pay(self._invoices(member), amount=70.0, day=day)
        reminder = self._reminder(self._estimate(day), member)
        self.assertEqual(reminder.level_id, self.two)
        self.assertEqual(reminder.amount_open, 30.0)
        self.assertEqual(reminder.line_ids.amount_paid, 70.0)

    def test_returned_payment_finds_its_old_level(self):
        """Architecture 2: a payment taken back gives the item its level again."""
        member = self._create_late_member("Returned")
        invoice = self._invoices(member)
        day = self._reach(1)
        self._pay(invoice, day=day)
        self.assertFalse(self._item(invoice, day))
        self.assertFalse(member.dunning_level_id)
        invoice.line_ids.remove_move_reconcile()
        self.env.invalidate_all()
        self.assertEqual(self._item(invoice, day).level_id, self.one)
        self.assertEqual(member.dunning_level_id, self.one)

    # === ONE LETTER PER CREDITOR, DEBTOR AND CURRENCY === #

    def test_one_letter_for_all_items(self):
        """AMB-03: several late invoices of a member stand in one letter."""
        member = self._create_late_member("Debtor", amount=100.0)
        self._create_invoice(member, days=20, amount=50.0)
        run = self._estimate()
        self.assertEqual(run.reminder_ids.amount_total, 150.0)
        self.assertEqual(len(run.reminder_ids.line_ids), 2)

    def test_currencies_have_letters_of_their_own(self):
        """Amounts of two currencies are never added up."""
        euro = self.setup_other_currency("EUR")
        member = self._create_late_member("Traveller", amount=100.0)
        self._create_invoice(member, amount=80.0, currency_id=euro.id)
        run = self._estimate()
        self.assertEqual(
            {(r.currency_id, r.amount_total) for r in run.reminder_ids},
            {(self.company.currency_id, 100.0), (euro, 80.0)},
        )

    def test_creditors_have_letters_of_their_own(self):
        """AMB-08: a letter claims only the debts of its own centre."""
        branch = self._create_branch()
        member = self._create_late_member("Both centres", amount=100.0)
        self._create_invoice(member, amount=60.0, company=branch)
        run = self._estimate()
        self.assertEqual(
            {(r.company_id, r.amount_total) for r in run.reminder_ids},
            {(self.company, 100.0), (branch, 60.0)},
        )

    def _create_branch(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        # a branch gets its accounts at commit only
        self.env["account.chart.template"].try_loading(
            self.company.chart_template, company=branch, install_demo=False
        )
        self.env.user.company_ids |= branch
        companies = [self.company.id, branch.id]
        self.env = self.env(context={"allowed_company_ids": companies})
        return branch

    # === CREDITS AND FEES === #

    def test_credits_reduce_the_total(self):
        """AMB-01: an unallocated credit is a negative line without a level."""
        member = self._create_late_member("Debtor", amount=100.0)
        invoice = self._invoices(member)
        credit = self._create_credit(member, 30.0)
        reminder = self._estimate().reminder_ids
        self.assertEqual(
            self._lines(reminder),
            {
                (invoice, 100.0, self.one),
                (credit, -30.0, self.env["gym.dunning.level"]),
            },
        )
        self.assertRecordValues(
            reminder,
            [{"amount_open": 100.0, "amount_credit": 30.0, "amount_total": 70.0}],
        )

    def test_unallocated_payment_is_a_credit(self):
        """AMB-01: money that came without an invoice counts as well."""
        member = self._create_late_member("Debtor", amount=100.0)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": member.id,
                "amount": 25.0,
                "date": TODAY,
            }
        )
        payment.action_post()
        self.assertEqual(self._estimate().reminder_ids.amount_total, 75.0)

    def test_credit_of_somebody_else_is_not_taken(self):
        """AMB-01: credits belong to their own debtor."""
        self._create_late_member("Debtor", amount=100.0)
        self._create_credit(self._create_member("Rich"), 500.0)
        self.assertEqual(self._estimate().reminder_ids.amount_total, 100.0)

    def test_open_fee_is_carried(self):
        """AMB-14: the fee of the second letter stands in the third one's total."""
        member = self._create_late_member("Debtor", amount=100.0)
        reminder = self._reminder(self._estimate(self._reach(2)), member)
        fee = reminder.line_ids.filtered("is_fee")
        self.assertEqual((fee.amount, len(fee.level_id)), (20.0, 0))
        self.assertRecordValues(
            reminder,
            [{"amount_open": 120.0, "amount_fee": 0.0, "amount_total": 120.0}],
        )

    def test_fee_never_starts_a_reminder(self):
        """AMB-05, AMB-14: who paid all but the fee is not reminded of it."""
        member = self._create_late_member("Debtor")
        invoice = self._invoices(member)
        day = self._reach(2)
        self._pay(invoice, day=day)
        self._create_late_member("Somebody else")
        run = self._estimate(day + timedelta(days=60))
        self.assertNotIn(member, run.reminder_ids.partner_id)
        self.assertEqual(self._reason(run, member), "")


class TestAddressee(RunCommon):
    """Who gets the letter."""

    def _addressee(self, **vals):
        member = self._create_late_member("Debtor", **vals)
        return self._reminder(self._estimate(), member).addressee_id, member

    def _contact(self, name="Contact", **vals):
        return self.env["res.partner"].create(
            {"name": name, "email": "contact@example.com"} | vals
        )

    def test_member_is_the_addressee(self):
        """Without anybody else the member is written to."""
        addressee, member = self._addressee()
        self.assertEqual(addressee, member)

    def test_guardian_of_a_minor(self):
        """AMB-28: the guardian is written to, also before the payment contact."""
        guardian = self._contact("Guardian")
        addressee, __ = self._addressee(
            birthdate_date=date(2012, 1, 1),
            guardian_ids=[Command.link(guardian.id)],
            payment_contact_id=self._contact("Payer").id,
        )
        self.assertEqual(addressee, guardian)

    def test_guardian_of_an_adult_is_not_written_to(self):
        """AMB-28: from the 18th birthday on the member answers alone."""
        guardian = self._contact("Guardian")
        addressee, member = self._addressee(
            birthdate_date=date(2008, 3, 2), guardian_ids=[Command.link(guardian.id)]
        )
        self.assertEqual(addressee, member)

    def test_archived_guardian_is_none(self):
        """AMB-28: a guardian who left leaves the minor without one."""
        guardian = self._contact("Guardian", active=False)
        self._create_late_member("Somebody else")
        minor = self._create_late_member(
            "Minor",
            birthdate_date=date(2012, 1, 1),
            guardian_ids=[Command.link(guardian.id)],
        )
        self.assertEqual(self._reason(self._estimate(), minor), "minor")

    def test_payment_contact(self):
        """The payment contact is written to, before the invoice address."""
        payer = self._contact("Payer")
        addressee, __ = self._addressee(
            payment_contact_id=payer.id,
            child_ids=[Command.create({"name": "Invoices", "type": "invoice"})],
        )
        self.assertEqual(addressee, payer)

    def test_invoice_address(self):
        """The invoice address of the member is written to."""
        addressee, member = self._addressee(
            child_ids=[
                Command.create(
                    {"name": "Invoices", "type": "invoice", "email": "i@example.com"}
                )
            ]
        )
        self.assertEqual(addressee, member.child_ids)

"""What a customer's debt is: one definition, compared with a plain one in Python."""

import random
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo.fields import Command

from ..base.common import TODAY
from ..dunning.common_run import day_after
from .test_about_member import AboutCommon

SEED = 20261129
STEPS = 45


class DebtCommon(AboutCommon):
    """Entries that are debts, and others on accounts of the same type."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.receivable = cls.company_data["default_account_receivable"]
        cls.non_trade = cls.env["account.account"].create(
            {
                "code": "154500",
                "name": "Receivable from advance payments of tax",
                "account_type": "asset_receivable",
                "non_trade": True,
                "reconcile": True,
            }
        )

    def _create_payment(self, partner, amount, payment_type="inbound", day=TODAY):
        payment = self.env["account.payment"].create(
            {
                "partner_id": partner.id,
                "partner_type": "customer",
                "payment_type": payment_type,
                "amount": amount,
                "date": day,
                "journal_id": self.bank.id,
            }
        )
        payment.action_post()
        return payment

    def _pay_out(self, partner, amount, day=TODAY):
        return self._create_payment(partner, amount, "outbound", day)

    def _bank_entry(self, partner, amount, account=None, day=TODAY):
        """Post an entry straight from the bank, without a payment."""
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.bank.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "partner_id": partner.id,
                            "account_id": (account or self.receivable).id,
                            "balance": amount,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.bank.default_account_id.id,
                            "balance": -amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return move

    def _receivable_lines(self, move):
        return move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def _owed(self, partner, day=TODAY):
        ledger = self.env["gym.open.item"].with_context(dunning_date=day)
        return sorted(
            ledger.search([("partner_id", "=", partner.id)]).mapped("amount_residual")
        )


class TestCustomerDebt(DebtCommon):
    """Tax offices, refunds and returned payments."""

    def test_non_trade_accounts_are_no_customers(self):
        """Case 02: neither by an entry nor from the bank statement."""
        landlord = self._create_contact("Landlord")
        self._bank_entry(landlord, 3000.0, self.non_trade, day_after(-50))
        statement = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": day_after(-49),
                "amount": -500.0,
                "payment_ref": "VAT",
                "partner_id": landlord.id,
                "counterpart_account_id": self.non_trade.id,
            }
        )
        self._receivable_lines(statement.move_id).no_followup = False
        self.assertEqual(self._owed(landlord), [])
        self._create_late_member("Somebody Else")
        run = self._estimate()
        self.assertNotIn(landlord, run.reminder_ids.partner_id)
        self.assertFalse(self._reason(run, landlord))

    def test_a_payout_alone_owes_nothing(self):
        """Case 12a: by payment, statement or entry, whatever its age."""
        member = self._create_member("Only Payout")
        self._pay_out(member, 80.0, day_after(-40))
        self._bank_entry(member, 30.0, day=day_after(-40))
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": day_after(-40),
                "amount": -20.0,
                "partner_id": member.id,
                "counterpart_account_id": self.receivable.id,
            }
        )
        self.assertEqual(self._owed(member), [])
        self.assertEqual(member.dunning_overdue, 0.0)

    def test_a_payout_lessens_the_oldest_credit(self):
        """Case 12: what was paid out of a credit is no credit any more."""
        member = self._create_member("Refunded")
        invoice = self._create_invoice(member, amount=50.0)
        self._create_credit(member, 60.0, days=40)
        self._create_credit(member, 40.0, days=35)
        self._pay_out(member, 75.0)
        self.assertEqual(self._owed(member), [-25.0, 50.0])
        letter = self._estimate().reminder_ids
        self.assertEqual(
            (letter.amount_open, letter.amount_credit, letter.amount_total),
            (50.0, 25.0, 25.0),
        )
        self.assertEqual(letter.line_ids.filtered("level_id").move_id, invoice)

    def test_its_age_does_not_matter(self):
        """Case 12c: a fresh payout counts as its fresh credit note does."""
        member = self._create_member("Refunded Fresh")
        self._create_invoice(member, amount=50.0)
        self._create_credit(member, 100.0, days=5)
        self._pay_out(member, 100.0, day_after(-3))
        self.assertEqual(self._estimate().reminder_ids.amount_total, 50.0)

    def test_more_paid_out_than_credited_is_no_debt(self):
        """Case 12: it only lessens credits, never below zero."""
        member = self._create_member("Generous")
        self._create_invoice(member, amount=50.0)
        self._create_credit(member, 20.0)
        self._pay_out(member, 500.0)
        self.assertEqual(self._owed(member), [50.0])

    def test_nobody_looks_where_nothing_was_paid_out(self):
        """As long as no money of a payment or of the bank is open as a debt, no credit
        is compared with it; then only those are that may have lost by it."""
        ledger = self.env["gym.open.item"]
        member, other = self._create_member("Refunded"), self._create_member("Other")
        for person in (member, other):
            self._create_credit(person, 60.0)
        self.assertNotIn("bool_or", ledger._table_query.code)
        for pay_out in (self._pay_out, self._bank_entry):
            with self.subTest(pay_out=pay_out):
                paid = pay_out(member, 20.0)
                self.assertIn("bool_or", ledger._table_query.code)
                self.assertEqual(self._owed(member), [-40.0])
                self.assertEqual(self._owed(other), [-60.0])
                paid = paid if paid._name == "account.move" else paid.move_id
                back = paid._reverse_moves([{"date": TODAY}], cancel=True)
                self.assertTrue(back.line_ids.filtered("reconciled"))
                self.assertEqual(self._owed(member), [-60.0])
                self.assertNotIn("bool_or", ledger._table_query.code)

    def test_payout_of_a_contact_lessens_his_credit_only(self):
        """Kind 1 and 2: two members of one firm have a purse each."""
        for person in (self.olga, self.paul):
            self._create_credit(person, 100.0)
        self._pay_out(self.olga, 100.0)
        self.assertEqual(self._owed(self.firm), [-100.0])
        item = self.env["gym.open.item"].search([("partner_id", "=", self.firm.id)])
        self.assertEqual(item.member_id, self.paul)

    def test_a_payment_taken_back_is_owed_again(self):
        """Kind 2: a returned debit is no refund, though money left the bank."""
        member = self._create_member("Returned")
        invoice = self._create_invoice(member)
        payment = self._pay(invoice)
        back = payment.move_id._reverse_moves([{"date": TODAY}], cancel=False)
        back.action_post()
        self.assertEqual(self._owed(member), [100.0])

    def test_another_currency_is_told(self):
        """C17: a credit of 500 in one currency beside a debt in another."""
        other = self.setup_other_currency("CHF", rates=[("2020-01-01", 2.0)])
        member = self._create_member("Two Purses")
        self._create_invoice(member, currency_id=other.id)
        self._create_credit(member, 500.0)
        letter = self._estimate().reminder_ids
        self.assertEqual(letter.amount_total, 100.0)
        self.assertIn("credit in another currency: 500.00 USD", letter.warning)

    def test_draft_credit_note_in_the_currency_s_decimals(self):
        """L9: yen have none, and the currency is named."""
        yen = self.setup_other_currency(
            "JPY", rounding=1.0, rates=[("2020-01-01", 100)]
        )
        member = self._create_member("Yuki")
        self._create_invoice(member, amount=9000, currency_id=yen.id)
        draft = self._create_credit(member, 85, currency_id=yen.id)
        draft.button_draft()
        letter = self._estimate().reminder_ids
        self.assertIn("draft credit note 85 JPY", letter.warning)

    def test_agency_and_cases_ask_the_same(self):
        """Kind 2: a payout is handed to nobody and stands in no case."""
        member = self._create_member("Refunded")
        payout = self._pay_out(member, 80.0, day_after(-40))
        lines = self._receivable_lines(payout.move_id)
        agency = self.env["gym.agency.list"]._items(
            self.company, TODAY, partners=member, any_level=True
        )
        self.assertFalse(agency)
        cases = self.env["gym.collection.case"]
        free = self.env["gym.open.item"].search(cases._unreserved_domain())
        self.assertFalse(free.move_line_id & lines)


class TestLedgerProperty(DebtCommon):
    """Random entries: the ledger's SQL says what a plain definition in Python says."""

    def test_ledger_equals_the_plain_definition(self):
        """Kind 2: seeded and bounded; a failing walk is printed."""
        dice = random.Random(SEED)
        self.members = [self._create_member("Ada"), self.olga, self.paul, self.firm]
        self.walk = []
        for __ in range(STEPS):
            self._step(dice)
        ledger = self.env["gym.open.item"].with_context(dunning_date=TODAY)
        found = ledger.search([("company_id", "=", self.company.id)])
        says = {
            row.id: (
                Decimal(str(row.amount_residual)),
                row.date_maturity,
                row.days_overdue,
                row.partner_id.id,
            )
            for row in found
        }
        self.assertEqual(says, self._plain(), "\n".join(self.walk))
        self.assertGreater(len(says), 10)

    def _step(self, dice):
        person = dice.choice(self.members)
        amount = dice.randint(1, 20000) / 100
        day = day_after(dice.randint(-90, 30))
        name = dice.choice(
            ["invoice", "invoice", "refund", "receipt", "payout", "entry", "bank",
             "deposit", "paid", "future"]
        )  # fmt: skip
        self.walk.append(f"{name} {person.name} {amount} {day}")
        getattr(self, f"_do_{name}")(person, amount, day)

    def _do_invoice(self, person, amount, day):
        self._create_invoice(person, amount=amount, days=(TODAY - day).days)

    def _do_future(self, person, amount, day):
        date = day + timedelta(days=20)
        self._create_invoice(
            person, amount=amount, days=(TODAY - day).days, invoice_date=date
        )

    def _do_refund(self, person, amount, day):
        self._create_credit(person, amount, days=(TODAY - day).days)

    def _do_receipt(self, person, amount, day):
        self._create_payment(person, amount, day=day)

    def _do_payout(self, person, amount, day):
        self._pay_out(person, amount, day)

    def _do_entry(self, person, amount, day):
        self._entry(person, amount, day)

    def _do_bank(self, person, amount, day):
        self._bank_entry(person, amount, day=day)

    def _do_deposit(self, person, amount, day):
        self._bank_entry(person, amount, self.non_trade, day)

    def _do_paid(self, person, amount, day):
        invoice = self._create_invoice(person, amount=amount, days=(TODAY - day).days)
        payment = self._pay(invoice, amount=round(amount / 2, 2) or amount)
        if int(amount) % 2:
            back = payment.move_id._reverse_moves([{"date": TODAY}], cancel=False)
            back.action_post()

    # === THE PLAIN DEFINITION === #

    def _plain(self):
        lines = self.env["account.move.line"].search(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")]
        )
        lines = lines.filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and not line.account_id.non_trade
                and line.amount_residual_currency
            )
        )
        payouts = lines.filtered(self._is_payout)
        purses = defaultdict(Decimal)
        for line in payouts:
            purses[self._person(line)] += Decimal(str(line.amount_residual_currency))
        rows = {}
        for line in (lines - payouts).sorted(lambda one: (one.date, one.id)):
            owed = Decimal(str(line.amount_residual_currency))
            if owed < 0:
                eaten = min(-owed, purses[self._person(line)])
                purses[self._person(line)] -= eaten
                owed += eaten
            if owed:
                due = self._due(line)
                late = (TODAY - due).days
                rows[line.id] = (owed, due, late, line.partner_id.id)
        return rows

    def _is_payout(self, line):
        move = line.move_id
        if line.amount_residual_currency < 0 or move.move_type != "entry":
            return False
        if move.reversed_entry_id:
            return False
        if move.origin_payment_id.payment_type == "outbound":
            return True
        return move.journal_id.type == "bank" and any(
            one.account_type == "asset_cash" and one.balance < 0
            for one in move.line_ids
        )

    def _person(self, line):
        contact = line.move_id.partner_id
        for one in (line.partner_id, contact):
            if one.member_status_id and one.commercial_partner_id != one:
                return one
        return line.partner_id

    def _due(self, line):
        due = line.date_maturity or line.date
        if line.move_id.move_type == "entry":
            return due
        return max(due, line.move_id.invoice_date)

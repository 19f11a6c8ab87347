"""Taking fees back when something was undone since (H2, C15, kind 3)."""

import random

from odoo.exceptions import UserError
from odoo.fields import Command

from .test_fee import FeeCommon


class FeeUndoCommon(FeeCommon):
    """What an accountant does to fees between a run and its cancelling."""

    def _fee(self, run, member):
        return self._reminder(run, member).fee_move_id

    def _fee_line(self, run, member):
        lines = self._receivable(self._fee(run, member))
        return lines.filtered(lambda line: line.partner_id == member)

    def _pay_line(self, line, amount):
        """Pay a journal item as a bank does."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move.line", active_ids=line.ids
        )
        wizard.create({"payment_date": self.day, "amount": amount})._create_payments()

    def _credit_line(self, line, amount):
        """Credit a part of a line by an entry against the income, as by hand."""
        journal = line.move_id.journal_id
        if journal.type != "general":
            journal = self.company_data["default_journal_misc"]
        income = self.company_data["default_account_revenue"]
        entry = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": self.day,
                "line_ids": [
                    Command.create({"account_id": income.id, "debit": amount}),
                    Command.create(
                        {
                            "account_id": line.account_id.id,
                            "partner_id": line.partner_id.id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        mine = entry.line_ids.filtered("partner_id")
        (line | mine).reconcile()

    def _credit_note(self, fee, amount):
        """Credit a part of a fee invoice, as the dialog of credit notes does."""
        credit = fee._reverse_moves([{"invoice_date": fee.invoice_date}])
        credit.invoice_line_ids.price_unit = amount
        credit.action_post()
        (self._receivable(fee) | self._receivable(credit)).reconcile()
        return credit

    def _balance(self, member):
        self.env.invalidate_all()
        return member.credit


class TestFeeInvoiceUndo(FeeUndoCommon):
    """One invoice per reminder."""

    def setUp(self):
        super().setUp()
        self.member = self._create_late_member("Debtor")

    def test_rest_of_a_fee_credited_in_part_is_credited(self):
        """Kind 3: of 20.00, of which 5.00 were credited, 15.00 are."""
        run = self._second()
        fee = self._fee(run, self.member)
        self._credit_note(fee, 5.0)
        run.action_cancel()
        self.assertEqual(sorted(fee.reversal_move_ids.mapped("amount_total")), [5, 15])
        self.assertEqual((fee.amount_residual, self._balance(self.member)), (0, 100))

    def test_rest_with_tax_is_credited_to_the_cent(self):
        """Kind 3: the rest of a fee with tax comes to the cent, whatever the tax."""
        tax = self.company_data["default_tax_sale"].copy({"amount": 19.0, "name": "19"})
        self.fee_product.taxes_id = tax
        others = [self._create_late_member(f"Other {n}") for n in range(3)]
        run = self._second()
        for number, member in enumerate(others):
            self._credit_note(self._fee(run, member), 3.33 + number / 100)
        run.action_cancel()
        self.assertEqual([self._balance(one) for one in others], [100.0] * 3)
        self.assertEqual(self._fee(run, others[0]).amount_residual, 0.0)

    def test_fee_credited_wholly_is_not_credited_again(self):
        """Kind 3: a credit note by the accountant is enough."""
        run = self._second()
        fee = self._fee(run, self.member)
        fee._reverse_moves([{"invoice_date": fee.invoice_date}], cancel=True)
        run.action_cancel()
        self.assertEqual(len(fee.reversal_move_ids), 1)
        self.assertEqual((run.state, self._balance(self.member)), ("cancelled", 100.0))

    def test_credit_note_that_was_reversed_does_not_count(self):
        """Kind 3: a credit note taken back leaves the fee to be credited."""
        run = self._second()
        fee = self._fee(run, self.member)
        credit = fee._reverse_moves([{"invoice_date": fee.invoice_date}], cancel=True)
        credit._reverse_moves([{"invoice_date": fee.invoice_date}], cancel=True)
        run.action_cancel()
        self.assertEqual(self._balance(self.member), 100.0)

    def test_payment_of_a_fee_credited_in_part_is_the_members(self):
        """Kind 3: 5.00 credited and 15.00 paid: the 15.00 are his credit."""
        run = self._second()
        fee = self._fee(run, self.member)
        self._credit_note(fee, 5.0)
        self._pay(fee)
        run.action_cancel()
        self.assertEqual((fee.amount_residual, self._balance(self.member)), (0, 85))

    def test_fee_cleared_with_another_credit_note_is_credited(self):
        """Kind 3: a credit note of something else is the member's own money."""
        run = self._second()
        fee = self._fee(run, self.member)
        other = self._create_credit(self.member, 20.0)
        (self._receivable(fee) | self._receivable(other)).reconcile()
        run.action_cancel()
        self.assertEqual(self._balance(self.member), 80.0)

    def test_fee_written_off_is_not_credited(self):
        """Kind 3: what was written off is owed by nobody, and credited to nobody."""
        run = self._second()
        self._credit_line(self._receivable(self._fee(run, self.member)), 20.0)
        run.action_cancel()
        self.assertEqual(self._balance(self.member), 100.0)

    def test_fee_in_draft_cannot_be_posted_later(self):
        """C15: a fee set back to draft is cancelled with its reminder."""
        run = self._second()
        fee = self._fee(run, self.member)
        fee.button_draft()
        run.action_cancel()
        self.assertEqual((run.state, fee.state), ("cancelled", "cancel"))
        with self.assertRaises(UserError):
            fee.action_post()
        self.assertEqual(self._balance(self.member), 100.0)

    def test_fee_cancelled_by_the_accountant(self):
        """Kind 3: a cancelled fee needs nothing."""
        run = self._second()
        fee = self._fee(run, self.member)
        fee.button_cancel()
        run.action_cancel()
        self.assertEqual((run.state, self._balance(self.member)), ("cancelled", 100.0))
        self.assertFalse(fee.reversal_move_ids)


class TestFeeEntryUndo(FeeUndoCommon):
    """One entry for the fees of many."""

    def setUp(self):
        super().setUp()
        self.policy.fee_booking = "entry"
        self.members = [self._create_late_member(f"Debtor {n}") for n in range(4)]

    def _refuse(self, *members):
        """Make cancelling fail for these members."""
        model = self.env.registry["gym.dunning.reminder"]
        restore = model._restore_statuses

        def refuse(reminders):
            for reminder in reminders:
                if reminder.partner_id in members:
                    refusal = f"{reminder.name} is refused."
                    raise UserError(refusal)
            return restore(reminders)

        self.patch(model, "_restore_statuses", refuse)
        return lambda: self.patch(model, "_restore_statuses", restore)

    def test_failing_member_keeps_the_fee_and_others_are_credited_once(self):
        """H2: whatever the halves, each fee is reversed once; a failing member's
        stays until the retry."""
        run = self._second()
        first, *__, last = self.members
        accept = self._refuse(last)
        run.action_cancel()
        self.assertEqual(self._reminder(run, last).state, "issued")
        self.assertEqual(
            [self._balance(one) for one in self.members], [100, 100, 100, 120]
        )
        self.assertEqual(self._fee_line(run, last).amount_residual, 20.0)
        self.assertEqual(self._fee_line(run, first).amount_residual, 0.0)
        accept()
        run.action_retry_failed()
        self._work()
        self.assertEqual(run.state, "cancelled")
        self.assertEqual([self._balance(one) for one in self.members], [100] * 4)

    def test_lines_of_others_keep_their_payment(self):
        """H2: crediting one member does not touch how another's fee was paid."""
        run = self._second()
        first, second = self.members[:2]
        self._pay_line(self._fee_line(run, first), 20.0)
        self._refuse(first)
        run.action_cancel()
        line = self._fee_line(run, first)
        self.assertTrue(line.reconciled)
        self.assertTrue(line.matched_credit_ids.credit_move_id.payment_id)
        self.assertEqual([self._balance(first), self._balance(second)], [100, 100])

    def test_entry_reversed_by_the_accountant(self):
        """Kind 3: what he reversed as a whole is not reversed again."""
        run = self._second()
        entry = run.reminder_ids.fee_move_id
        entry._reverse_moves([{"date": entry.date}], cancel=True)
        run.action_cancel()
        self.assertEqual(len(entry.reversal_move_ids), 1)
        self.assertEqual([self._balance(one) for one in self.members], [100] * 4)

    def test_entry_in_draft_loses_the_lines_of_cancelled_reminders(self):
        """C15: posted later, the entry charges only who was not cancelled."""
        run = self._second()
        entry = run.reminder_ids.fee_move_id
        entry.button_draft()
        self._refuse(self.members[2])
        run.action_cancel()
        self.assertEqual(entry.state, "draft")
        self.assertEqual(self._receivable(entry).partner_id, self.members[2])
        entry.action_post()
        self.assertEqual(
            [self._balance(one) for one in self.members], [100, 100, 120, 100]
        )

    def test_entry_in_draft_is_cancelled_with_its_last_line(self):
        """C15: nothing is left that could be posted."""
        run = self._second()
        entry = run.reminder_ids.fee_move_id
        entry.button_draft()
        run.action_cancel()
        self.assertEqual((run.state, entry.state), ("cancelled", "cancel"))

    def test_fees_in_another_currency(self):
        """Kind 7: both currencies of an entry are reversed."""
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.3)])
        member = self._create_member("Abroad")
        self._create_invoice(member, currency_id=euro.id)
        run = self._second()
        run.action_cancel()
        line = self._fee_line(run, member)
        self.assertEqual((line.amount_residual_currency, line.amount_residual), (0, 0))


class TestFeeUndoRandom(FeeUndoCommon):
    """Whatever happened to the fees, each member owes what he should, to the cent."""

    SEEDS = range(3)

    def setUp(self):
        super().setUp()
        self.refused = set()
        model = self.env.registry["gym.dunning.reminder"]
        restore = model._restore_statuses

        def refuse(reminders):
            if self.refused.intersection(reminders.partner_id):
                refusal = f"{reminders[:1].name} is refused."
                raise UserError(refusal)
            return restore(reminders)

        self.patch(model, "_restore_statuses", refuse)

    def _happen(self, event, line, draw):
        """Do something to a member's fee; return what he paid of it."""
        part = round(draw.uniform(0.01, line.amount_residual - 0.01), 2)
        if event.startswith("credit"):
            self._credit_line(line, line.amount_residual if event == "credit" else part)
        if event in ("pay", "pay_part", "credit_part_pay_rest"):
            paid = part if event == "pay_part" else line.amount_residual
            self._pay_line(line, paid)
            return paid
        return 0.0

    def _draw_events(self, members, draw):
        """A fee set back to draft loses its credits, so these do not go together."""
        events = ["nothing", "pay", "pay_part", "fail"]
        if is_draft := draw.random() < 0.4:
            events.append("nothing")
        else:
            events += ["credit", "credit_part", "credit_part_pay_rest"]
        return {member: draw.choice(events) for member in members}, is_draft

    def _walk(self, seed):
        """Let things happen, cancel, try again; return what happened and was paid."""
        draw = random.Random(seed)
        self.fee_product.list_price = round(draw.uniform(5, 30), 2)
        members = [self._create_late_member(f"Walk {seed} {n}") for n in range(7)]
        run = self._second()
        events, is_draft = self._draw_events(members, draw)
        paid = {
            one: self._happen(events[one], self._fee_line(run, one), draw)
            for one in members
        }
        if is_draft:
            self._fee(run, members[0]).button_draft()
        self.refused.update(one for one in members if events[one] == "fail")
        before = {one: self._balance(one) for one in self.refused}
        run.action_cancel()
        for one, owed in before.items():
            self.assertAlmostEqual(self._balance(one), owed, 2, (seed, events))
        if self.refused:
            self.refused.clear()
            run.action_retry_failed()
            self._work()
        self.assertEqual(run.state, "cancelled", (seed, events))
        self.env["account.move"].browse(
            invoice.id for one in members for invoice in self._invoices(one)
        ).no_followup = True  # the next walk reminds its own members
        return events, paid

    def _check(self, booking):
        self.policy.fee_booking = booking
        for seed in self.SEEDS:
            events, paid = self._walk(seed)
            walk = [(one.name, event) for one, event in events.items()]
            for member in events:
                self.assertAlmostEqual(
                    self._balance(member),
                    100.0 - paid[member],
                    places=2,
                    msg=f"{booking}, seed {seed}, {member.name} of {walk}",
                )

    def test_invoices(self):
        """Kind 3, kind 7: one invoice per reminder."""
        self._check("invoice")

    def test_entries(self):
        """H2, kind 7: one entry for all."""
        self._check("entry")

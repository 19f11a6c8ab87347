"""Contracts cancelled to a day: what is used is billed, what comes after is not (H7)."""

import random
from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user

from .common_contract import END, TODAY, ContractCommon

JUNE = date(2026, 6, 30)
APRIL = date(2026, 4, 1)
NEXT_END = date(2027, 3, 31)


class CancelCommon(ContractCommon):
    """A contract of 600.00 a year whose paid term ends on 31 March."""

    def setUp(self):
        super().setUp()
        self.member = self._create_member("Kent Paul")
        self.contract = self._create_contract(self.member)

    def _dialog(self, day, contracts=None):
        contracts = contracts or self.contract
        action = contracts.action_cancel()
        form = Form(self.env["gym.contract.cancel"].with_context(**action["context"]))
        form.date = day
        return form

    def _billed(self, contract=None):
        return (contract or self.contract).period_ids.filtered("move_id")

    def _balance(self):
        self.env.invalidate_all()
        return self.member.credit


class TestBeyondThePaidTerm(CancelCommon):
    """H7: a last day after the paid term is billed, by the day, once."""

    def test_part_is_said_and_billed_by_the_day(self):
        """H7: 91 of 365 days of 600.00, said before and invoiced at once."""
        form = self._dialog(JUNE)
        self.assertEqual(form.amount, 149.59)
        self.assertIn("149.59", form.effect)
        form.save().action_confirm()
        self.assertRecordValues(
            self._billed(),
            [{"date_start": APRIL, "date_end": JUNE, "amount": 149.59}],
        )
        self.assertRecordValues(
            self.contract.move_ids, [{"state": "posted", "amount_total": 149.59}]
        )
        self.assertEqual(self.contract.date_end, JUNE)

    def test_renewal_run_bills_nothing_more(self):
        """H7: the run of the term's end and that of the last day find it paid."""
        self.contract._cancel(JUNE)
        self._create_contract(self._create_member("Other"))
        self._renew()
        run = self._estimate_renewal(date_from=APRIL, date_to=NEXT_END)
        self.assertEqual(self._left_out(run, self.contract), "cancelled")
        self.assertEqual(self._balance(), 149.59)

    def test_terms_and_days(self):
        """H7: whole terms for their price, the rest by the day, each subscription by
        its own term; what is not renewable is not billed."""
        towels = self._create_article("Towels", 10.0, gym_term_months=1)
        contract = self._create_contract(
            self.member,
            subscription_ids=[
                Command.create({"product_id": self.membership.id}),
                Command.create({"product_id": self.starter.id}),
                Command.create(
                    {"product_id": towels.id, "date_start": date(2026, 3, 1)}
                ),
            ],
        )
        contract._cancel(date(2026, 5, 15))
        amounts = self._billed(contract).sorted("date_end").mapped("amount")
        # April, 15 of 31 days of May, 45 of 365 days
        self.assertEqual(sorted(amounts), [4.84, 10.0, 73.97])

    def test_within_the_paid_term_nothing_is_billed(self):
        """AMB-16: until the end of the paid term a cancellation costs nothing."""
        form = self._dialog(END)
        self.assertFalse(form.effect)
        form.save().action_confirm()
        self.assertFalse(self.contract.move_ids)

    def test_nothing_renewable_has_no_later_day(self):
        """H7: what cannot be renewed cannot be used for longer."""
        pack = self._create_contract(self.member, self.starter)
        with self.assertRaisesRegex(UserError, pack.name):
            pack._cancel(JUNE)

    def test_invoice_that_cannot_be_posted(self):
        """AMB-18: then the contract is not cancelled either."""
        self.member.active = True
        account = self.company_data["default_account_receivable"].copy(
            {"name": "Old debts"}
        )
        self.member.property_account_receivable_id = account
        account.active = False
        with self.assertRaisesRegex(UserError, "Old debts"), self.env.cr.savepoint():
            self.contract._cancel(JUNE)
        self.assertEqual(self.contract.state, "active")

    def test_access_follows(self):
        """H7: the door opens as long as it is paid."""
        self.contract._cancel(JUNE)
        running = self.env["gym.contract"]._running_domain
        for day, opens in ((JUNE, True), (JUNE + timedelta(days=1), False)):
            found = self.env["gym.contract"].search(running(day))
            self.assertEqual(self.contract in found, opens)

    def test_sums_of_random_days(self):
        """Kind 7: the dialog's amount is the invoice's, to the cent, whatever day."""
        draw = random.Random(7)
        for __ in range(6):
            self.membership.list_price = round(draw.uniform(0.01, 999), 2)
            contract = self._create_contract(self.member)
            day = END + timedelta(days=draw.randint(1, 800))
            form = self._dialog(day, contract)
            said = form.amount
            form.save().action_confirm()
            with self.subTest(day=day, price=self.membership.list_price):
                self.assertEqual(sum(contract.move_ids.mapped("amount_total")), said)
                self.assertEqual(max(contract.period_ids.mapped("date_end")), day)


class TestCancellationTakenBack(CancelCommon):
    """Kind 3: reopening undoes what the cancellation billed and is still there."""

    def test_reopened(self):
        """Kind 3: credited, and renewed from the paid term on as if never cancelled."""
        self.contract._cancel(JUNE)
        move = self.contract.move_ids
        self.contract.action_reopen()
        self.assertEqual((self.contract.state, self.contract.date_end), ("active", END))
        self.assertEqual((move.payment_state, self._balance()), ("reversed", 0.0))
        self._renew()
        self.assertEqual(self.contract.date_end, NEXT_END)
        self.assertEqual(self._balance(), 600.0)

    def test_cancelled_to_another_day(self):
        """Kind 3: reopened and cancelled again, the new part is billed alone."""
        self.contract._cancel(JUNE)
        self.contract.action_reopen()
        self.contract._cancel(date(2026, 4, 30))
        self.assertEqual(self._balance(), 49.32)

    def test_only_what_was_not_credited(self):
        """Kind 3: what the accountant credited meanwhile is not credited twice."""
        self.contract._cancel(JUNE)
        move = self.contract.move_ids
        credit = move._reverse_moves([{"invoice_date": move.invoice_date}])
        credit.invoice_line_ids.price_unit = 49.59
        credit.action_post()
        self.contract.action_reopen()
        self.assertEqual(self._balance(), 0.0)

    def test_invoice_in_draft(self):
        """Kind 3: an invoice set back to draft is cancelled."""
        self.contract._cancel(JUNE)
        move = self.contract.move_ids
        move.button_draft()
        self.contract.action_reopen()
        self.assertEqual(move.state, "cancel")

    def test_reopened_after_its_last_day(self):
        """Kind 3: what was used until the last day stays paid; the next term begins
        the day after."""
        self.contract._cancel(JUNE)
        self.env["gym.contract"]._end_expired(JUNE + timedelta(days=1))
        self.contract.action_reopen()
        self.assertEqual(self.contract.date_end, JUNE)
        self.assertEqual(self._balance(), 149.59)

    def test_renewed_and_cancelled_before(self):
        """Kind 3: a term billed already that begins after the last day is credited,
        which the dialog says."""
        self._renew()
        form = self._dialog(END)
        self.assertIn(self.contract.move_ids.name, form.effect)
        form.save().action_confirm()
        self.assertEqual((self.contract.date_end, self._balance()), (END, 0.0))
        self.assertEqual(self.contract.subscription_ids.date_end, END)

    def test_cancelled_within_a_billed_term(self):
        """AMB-16: paid time within a term is not given back; the dialog says so."""
        self._renew()
        form = self._dialog(JUNE)
        self.assertIn("not credited", form.effect)
        form.save().action_confirm()
        self.assertEqual((self.contract.date_end, self._balance()), (JUNE, 600.0))


class TestTermTakenBack(CancelCommon):
    """Kind 3: a term whose invoice was undone can be billed again."""

    def test_invoice_undone_by_the_accountant(self):
        """Kind 3: credited, set to draft or deleted: Take Back makes it renewable."""
        for undo in (
            lambda move: move._reverse_moves([{"date": move.date}], cancel=True),
            lambda move: move.button_draft(),
            lambda move: (
                move.button_draft(),
                move.with_context(force_delete=True).unlink(),
            ),
            lambda move: None,
        ):
            contract = self._create_contract(self.member)
            run = self._estimate_renewal()
            others = run.line_ids.filtered(lambda one: one.contract_id != contract)  # noqa: B023
            others.action_exclude()
            run.action_generate()
            self._work()
            undo(contract.move_ids)
            contract.period_ids.sorted("date_start")[-1].action_take_back()
            self.assertEqual(contract.date_end, END)
            line = run.line_ids
            self.assertEqual((line.state, line.reason), ("skipped", "taken_back"))
            again = self._estimate_renewal()
            self.assertIn(
                contract,
                again.line_ids.filtered(
                    lambda one: one.state == "proposed"
                ).contract_id,
            )
            again.action_discard()
        self.assertEqual(self._balance(), 0.0)

    def test_price_before_comes_back(self):
        """Kind 3: a price raised by the renewal is lowered again."""
        self._renew(price_change="percent", price_percent=5.0)
        self.assertEqual(self.contract.subscription_ids.price_unit, 630.0)
        self._billed().action_take_back()
        self.assertEqual(self.contract.subscription_ids.price_unit, 600.0)

    def test_later_terms_first(self):
        """Kind 3: no gap is left between terms."""
        self._renew()
        self._renew(date_from=NEXT_END, date_to=NEXT_END)
        first = self._billed().sorted("date_start")[0]
        with self.assertRaisesRegex(UserError, self.contract.name):
            first.action_take_back()


class TestGates(CancelCommon):
    """Kind 4: what buttons decide is not written."""

    def setUp(self):
        super().setUp()
        clerk = new_test_user(
            self.env,
            "contract_clerk",
            "gym_dunning.group_dunning_user",
            company_id=self.company.id,
        )
        self.clerk_contract = self.contract.with_user(clerk)

    def test_fields_that_buttons_decide(self):
        """M2, campaign: number, state, days and sums are refused with a sentence."""
        for vals in (
            {"name": "MINE"},
            {"state": "ended"},
            {"date_cancel": "2026-01-31"},
            {"date_end": "2030-01-31"},
            {"amount_term": 1.0},
        ):
            with self.subTest(**vals), self.assertRaisesRegex(UserError, "by hand"):
                self.clerk_contract.write(vals)

    def test_a_file_imported_again_is_taken(self):
        """AMB-17: what stands already may be named."""
        self.clerk_contract.write({"state": "active", "name": self.contract.name})
        with self.assertRaisesRegex(UserError, "by hand"):
            self.clerk_contract.subscription_ids.write(
                {"contract_id": self._create_contract(self.member).id}
            )

    def test_buttons_work_for_a_clerk(self):
        """M2: the gates are open for who may press the buttons."""
        self.clerk_contract._cancel(JUNE)
        self.clerk_contract.action_reopen()
        self.clerk_contract.action_end()
        self.assertEqual(self.contract.state, "ended")

    def test_numbers_in_one_go(self):
        """L7: many contracts draw their numbers together."""
        vals = {"partner_id": self.member.id, "company_id": self.company.id}
        few = self._count_queries(self.env["gym.contract"].create, [vals] * 2)
        many = self._count_queries(self.env["gym.contract"].create, [vals] * 22)
        self.assertLess(many, few + 20)


class TestArchived(CancelCommon):
    """C29: whose contact is archived is not billed without a word."""

    def test_member_or_payer(self):
        """C29: left out and listed, by member and by payer."""
        payer = self._create_member("Payer")
        paid = self._create_contract(self._create_member("Child"), payer_id=payer.id)
        self._create_contract(self._create_member("Stays"))
        (self.member | payer).active = False
        run = self._renew()
        for contract in self.contract | paid:
            self.assertEqual(self._left_out(run, contract), "archived")
            self.assertEqual(contract.date_end, END)
        self.assertIn("restore", run.left_out_ids[0].explanation)

    def test_archived_since_the_estimate(self):
        """C29: also who was archived after the estimate."""
        run = self._estimate_renewal()
        self.member.active = False
        run.action_generate()
        self._work()
        self.assertFalse(self.contract.move_ids)
        self.assertEqual(TODAY, run.date)

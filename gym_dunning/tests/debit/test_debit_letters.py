from datetime import timedelta

from lxml import html

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_debit import CREDITOR_IBAN, DebtorCommon
from .common_debit_batch import BatchCommon

ON_FIRE = "The books of the fees are on fire."


@tagged("post_install", "-at_install")
class TestDebitLetters(DebtorCommon, BatchCommon):
    """What the bank collects is claimed by nobody else: fees, letters, cases."""

    def _returned_with_fee(self):
        """A letter whose debit collects 100 and a fee of 20."""
        self._returned()
        __, day = self._run_levels(1)
        day += timedelta(days=11)
        run = self._generate(day, include_direct_debit=True)
        return self._reminder(run, self.member), day

    def test_fee_in_flight(self):
        """E-35: a fee that the bank collects is claimed by no other letter."""
        reminder, day = self._returned_with_fee()
        self.assertEqual(reminder.debit_order_ids.amount, 120.0)
        self._create_invoice(
            self.member, amount=40.0, preferred_payment_method_line_id=False
        )
        run = self._generate(day + timedelta(days=1))
        letter = self._reminder(run, self.member)
        self.assertEqual(letter.amount_open, 40.0)

    def test_fee_in_flight_and_agency(self):
        """E-35: a fee that the bank collects is not handed over with other items."""
        __, day = self._returned_with_fee()
        self._create_invoice(
            self.member, amount=40.0, preferred_payment_method_line_id=False
        )
        items = self.env["gym.agency.list"]._items(
            self.company, day + timedelta(days=1), any_level=True
        )
        mine = items.filtered(lambda item: item.partner_id == self.member)
        self.assertEqual(mine.mapped("amount_residual"), [40.0])

    def test_fee_returned_for_good(self):
        """AMB-07: a fee that was returned for good is not debited with the next
        item."""
        reminder, day = self._returned_with_fee()
        order = reminder.debit_order_ids
        order._set_state("exported")
        self._return(order, self.ac04, day + timedelta(days=20))
        self._create_mandate(self.member, iban=CREDITOR_IBAN)
        self._create_invoice(self.member, amount=40.0)
        run = self._generate(day + timedelta(days=40), include_direct_debit=True)
        debits = self._reminder(run, self.member).debit_order_ids
        self.assertEqual(
            debits.line_ids.filtered(lambda line: line.amount == 40.0).move_id.mapped(
                "amount_total"
            ),
            [40.0],
        )
        self.assertNotIn(reminder.fee_move_id, debits.line_ids.move_id)

    def test_fee_that_fails_twice(self):
        """E-69c: a letter whose fee fails a second time stops no other; nothing of it
        is left behind."""
        self._returned()
        __, day = self._run_levels(1)
        run = self._estimate(day + timedelta(days=11), include_direct_debit=True)
        fees = type(self.env["gym.dunning.fee"])
        self.patch(
            fees, "_book", lambda self, letters: [(one, ON_FIRE) for one in letters]
        )
        run.action_generate()
        self._work()
        run.action_retry_failed()
        self._work()
        self.assertEqual(run.state, "done")
        self.assertEqual(self._reminder(run, self.member).state, "proposed")
        drafts = self._orders().filtered(lambda order: order.state == "draft")
        self.assertFalse(drafts)
        self.assertEqual(self._debit_state(self.invoice, day), "retry")

    def test_stopped_generation(self):
        """E-35: of a generation that is stopped half way, the debits of letters that
        are issued wait in a batch."""
        run = self._generate(include_direct_debit=True)
        order = self._orders()
        order.sudo().batch_id = False
        process = self.env["gym.process"]._start(run, "Again", "generate", 1)
        process.action_cancel()
        self.assertEqual(order.batch_id.state, "draft")

    def test_cancelled_run_names_the_way_out(self):
        """Debits 3: a run whose debit is with the bank says what can be done."""
        run = self._generate(include_direct_debit=True)
        self._orders().batch_id.action_export()
        run.action_cancel()
        self._work()
        self.assertIn("of Dora Debit is with the bank. Undo", run.failure_ids.message)

    def test_no_case_while_it_is_collected(self):
        """G-49: an item that the bank collects is taken into no collection case; the
        refusal says why."""
        self._collect_exported(self.invoice)
        case = self.env["gym.collection.case"].create(
            {"partner_id": self.member.id, "currency_id": self.euro.id}
        )
        self.assertFalse(case._free_items())
        with self.assertRaisesRegex(UserError, "collected by a direct debit"):
            case._add_items(self._items(self.invoice))

    # === WHAT IS PROMISED === #

    def _letter(self, reminder):
        report = reminder.level_id.report_id
        content = html.fromstring(report._render_qweb_html(report, reminder.ids)[0])
        return " ".join(content.text_content().split())

    def _mail(self, reminder):
        template = self.env.ref("gym_dunning.mail_template_level_1")
        body = template._render_field("body_html", reminder.ids, compute_lang=True)
        return " ".join(html.fromstring(str(body[reminder.id])).text_content().split())

    def _announced(self):
        self.member.lang = "en_US"
        return self._reminder(self._generate(include_direct_debit=True), self.member)

    def test_same_promise_everywhere(self):
        """Kind 6: letter, e-mail and SMS announce the debit, and ask for nothing."""
        reminder = self._announced()
        sentence = reminder.with_context(lang="en_US")._payment_sentence()
        self.assertRegex(sentence, r"^We debit .*100\.00.*; please do not transfer\.$")
        for text in (self._letter(reminder), self._mail(reminder)):
            self.assertIn("please do not transfer", text)
            self.assertNotIn("Account holder", text)

    def test_part_to_transfer(self):
        """Kind 6: what is not debited is asked for, with account and reference."""
        self.policy.level_ids[0].fee_product_id = self.fee_product
        self.policy.fee_booking = "none"  # on the letter only: no debit collects it
        reminder = self._announced()
        self.assertEqual(reminder._amount_to_transfer(), 20.0)
        sentence = reminder.with_context(lang="en_US")._payment_sentence()
        self.assertRegex(sentence, r"100\.00.*; please transfer only .*20\.00")
        for text in (self._letter(reminder), self._mail(reminder)):
            self.assertIn("please transfer only", text)
            self.assertIn("Account holder", text)

    def test_what_cannot_be_collected_is_not_promised(self):
        """Case 09: a mandate that was cancelled before the letter is made, or a debit
        that came back, is not announced: the letter asks for the money."""
        for change in (
            lambda order: order.mandate_id.action_cancel(),
            lambda order: order.mandate_id.partner_bank_id.sudo().action_archive(),
            lambda order: (order._set_state("exported"), self._return(order)),
        ):
            with self.subTest(change=change), self.env.cr.savepoint() as savepoint:
                reminder = self._announced()
                change(reminder.debit_order_ids)
                texts = [self._letter(reminder), self._mail(reminder)]
                for text in texts:
                    self.assertNotIn("We debit", text)
                    self.assertIn("Account holder", text)
                sentence = reminder.with_context(lang="en_US")._payment_sentence()
                self.assertIn("Please pay", sentence)
                savepoint.rollback()
                self.env.invalidate_all()

    # === A NEW ACCOUNT === #

    def _reminded_of_return(self, code):
        self._returned(code)
        self.member.lang = "en_US"
        return self._reminder(self._generate(), self.member)

    def test_closed_account_asks_for_a_new_one(self):
        """Kind 14: returned because the account is closed, the letter and the e-mail
        ask for a new account and say why."""
        reminder = self._reminded_of_return(self.ac04)
        self.assertTrue(reminder._asks_new_account())
        for text in (self._letter(reminder), self._mail(reminder)):
            self.assertIn("Please give us a new account.", text)
            self.assertIn("Account is closed", text)
            self.assertIn("Account holder", text)

    def test_other_reasons_ask_for_none(self):
        """Kind 14: without funds there is an account; so does a code of which the gym
        says so."""
        reminder = self._reminded_of_return(self.am04)
        self.assertFalse(reminder._asks_new_account())
        self.assertNotIn("new account", self._letter(reminder))
        self.am04.asks_new_account = True
        self.assertTrue(reminder._asks_new_account())

    def test_new_mandate_is_enough(self):
        """Kind 14: who has given another account meanwhile is not asked again."""
        reminder = self._reminded_of_return(self.ac04)
        self._create_mandate(self.member, iban=CREDITOR_IBAN)
        self.assertFalse(reminder._asks_new_account())

    def test_reasons_that_ask(self):
        """Kind 14: which reasons ask is data that the gym may change."""
        codes = self.env["gym.debit.return.code"].search([])
        asking = set(codes.filtered("asks_new_account").mapped("name"))
        closed_or_wrong = {"AC01", "AC02", "AC04", "AC05", "AC06", "AG01", "AG03"}
        self.assertEqual(asking, closed_or_wrong | {"DNOR", "RC01"})
        own = codes.create({"name": "XX01", "description": "Own"})
        self.assertFalse(own.asks_new_account)

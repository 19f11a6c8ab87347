from datetime import date

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_contract import END, TODAY, ContractCommon


@tagged("post_install", "-at_install")
class TestRenewalFaults(ContractCommon):
    """One bad contract never stops the others, and leaves nothing behind."""

    def _archived_account(self):
        account = self.company_data["default_account_receivable"].copy(
            {"code": "119999", "name": "Old debts"}
        )
        account.active = False
        return account

    def test_one_of_fifty_fails(self):
        """E-69b, E-69c, AMB-18: 49 renewed; the failed one names the account, is as
        it was before, and is renewed by Retry after the repair."""
        members = [self._create_member(f"Member {n}") for n in range(50)]
        contracts = self.env["gym.contract"]
        for member in members:
            contracts |= self._create_contract(member)
        account = self._archived_account()
        members[20].property_account_receivable_id = account
        bad = contracts[20]
        moves = self.env["account.move"].search_count([])
        run = self._renew()
        self.assertEqual(run.renewed_count, 49)
        self.assertEqual(run.failed_count, 1)
        self.assertIn("Old debts", run.failure_ids.message)
        self.assertEqual(bad.date_end, END)
        self.assertEqual(len(bad.period_ids), 1)
        self.assertEqual(self.env["account.move"].search_count([]), moves + 49)

        account.active = True
        run.action_retry_failed()
        self._work()
        self.assertEqual(run.failed_count, 0)
        self.assertEqual(run.renewed_count, 50)
        self.assertEqual(bad.date_end, date(2027, 3, 31))

    def test_unforeseen_failure(self):
        """AMB-18: what only posting finds leaves no draft behind."""
        good = self._create_contract(self._create_member("Good"))
        bad = self._create_contract(self._create_member("Bad"))
        revenue = self.company_data["default_account_revenue"].copy({"code": "499999"})
        article = self._create_article("Odd", 50.0)
        article.property_account_income_id = revenue
        bad.subscription_ids.product_id = article
        revenue.active = False
        moves = self.env["account.move"].search_count([])
        run = self._renew()
        self.assertEqual(run.line_ids.filtered("move_id").contract_id, good)
        self.assertEqual(run.failed_count, 1)
        self.assertEqual(bad.date_end, END)
        self.assertEqual(self.env["account.move"].search_count([]), moves + 1)

    def test_changed_since_the_estimate(self):
        """AMB-09 for renewals: cancelled or renewed meanwhile: skipped with reason."""
        gone = self._create_contract(self._create_member("Gone"))
        stays = self._create_contract(self._create_member("Stays"))
        run = self._estimate_renewal()
        gone._cancel(END)
        run.action_generate()
        self._work()
        line = run.line_ids.filtered(lambda one: one.contract_id == gone)
        self.assertEqual((line.state, line.reason), ("skipped", "changed"))
        self.assertEqual(run.skipped_count, 1)
        self.assertFalse(gone.move_ids)
        self.assertEqual(stays.date_end, date(2027, 3, 31))

    def test_two_renewals_of_one_range(self):
        """E-60: two estimates over one range renew each contract once."""
        contract = self._create_contract(self._create_member("Once"))
        first = self._estimate_renewal()
        second = self._estimate_renewal()
        for run in first, second:
            run.action_generate()
        self._work()
        self.assertEqual(len(contract.move_ids), 1)
        self.assertEqual(first.renewed_count + second.renewed_count, 1)
        self.assertEqual(second.skipped_count, 1)

    @mute_logger("odoo.sql_db")
    def test_second_period_is_impossible(self):
        """AMB-17: the database refuses a second period from the same day."""
        contract = self._create_contract(self._create_member("Once"))
        subscription = contract.subscription_ids
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["gym.contract.period"].sudo().create(
                subscription._prepare_period_vals(subscription.date_start, END)
            )

    def test_generate_twice(self):
        """E-68a: the button pressed twice starts one job."""
        self._create_contract(self._create_member("Once"))
        run = self._estimate_renewal()
        run.action_generate()
        run.action_generate()
        self.assertEqual(len(run.process_ids), 1)

    def test_left_out_by_hand(self):
        """E-66: who was taken out of the estimate is not renewed."""
        contract = self._create_contract(self._create_member("Not now"))
        self._create_contract(self._create_member("Now"))
        run = self._estimate_renewal()
        run.line_ids.filtered(lambda one: one.contract_id == contract).action_exclude()
        run.action_generate()
        self._work()
        self.assertEqual(contract.date_end, END)
        self.assertEqual(self._left_out(run, contract), "by_hand")

    def test_discard(self):
        """E-67: an estimate thrown away leaves nothing."""
        self._create_contract(self._create_member("One"))
        run = self._estimate_renewal()
        run.action_discard()
        self.assertFalse(run.exists())

    def test_done_runs_stay(self):
        """AMB-18: a renewal that was made is not deleted."""
        self._create_contract(self._create_member("One"))
        run = self._renew()
        with self.assertRaisesRegex(UserError, run.name):
            run.unlink()

    # === BAD INPUT === #

    def test_reversed_range(self):
        """E-66: a reversed range is refused with a sentence."""
        with self.assertRaisesRegex(ValidationError, "reversed"):
            self._estimate_renewal(date_from=END, date_to=TODAY)

    def test_bad_subscriptions(self):
        """E-62: term 0, negative prices and ends before starts name the contract."""
        contract = self._create_contract(self._create_member("Kent Paul"))
        for vals, sentence in (
            ({"term_months": 0}, "at least one month"),
            ({"price_unit": -1}, "cannot be negative"),
            ({"date_end": date(2020, 1, 1)}, "before the start"),
        ):
            with self.subTest(**vals):
                with (
                    self.assertRaisesRegex(ValidationError, sentence) as caught,
                    self.env.cr.savepoint(),
                ):
                    contract.subscription_ids.write(vals)
                self.assertIn("Membership", str(caught.exception))
                self.assertIn("Kent Paul", str(caught.exception))

    def test_currency_without_rate(self):
        """AMB-18: a currency without rate fails the contract, naming both."""
        coin = self.env["res.currency"].create({"name": "GYM", "symbol": "G"})
        self._create_contract(self._create_member("Abroad"), currency_id=coin.id)
        run = self._renew()
        self.assertIn("GYM", run.failure_ids.message)
        self.assertIn(self.company.name, run.failure_ids.message)

    # === STATES === #

    def test_first_term_is_invoiced_at_activation(self):
        """E-60: a new contract posts its first invoice as a renewal does."""
        contract = self._create_contract(
            self._create_member("New"), self.membership, self.starter, state="draft"
        )
        self.assertFalse(contract.period_ids)
        contract.action_activate()
        self.assertEqual(contract.state, "active")
        self.assertRecordValues(
            contract.move_ids, [{"state": "posted", "amount_total": 699.0}]
        )
        self.assertEqual(contract.date_end, END)

    def test_activation_that_fails(self):
        """AMB-18: a first invoice that cannot be posted leaves a draft contract."""
        member = self._create_member("New")
        member.property_account_receivable_id = self._archived_account()
        contract = self._create_contract(member, state="draft")
        with self.assertRaisesRegex(UserError, "Old debts"), self.env.cr.savepoint():
            contract.action_activate()
        self.assertEqual(contract.state, "draft")

    def test_instalments_and_payer(self):
        """E-60: instalments are the payment term's; the payer gets the invoice."""
        father = self._create_member("Father")
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create({"value_amount": 50, "nb_days": 0}),
                    Command.create({"value_amount": 50, "nb_days": 30}),
                ],
            }
        )
        contract = self._create_contract(
            self._create_member("Son"), payer_id=father.id, payment_term_id=term.id
        )
        self._renew()
        lines = contract.move_ids.line_ids.filtered("date_maturity")
        self.assertEqual(contract.move_ids.partner_id, father)
        self.assertEqual(lines.mapped("amount_residual"), [300.0, 300.0])

    def test_cancel_and_reopen(self):
        """AMB-16: cancelled to a day with the reason in the chatter; reopened."""
        contract = self._create_contract(self._create_member("Moving"))
        action = contract.action_cancel()
        form = Form(self.env["gym.contract.cancel"].with_context(**action["context"]))
        self.assertEqual(fields.Date.to_date(form.date), END)
        last_day = date(2026, 6, 30)
        form.date = last_day
        form.reason = "moves to another town"
        form.save().action_confirm()
        self.assertEqual((contract.state, contract.date_end), ("cancelled", last_day))
        self.assertIn("another town", contract.message_ids[:1].body)
        contract.action_reopen()
        self.assertEqual((contract.state, contract.date_end), ("active", END))
        with self.assertRaisesRegex(UserError, contract.name):
            contract._set_state("draft")

    def test_expired_contracts_end(self):
        """AMB-16: after its last day a contract that nobody renews has ended."""
        cancelled = self._create_contract(self._create_member("Gone"))
        cancelled._cancel(END)
        fixed = self._create_contract(self._create_member("Fixed"), auto_renew=False)
        running = self._create_contract(self._create_member("Running"))
        pack = self._create_contract(self._create_member("Pack"), self.starter)
        self.env["gym.contract"]._end_expired(END)
        self.assertEqual(cancelled.state, "cancelled")
        self.env["gym.contract"]._end_expired(date(2026, 4, 1))
        ended = cancelled | fixed | pack
        self.assertEqual(ended.mapped("state"), ["ended"] * 3)
        self.assertEqual(running.state, "active")

    # === PRICES === #

    def test_price_change(self):
        """E-60: a percentage or the article's price, shown in the estimate, kept."""
        for change, vals, price in (
            ("percent", {"price_percent": 5.0}, 630.0),
            ("list", {}, 650.0),
        ):
            with self.subTest(change=change):
                contract = self._create_contract(self._create_member(change))
                self.membership.list_price = 650.0
                run = self._estimate_renewal(price_change=change, **vals)
                line = run.line_ids.filtered(
                    lambda one, c=contract: one.contract_id == c
                )
                self.assertEqual(line.amount, price)
                run.action_generate()
                self._work()
                self.assertEqual(contract.move_ids.amount_total, price)
                self.assertEqual(contract.subscription_ids.price_unit, price)
                self.membership.list_price = 600.0

    def test_price_of_what_is_not_due(self):
        """E-63: a subscription that runs on keeps its price, and its invoice is not
        taken for that of the renewal."""
        contract = self._create_contract(
            self._create_member("Two terms"),
            subscription_ids=[
                Command.create({"product_id": self.membership.id}),
                Command.create({"product_id": self.locker.id, "term_months": 24}),
            ],
        )
        run = self._renew(price_change="percent", price_percent=10.0)
        prices = {s.product_id: s.price_unit for s in contract.subscription_ids}
        self.assertEqual(prices, {self.membership: 660.0, self.locker: 60.0})
        self.assertEqual(run.line_ids.move_id.amount_total, 660.0)

    # === DOCUMENTS === #

    def test_invoices_in_one_document(self):
        """E-70a, E-70b: one document with exactly the invoices of this renewal."""
        members = [self._create_member(f"Member {n}") for n in range(3)]
        for member in members:
            self._create_contract(member)
        other = self._create_invoice(members[0])
        run = self._renew()
        action = run.action_print_invoices()
        document = self.env["ir.attachment"].search(
            [("res_model", "=", run._name), ("res_id", "=", run.id)]
        )
        self.assertIn(f"/{document.id}?", action["url"])
        html = document.raw.decode()
        for move in run.line_ids.move_id:
            self.assertIn(move.name, html)
        self.assertNotIn(other.name, html)
        run.action_print_invoices()
        self.assertEqual(run.document_count, 1, "printed again from the same document")
        self.assertEqual(run.action_open_invoices()["domain"][0][2], run._moves().ids)

    def test_many_invoices_in_the_background(self):
        """E-70b: more than a screenful is rendered in chunks and joined."""
        for number in range(51):
            self._create_contract(self._create_member(f"Member {number}"))
        run = self._renew()
        self.assertIsNone(run.action_print_invoices())
        self._work()
        self.assertEqual(run.document_count, 1)
        html = (
            run.action_print_invoices()
            and self.env["ir.attachment"]
            .search([("res_model", "=", run._name), ("res_id", "=", run.id)])
            .raw.decode()
        )
        for move in run.line_ids.move_id:
            self.assertIn(move.name, html)

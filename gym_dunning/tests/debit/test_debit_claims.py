from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..base.common import TODAY
from .common_debit import DebtorCommon


class ClaimCommon(DebtorCommon):
    """Dora, whose debit came back, and a rule of the centre's country."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.debit_charge_account_id = cls.company_data[
            "default_account_expense"
        ]
        rules = cls.env["gym.dunning.profile"]
        rules.search([]).active = False
        rules.flush_model()  # two of a country exclude each other
        cls.rule = rules.create({"name": "Test rule"})

    def _charged(self, *invoices, code=None, charges=3.0):
        """Return the debit of invoices, which the bank sent back for a charge."""
        invoices = invoices or [self.invoice]
        order = self._collect_exported(*invoices, day=TODAY - timedelta(days=20))
        self._return(order, code, TODAY - timedelta(days=3), charges=charges)
        return order

    def _code(self, name):
        return self.env.ref(f"gym_dunning.debit_return_{name.lower()}")


@tagged("post_install", "-at_install")
class TestDebitClaims(ClaimCommon):
    """Which charges a letter claims: one definition for sum and mark (costs: charges)."""

    def _run(self, day=TODAY):
        run = self._estimate(day)
        self.env["gym.dunning.evaluation"]._evaluate(run)
        return run

    def test_tried(self):
        """A policy that is tried claims what a run's letters claim."""
        self._charged(charges=4.5)
        run = self._run()
        claimed = self._claimed(run)
        run.unlink()
        action = self.policy.action_try()
        trial = self.env[action["res_model"]].browse(action["res_id"])
        trial.date = TODAY
        trial.action_compare()
        (level,) = trial.figures["tried"]["levels"]
        self.assertEqual((level["charges"], claimed), (4.5, 4.5))
        self.assertIn("Bank Charges", str(trial.figures_table))

    def _claimed(self, run, member=None):
        """Return the sum that the letter of a member claims."""
        query = self.env["gym.dunning.evaluation"]._charges_sql(run)
        if query is None:
            return 0.0
        rows = self.env.execute_query(
            SQL(
                """SELECT amount FROM (%s) claim
                    WHERE company_id = %s AND person_id = %s AND currency_id = %s""",
                query,
                self.company.id,
                (member or self.member).id,
                self.euro.id,
            )
        )
        return float(sum(amount for (amount,) in rows))

    def test_claimed_in_full(self):
        """What the bank took is claimed at that amount; of two debits both."""
        self._charged()
        self._charged(self._create_invoice(self.member), charges=4.5)
        self.assertEqual(self._claimed(self._run()), 7.5)

    def test_by_reason(self):
        """What is our fault or the bank's is not passed on; the manager may decide
        otherwise."""
        for name, claimed in (
            ("AM04", 3.0),
            ("AC04", 3.0),
            ("MS02", 3.0),
            ("BE05", 0.0),
            ("AM05", 0.0),
            ("ED05", 0.0),
            ("TM01", 0.0),
            ("MD01", 0.0),
        ):
            with self.subTest(name=name):
                member, code = self._create_debtor(f"Member {name}"), self._code(name)
                self._charged(self._create_invoice(member), code=code)
                run = self._run()
                self.assertEqual(self._claimed(run, member), claimed)
                code.charge_claimed = not claimed
                self.env.flush_all()
                self.assertEqual(self._claimed(run, member), 3.0 - claimed)
                run.action_discard()

    def test_capped(self):
        """No more than the rule allows for each return; 0 is no limit."""
        self._charged(charges=9.0)
        self._charged(self._create_invoice(self.member), charges=2.0)
        self.rule.charge_max = 5.0
        self.assertEqual(self._claimed(self._run()), 7.0)

    def test_cap_in_another_currency(self):
        """The rule's amount is the centre's currency; where it cannot be converted,
        nothing is claimed, and the estimate says so."""
        self._charged(charges=12.0)
        self.rule.charge_max = 5.0
        rates = self.env["res.currency.rate"].search(
            [("currency_id", "=", self.euro.id)]
        )
        rates.rate = 2.0
        run = self._run()
        self.assertEqual(self._claimed(run), 10.0)
        self.assertNotIn("charge", self._reminder(run, self.member).warning or "")
        run.action_discard()
        rates.unlink()
        run = self._run()
        self.assertEqual(self._claimed(run), 0.0)
        letter = self._reminder(run, self.member)
        self.assertIn("bank charge not claimed", letter.warning)

    def test_no_rule(self):
        """Without a rule for the country nothing is claimed."""
        self._charged()
        self.rule.active = False
        self.assertEqual(self._claimed(self._run()), 0.0)

    def test_consumers(self):
        """Where the law forbids it (France), consumers pay no charge; companies do."""
        self.rule.consumer_fee = "no"
        self._charged()
        run = self._run()
        self.assertEqual(self._claimed(run), 0.0)
        run.action_discard()
        self.member.is_company = True
        self.assertEqual(self._claimed(self._run()), 3.0)

    def test_only_what_was_booked(self):
        """A charge that is noted only is not claimed, nor one whose entry an accountant
        took back or reset."""
        self.company.debit_charge_account_id = False
        self._charged()
        self.company.debit_charge_account_id = self.company_data[
            "default_account_expense"
        ]
        back = self._charged(self._create_invoice(self.member))
        reset = self._charged(self._create_invoice(self.member))
        run = self._run()
        self.assertEqual(self._claimed(run), 6.0)
        back.charge_move_id._reverse_moves(cancel=True)
        reset.charge_move_id.button_draft()
        self.env.flush_all()
        self.assertEqual(self._claimed(run), 0.0)

    def test_letter_without_its_item(self):
        """A letter about something else does not claim it."""
        order = self._charged()
        self._pay(self.invoice)
        self._create_invoice(
            self.member, amount=40.0, preferred_payment_method_line_id=False
        )
        self.assertTrue(order.charge_move_id)
        self.assertEqual(self._claimed(self._run()), 0.0)

    def test_once_for_two_items(self):
        """A debit of two invoices was charged once."""
        self._charged(self.invoice, self._create_invoice(self.member))
        self.assertEqual(self._claimed(self._run()), 3.0)

    def test_once_for_two_letters(self):
        """Who is debited for two people pays it once, in the letter of one of them."""
        child = self._create_member(
            "Carla Child", parent_id=self.member.id, type="contact"
        )
        other = self._create_invoice(
            child, preferred_payment_method_line_id=self.by_debit.id
        )
        order = self._charged(self.invoice, other)
        self.assertEqual(len(order.line_ids), 2)
        run = self._run()
        self.assertEqual(len(run.reminder_ids), 2)
        sums = [self._claimed(run), self._claimed(run, child)]
        self.assertEqual(sorted(sums), [0.0, 3.0])

    def test_marked_as_summed(self):
        """Exactly what was summed is marked with its letter; it is claimed as long as
        the letter is issued."""
        claimed = self._charged()
        ours = self._charged(self._create_invoice(self.member), code=self._code("BE05"))
        run = self._run()
        letter = self._reminder(run, self.member)
        run._after_fees(letter)
        self.assertEqual(claimed.charge_reminder_id, letter)
        self.assertFalse(ours.charge_reminder_id)
        self.assertEqual(self._claimed(run), 3.0)
        letter.sudo().state = "issued"
        self.env.flush_all()
        self.assertEqual(self._claimed(run), 3.0, "it stands in no books yet")
        letter.sudo().fee_move_id = claimed.charge_move_id  # whichever document
        self.env.flush_all()
        self.assertEqual(self._claimed(run), 0.0)
        letter.sudo().state = "cancelled"
        self.env.flush_all()
        self.assertEqual(self._claimed(run), 3.0)

    def test_of_these_letters_only(self):
        """A letter that failed claims nothing."""
        order = self._charged()
        other = self._create_debtor("Olga Other")
        others = self._charged(self._create_invoice(other))
        run = self._run()
        run._after_fees(self._reminder(run, other))
        self.assertFalse(order.charge_reminder_id)
        self.assertEqual(others.charge_reminder_id, self._reminder(run, other))

    def test_generated_and_cancelled(self):
        """A run marks what it claims; the next letter does not claim it again; a run
        that is cancelled frees it."""
        order = self._charged()
        run = self._generate()
        letter = self._reminder(run, self.member)
        self.assertEqual(order.charge_reminder_id, letter)
        self._deliver(run)
        day = TODAY + timedelta(days=11)
        again = self._run(day)
        self.assertTrue(again.reminder_ids)
        self.assertEqual(self._claimed(again), 0.0)
        again.action_discard()
        run.action_cancel()
        self._work()
        self.assertEqual(letter.state, "cancelled")
        self.assertEqual(self._claimed(self._run(day)), 3.0)

    def test_one_query_where_there_is_none(self):
        """Who has no charge to claim pays one query for the question."""
        self._charged()
        run = self._run()
        orders = self.env["gym.debit.order"].sudo()
        orders.search([]).charge_move_id = False
        self.env.flush_all()
        evaluation = self.env["gym.dunning.evaluation"]
        with self.assertQueryCount(1):
            self.assertIsNone(evaluation._charges_sql(run))
        with self.assertQueryCount(1):
            orders._mark_claims(run, run.reminder_ids)


@tagged("post_install", "-at_install")
class TestDebitClaimsOnLetters(ClaimCommon):
    """From the return to the letter that claims its charge (costs: charges)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("gym_dunning.product_return_charge").with_company(
            cls.company
        ).property_account_income_id = cls.company_data["default_account_revenue"]

    def _letter(self, day=TODAY, **filters):
        return self._reminder(self._generate(day, **filters), self.member)

    def test_first_letter(self):
        """A letter of the first level, which costs nothing, claims the charge, and its
        document stands open."""
        self._charged()
        letter = self._letter()
        self.assertEqual((letter.amount_fee, letter.amount_charges), (0.0, 3.0))
        self.assertEqual(letter.amount_total, 103.0)
        self.assertEqual(letter.fee_move_id.amount_total, 3.0)
        self.assertEqual(
            letter.fee_move_id.invoice_line_ids.product_id,
            self.env.ref("gym_dunning.product_return_charge"),
        )

    def test_by_class(self):
        """A closed account is claimed, a mistake of ours is not."""
        self._charged(code=self.ac04)
        self.assertEqual(self._letter().amount_charges, 3.0)
        other = self._create_debtor("Olga Other")
        self._charged(self._create_invoice(other), code=self._code("BE05"))
        run = self._generate(TODAY + timedelta(days=1))
        self.assertEqual(self._reminder(run, other).amount_charges, 0.0)

    def test_capped(self):
        """The letter claims no more than the rule allows."""
        self.rule.charge_max = 2.0
        self._charged()
        letter = self._letter()
        self.assertEqual((letter.amount_charges, letter.amount_total), (2.0, 102.0))

    def test_consumer_in_france(self):
        """Where the law forbids it a consumer's letter claims nothing."""
        self.rule.consumer_fee = "no"
        order = self._charged()
        letter = self._letter()
        self.assertEqual((letter.amount_charges, letter.amount_total), (0.0, 100.0))
        self.assertFalse(letter.fee_move_id)
        self.assertFalse(order.charge_reminder_id)

    def test_once(self):
        """The second letter does not claim it again, but carries what is open of it."""
        order = self._charged()
        run = self._generate()
        self._deliver(run)
        first = self._reminder(run, self.member)
        second = self._letter(TODAY + timedelta(days=11))
        self.assertEqual((first.amount_charges, second.amount_charges), (3.0, 0.0))
        self.assertEqual(order.charge_reminder_id, first)
        self.assertIn(first.fee_move_id, second.line_ids.move_line_id.move_id)

    def test_one_document_with_fee_and_interest(self):
        """Fee, interest and charge of a letter are one document, a line of each."""
        self._charged()
        level = self.policy.level_ids[0]
        level.write({"charge_interest": True, "fee_product_id": self.fee_product.id})
        self.company.dunning_interest_agreed = True
        self.rule.write(
            {
                "first_reminder_fee": True,
                "email_fee": True,
                "rate_ids": [
                    Command.create({"date_from": "2025-01-01", "base_rate": 5.0})
                ],
            }
        )
        letter = self._letter()
        lines = letter.fee_move_id.invoice_line_ids
        amounts = {line.product_id: line.price_subtotal for line in lines}
        articles = self.env["product.product"].union(*amounts)
        interest = self.env.ref("gym_dunning.product_interest")
        charge = self.env.ref("gym_dunning.product_return_charge")
        self.assertEqual(articles, self.fee_product | interest | charge)
        self.assertEqual(
            [amounts[one] for one in (self.fee_product, interest, charge)],
            [letter.amount_fee, letter.amount_interest, 3.0],
        )
        self.assertTrue(letter.amount_fee and letter.amount_interest)
        self.assertEqual(letter.fee_move_id.amount_total, letter._costs())

    def test_on_the_letter_only(self):
        """A charge that no document holds is claimed again by the next letter."""
        self.policy.fee_booking = "none"
        self._charged()
        run = self._generate()
        self._deliver(run)
        self.assertEqual(self._reminder(run, self.member).amount_charges, 3.0)
        second = self._letter(TODAY + timedelta(days=11))
        self.assertEqual(second.amount_charges, 3.0)

    def test_cancelled_run_frees_it(self):
        """Cancelling credits the document; the next letter claims the charge."""
        order = self._charged()
        run = self._generate()
        letter = self._reminder(run, self.member)
        run.action_cancel()
        self._work()
        self.assertEqual(letter.fee_move_id.payment_state, "reversed")
        again = self._letter(TODAY + timedelta(days=1))
        self.assertEqual(again.amount_charges, 3.0)
        self.assertEqual(order.charge_reminder_id, again)

    def test_second_attempt_collects_it(self):
        """A letter that announces the second attempt has the charge collected with it;
        its preview says the same amount."""
        self._charged()
        run = self._estimate(include_direct_debit=True)
        letter = self._reminder(run, self.member)
        self.assertEqual(letter._announced_debit()["amount"], 103.0)
        run.action_generate()
        self._work()
        self.assertEqual(letter.debit_order_ids.amount, 103.0)
        self.assertEqual(letter._announced_debit()["amount"], 103.0)

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import convert_file

from ..base.common import TODAY
from .common_debit import DebtorCommon

ON_FIRE = "The bank account of Olga is on fire."


@tagged("post_install", "-at_install")
class TestDebitRun(DebtorCommon):
    """Reminding direct debits (E-35, AMB-07)."""

    def _left_out(self, **filters):
        """Who is left out while somebody else is reminded."""
        self._create_invoice(self._create_member("Theo Transfer"))
        return self._reason(self._estimate(**filters), self.member)

    def test_off_waiting(self):
        """Off: what waits for its first debit is left out, with its reason."""
        self.assertEqual(self._left_out(), "waiting_for_debit")

    def test_off_in_flight(self):
        """What the bank is collecting is never reminded, off or on."""
        self._collect_exported(self.invoice)
        self.assertEqual(self._left_out(), "debit_in_flight")
        self.assertEqual(self._left_out(include_direct_debit=True), "debit_in_flight")

    def test_off_returned(self):
        """Off: a returned debit is reminded by letter as any other, without an
        order."""
        self._returned()
        run = self._generate()
        reminder = self._reminder(run, self.member)
        self.assertEqual(reminder.state, "issued")
        self.assertFalse(reminder.debit_order_ids)
        self.assertFalse(reminder._announced_debit())

    def test_on_waiting(self):
        """On: what was never collected gets an order, and the letter announces it."""
        run = self._generate(include_direct_debit=True)
        reminder = self._reminder(run, self.member)
        order = self._orders()
        self.assertRecordValues(
            order,
            [
                {
                    "state": "draft",
                    "amount": 100.0,
                    "attempt": 1,
                    "reminder_id": reminder.id,
                    "execution_date": TODAY + timedelta(days=14),
                }
            ],
        )
        self.assertEqual(run.debit_count, 1)
        debits = self.env["gym.debit.order"].search(run.action_open_debits()["domain"])
        self.assertEqual(debits, order)
        letter = str(self._letter(reminder))
        self.assertIn("We debit on", letter)
        self.assertIn("03/16/2026", letter)
        self.assertIn("please do not transfer", letter)
        self.assertIn(order.mandate_id.name, letter)
        self.assertNotIn("How to pay", letter)
        self.assertNotIn("Total to pay by", letter)
        self.policy.level_ids.intro_debit = "We collect."
        self.assertIn("We collect.", str(self._letter(reminder)))

    def _letter(self, reminder):
        report = self.env.ref("gym_dunning.action_report_reminder_letter")
        return report._render_qweb_html(report, reminder.ids)[0].decode()

    def test_preview(self):
        """The preview of an estimate announces what would be made, and makes
        nothing."""
        run = self._estimate(include_direct_debit=True)
        self.assertIn("We debit on", self._letter(self._reminder(run, self.member)))
        self.assertFalse(self._orders())

    def test_tried(self):
        """A policy that is tried with debits counts who waits for one, as a run does."""
        action = self.policy.action_try()
        trial = self.env[action["res_model"]].browse(action["res_id"])
        self.assertFalse(trial.include_direct_debit)
        trial.write({"date": TODAY, "include_direct_debit": True})
        trial.action_compare()
        today, tried = trial.figures["today"], trial.figures["tried"]
        self.assertEqual(today["excluded"], {"waiting_for_debit": 1})
        self.assertEqual((today["members"], tried["members"]), (0, 1))
        self.assertIn("Waiting for a Direct Debit", str(trial.figures_table))
        self.assertFalse(self._orders())
        trial.action_take_over()
        self.assertTrue(self.policy.include_direct_debit)

    def test_on_retry(self):
        """On: a return for want of funds is collected again, as second attempt."""
        self._returned()
        self._generate(include_direct_debit=True)
        orders = self._orders().sorted("id")
        self.assertEqual(orders.mapped("attempt"), [1, 2])
        letter = self._letter(orders[1].reminder_id)
        self.assertIn("We debit again on", letter)

    def test_on_hard(self):
        """On: a hard return is reminded by letter and never collected again."""
        self._returned(self.ac04)
        run = self._generate(include_direct_debit=True)
        reminder = self._reminder(run, self.member)
        self.assertEqual(reminder.state, "issued")
        self.assertFalse(reminder.debit_order_ids)
        self.assertIn("How to pay", self._letter(reminder))

    def test_repeated_run(self):
        """A repeated run makes no second order."""
        self._generate(include_direct_debit=True)
        self._create_invoice(self._create_member("Theo Transfer"))
        later = TODAY + timedelta(days=11)
        run = self._generate(later, include_direct_debit=True)
        self.assertEqual(self._reason(run, self.member), "debit_in_flight")
        self.assertEqual(len(self._orders()), 1)

    def test_fee_is_collected(self):
        """The fee of the letter is collected with it."""
        self._returned()
        __, day = self._run_levels(1)
        run = self._generate(day + timedelta(days=11), include_direct_debit=True)
        reminder = self._reminder(run, self.member)
        order = reminder.debit_order_ids
        self.assertEqual(reminder.amount_fee, 20.0)
        self.assertEqual(order.amount, 120.0)
        self.assertEqual(reminder._amount_to_transfer(), 0.0)
        fee = self._item(reminder.fee_move_id)
        self.assertEqual((fee.debit_state, fee.hold_reason), ("in_flight", "debit"))

    def test_credit_is_taken_off(self):
        """Nobody is debited what a credit covers already."""
        self._credit(self.member, 30.0)
        run = self._generate(include_direct_debit=True)
        reminder = self._reminder(run, self.member)
        self.assertEqual(reminder.amount_credit, 30.0)
        self.assertEqual(reminder.debit_order_ids.amount, reminder.amount_total)

    def test_part_by_transfer(self):
        """Items to be paid in another way stay on the letter, with the amount that is
        left to transfer."""
        self._create_invoice(
            self.member, amount=40.0, preferred_payment_method_line_id=False
        )
        run = self._generate(include_direct_debit=True)
        reminder = self._reminder(run, self.member)
        self.assertEqual(reminder.debit_order_ids.amount, 100.0)
        self.assertEqual(reminder._amount_to_transfer(), 40.0)
        self.policy.level_ids.write(
            {"intro": "Please pay.", "intro_debit": "We collect."}
        )
        letter = self._letter(reminder)
        self.assertIn("We debit on", letter)
        self.assertNotIn("Please pay.", letter)
        self.assertIn("We collect.", letter)
        self.assertIn("please transfer only", letter)
        self.assertNotIn("please do not transfer", letter)

    def test_part_by_transfer_email(self):
        """Debits 3: the e-mail of each level names the debit and what is left to
        transfer, and forbids no transfer that it needs."""
        # as delivered: texts of a database in use are the gym's own
        templates = "data/mail_template_data.xml"
        convert_file(self.env, "gym_dunning", templates, {}, mode="init")
        self._create_invoice(
            self.member, amount=40.0, preferred_payment_method_line_id=False
        )
        run = self._generate(include_direct_debit=True)
        reminder = self._reminder(run, self.member)
        for number in (1, 2, 3):
            template = self.env.ref(f"gym_dunning.mail_template_level_{number}")
            body = template._render_field("body_html", reminder.ids)[reminder.id]
            self.assertIn("100.00", body)
            self.assertIn("please transfer only the other", body)
            self.assertIn("40.00", body)
            self.assertNotIn("please do not transfer", body)

    def test_cancelled_run(self):
        """Cancelling the run cancels its drafts; what the bank has got keeps the
        letter."""
        run = self._generate(include_direct_debit=True)
        run.action_cancel()
        self._work()
        self.assertEqual(self._orders().state, "cancelled")
        self.assertEqual(self._debit_state(self.invoice), "waiting")
        run = self._generate(include_direct_debit=True)
        order = self._reminder(run, self.member).debit_order_ids
        order._set_state("exported")
        run.action_cancel()
        self._work()
        self.assertEqual(run.state, "done")
        self.assertIn(order.name, run.failure_ids.message)

    def test_one_bad_member(self):
        """One member whose debit fails does not stop the others; nothing of his is
        left behind, and the retry brings both letter and debit."""
        other = self._create_debtor("Olga Other")
        self._create_invoice(other)
        run = self._estimate(include_direct_debit=True)
        plan = self.env["gym.debit.plan"]
        original = type(plan)._make

        def make(self, debits):
            debits = list(debits)
            if any(debit.partner == other for debit in debits):
                raise UserError(ON_FIRE)
            return original(self, debits)

        self.patch(type(plan), "_make", make)
        run.action_generate()
        self._work()
        self.assertEqual(self._orders().state, "draft")
        self.assertEqual(run.failure_ids.message, ON_FIRE)
        self.assertEqual(self._reminder(run, other).state, "proposed")
        self.patch(type(plan), "_make", original)
        run.action_retry_failed()
        self._work()
        reminder = self._reminder(run, other)
        self.assertEqual(reminder.state, "issued")
        self.assertEqual(reminder.debit_order_ids.state, "draft")

    def test_policy_default(self):
        """The policy gives the default, the wizard may differ (E-35)."""
        self._create_invoice(self._create_member("Theo Transfer"))
        self.policy.include_direct_debit = True
        run = self._estimate()
        self.assertTrue(run.include_direct_debit)
        run.unlink()
        run = self._estimate(include_direct_debit=False)
        self.assertFalse(run.include_direct_debit)

    def test_query_count(self):
        """Planning debits costs the same queries for one letter and for ten."""
        run = self._estimate(include_direct_debit=True)
        one = self._count_queries(run.reminder_ids._planned_debits)
        run.unlink()
        for number in range(9):
            self._create_invoice(self._create_debtor(f"Debtor {number}"))
        run = self._estimate(include_direct_debit=True)
        self.assertEqual(len(run.reminder_ids), 10)
        self.assertLessEqual(
            self._count_queries(run.reminder_ids._planned_debits), one + 2
        )

"""Issue 19, point 2: what came of each reminder."""

from datetime import timedelta

from odoo.fields import Command

from ..base.common import TODAY
from .common_run import RunCommon, day_after

SUMS = ("amount_reminded:sum", "amount_paid:sum", "recovery_rate:avg")


class OutcomeCommon(RunCommon):
    """Reads figures of the reminders of this test only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_late_member("Kent Laura")
        cls.invoice = cls._invoices(cls.member)

    def _row(self, run, member=None):
        """Return the row of a member's reminder, read anew."""
        self.env.flush_all()
        outcomes = self.env["gym.dunning.outcome"]
        outcomes.invalidate_model()
        return outcomes.browse(self._reminder(run, member or self.member).id)

    def _figures(self, *aggregates, runs, groupby=()):
        self.env.flush_all()
        domain = [("id", "in", runs.reminder_ids.ids)]
        rows = self.env["gym.dunning.outcome"]._read_group(domain, groupby, aggregates)
        if groupby:
            return rows
        return [round(float(figure), 4) for figure in rows[0]]

    def _take_back(self, payment):
        """As a bank does: the payment is reversed, and pays nothing any more."""
        payment.move_id.line_ids.remove_move_reconcile()
        payment.move_id._reverse_moves(
            [{"date": payment.date + timedelta(days=1)}], cancel=True
        )


class TestOutcome(OutcomeCommon):
    """Laura owes 100.00, 30 days late on TODAY."""

    def test_paid_in_time(self):
        """Point 2: what was paid, how fast, by which way, within the deadline."""
        run = self._generate()
        self._pay(self.invoice, day=day_after(4))
        row = self._row(run)
        self.assertEqual(
            (row.amount_reminded, row.amount_paid, row.amount_in_time), (100, 100, 100)
        )
        self.assertEqual((row.days_to_pay, row.way), (4, "payment"))
        self.assertEqual((row.settled_count, row.in_time_count), (1, 1))
        self.assertEqual(row.amount_way_payment, 100)
        self.assertEqual((row.recovery_rate, row.in_time_rate), (1, 1))

    def test_nothing_paid(self):
        """Point 2: a reminder that nobody paid is a row of its own."""
        row = self._row(self._generate())
        self.assertEqual((row.amount_reminded, row.amount_paid), (100, 0))
        self.assertEqual(
            (row.way, row.settled_count, row.days_to_pay), ("nothing", 0, 0)
        )

    def test_paid_after_the_deadline(self):
        """Point 2: the deadline and the thirty days are looked at each for itself."""
        run = self._generate()
        due = self._reminder(run, self.member).date_due
        self._pay(self.invoice, amount=60, day=due)
        self._pay(self.invoice, amount=30, day=day_after(30))
        self._pay(self.invoice, amount=10, day=day_after(31))
        row = self._row(run)
        self.assertEqual(
            (row.amount_in_time, row.amount_month, row.amount_paid), (60, 90, 100)
        )
        self.assertEqual((row.settled_count, row.in_time_count), (1, 0))

    def test_partial_payment(self):
        """Examples: a partial payment is recovered in part, and settles nothing."""
        run = self._generate()
        self._pay(self.invoice, amount=25, day=day_after(2))
        row = self._row(run)
        self.assertEqual((row.amount_paid, row.recovery_rate), (25, 0.25))
        self.assertEqual(row.settled_count, 0)

    def test_payment_taken_back(self):
        """Examples: money that went back was not recovered; paid again, it was."""
        run = self._generate()
        payment = self._pay(self.invoice, day=day_after(2))
        self.assertEqual(self._row(run).amount_paid, 100)
        self._take_back(payment)
        row = self._row(run)
        self.assertEqual((row.amount_paid, row.way), (0, "nothing"))
        self._pay(self.invoice, day=day_after(20))
        row = self._row(run)
        self.assertEqual((row.amount_paid, row.days_to_pay), (100, 20))

    def test_credit_note(self):
        """Examples: a credit note settles, and is no money."""
        run = self._generate()
        credit = self.invoice._reverse_moves(
            [{"invoice_date": day_after(3), "date": day_after(3)}]
        )
        credit.action_post()
        lines = self.env["gym.invoicing"]._receivable(self.invoice | credit)
        lines.filtered(lambda line: not line.reconciled).reconcile()
        row = self._row(run)
        self.assertEqual((row.amount_paid, row.amount_way_credit_note), (0, 100))
        self.assertEqual((row.settled_count, row.way), (1, "credit_note"))

    def test_money_from_before(self):
        """Point 2: money dated before the reminder, or on its day, is not its success,
        however late it was assigned."""
        run = self._generate(day_after(5))
        self._pay(self.invoice, amount=30, day=TODAY)
        self._pay(self.invoice, amount=20, day=day_after(5))
        self._pay(self.invoice, amount=10, day=day_after(6))
        self.assertEqual(self._row(run).amount_paid, 10)

    def test_last_reminder_gets_it(self):
        """Point 2: of two reminders of an item the last before the payment gets it."""
        (first, second), day = self._run_levels(2)
        self._pay(self.invoice, amount=40, day=day)
        self._pay(self.invoice, amount=60, day=day + timedelta(days=1))
        self.assertEqual(self._row(first).amount_paid, 40)
        self.assertEqual(self._row(second).amount_paid, 60)
        self.assertEqual(self._figures(*SUMS, runs=first | second), [200.0, 100.0, 0.5])

    def test_cancelled_run(self):
        """Examples: a cancelled run has no row, and the money is the one's before."""
        (first, second), day = self._run_levels(2)
        second.action_cancel()
        self._work()
        self._pay(self.invoice, day=day + timedelta(days=1))
        self.assertEqual(self._row(first).amount_paid, 100)
        self.assertFalse(self._row(second).exists())

    def test_foreign_currency(self):
        """Examples: an item in another currency counts at the rate it was booked with,
        whatever the rate on the day of the payment."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids = [
            Command.clear(),
            Command.create({"name": "2020-01-01", "rate": 0.5}),
            Command.create({"name": day_after(3), "rate": 0.25}),
        ]
        paul = self._create_member("Kent Paul")
        abroad = self._create_invoice(paul, currency_id=euro.id)
        run = self._generate()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=abroad.ids
        ).create(
            {"payment_date": day_after(4), "currency_id": euro.id, "amount": 50.0}
        )._create_payments()
        row = self._row(run, paul)
        self.assertEqual((row.amount_reminded, row.amount_paid), (200, 100))
        self.assertEqual(row.recovery_rate, 0.5)
        self.assertEqual(self._row(run).amount_reminded, 100)

    def test_credit_named_by_the_reminder(self):
        """Point 2: what a reminder demands is what it says: less the credits."""
        self._create_credit(self.member, 30.0)
        run = self._generate()
        self.assertEqual(self._row(run).amount_reminded, 70)
        self._pay(self.invoice, amount=70, day=day_after(2))
        self.assertEqual(self._row(run).recovery_rate, 1)

    def test_rates_are_of_sums(self):
        """Point 2: the rate of a group is no average of its reminders' rates."""
        paul = self._create_late_member("Kent Paul", amount=300.0)
        run = self._generate()
        self._pay(self.invoice, day=day_after(2))
        self._pay(self._invoices(paul), amount=100, day=day_after(8))
        figures = self._figures(*SUMS, "settled_rate:avg", "days_to_pay:avg", runs=run)
        self.assertEqual(figures, [400, 200, 0.5, 0.5, 5])

    def test_by_what_it_is_grouped(self):
        """Point 2: level, policy, month, centre, channel, language, age and fee."""
        self.member.lang = "en_US"
        (first, second), __ = self._run_levels(2)
        for groupby, found in {
            "level_id": [self.one, self.two],
            "policy_id": [self.policy],
            "company_id": [self.company],
            "delivery_channel": ["print"],
            "lang": ["en_US"],
            "age_class": ["c_40"],
            "has_fee": [False, True],
            "way": ["nothing"],
        }.items():
            with self.subTest(groupby):
                rows = self._figures(
                    "reminder_count:sum", runs=first | second, groupby=[groupby]
                )
                self.assertEqual([row[0] for row in rows], found)

    def test_age_classes(self):
        """Point 2: the age on the reminder's date; who has no birth date is shown."""
        run = self._generate()
        self.member.birthdate_date = "2008-03-03"  # 18 on the day after
        self.assertEqual(self._row(run).age_class, "a_minor")
        self.member.birthdate_date = "2008-03-02"
        self.assertEqual(self._row(run).age_class, "b_25")
        self.member.birthdate_date = False
        self.assertEqual(self._row(run).age_class, "f_unknown")

    def test_each_centre_sees_its_own(self):
        """Rights: a clerk of another centre has none of these rows."""
        run = self._generate()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        clerk = self.env["res.users"].create(
            {
                "name": "Clerk",
                "login": "outcome_clerk",
                "company_id": other.id,
                "company_ids": [Command.set(other.ids)],
                "group_ids": [
                    Command.set(self.env.ref("gym_dunning.group_dunning_user").ids)
                ],
            }
        )
        outcomes = self.env["gym.dunning.outcome"].with_user(clerk)
        found = outcomes.search([("id", "in", run.reminder_ids.ids)])
        self.assertFalse(found)


class TestOutcomeCost(OutcomeCommon):
    """Fees and cost of the second reminder, which charges 20.00."""

    def setUp(self):
        super().setUp()
        self.company.write(
            {
                "dunning_cost_print": 1.2,
                "dunning_cost_email": 0.1,
                "dunning_cost_booking": 0.3,
            }
        )
        (self.first, self.second), self.day = self._run_levels(2)

    def _line(self):
        letter = self._reminder(self.second, self.member)
        return self.env["gym.dunning.fee"]._lines(letter)

    def test_fee_paid_and_waived(self):
        """Point 2: fees charged, paid and waived; they are no part of what was reminded."""
        row = self._row(self.second)
        self.assertEqual((row.amount_reminded, row.fee_charged), (100, 20))
        self.assertEqual((row.fee_paid, row.fee_waived, row.has_fee), (0, 0, True))
        self._pay(self._line().move_id, amount=5, day=self.day + timedelta(days=1))
        self._reminder(self.second, self.member).action_waive_fee()
        row = self._row(self.second)
        self.assertEqual((row.fee_paid, row.fee_waived), (5, 15))
        self.assertEqual((row.amount_paid, row.fee_rate), (0, 0.25))

    def test_cost(self):
        """Point 2: the piece by its channel, the bank for each payment."""
        letter = self._reminder(self.second, self.member)
        letter.sudo().write({"delivery_channel": "print", "delivery_state": "pending"})
        self.assertEqual(self._row(self.second).amount_cost, 0)
        letter.sudo().delivery_state = "printed"
        self.assertEqual(self._row(self.second).amount_cost, 1.2)
        self._pay(self.invoice, amount=50, day=self.day + timedelta(days=1))
        self._pay(self.invoice, amount=50, day=self.day + timedelta(days=2))
        row = self._row(self.second)
        self.assertAlmostEqual(row.amount_cost, 1.8)
        self.assertAlmostEqual(row.cost_rate, 0.018)
        letter.sudo().delivery_channel = "email"
        self.assertAlmostEqual(self._row(self.second).amount_cost, 0.7)

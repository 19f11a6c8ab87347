"""The last six months by the numbers tried: small stories, counted by hand."""

from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tools import config

from ...models.dunning.gym_dunning_replay import RUNS_TO_KNOW
from ..base.common import TODAY
from .common_what_if import WhatIfCommon
from .test_query_count import SLACK

# A run on each Monday: 5 (four days late: none), 12, 19, 26 January, 2, 9, 16, 23
# February, 2 March. Due on 1 January, an item gets its letters on 12 and 26 January and
# on 9 February, ten days to pay between them.
NEW_YEAR = date(2026, 1, 1)
JAN, FEB, MAR = "2026-01-01", "2026-02-01", "2026-03-01"
ALL_THREE = {(JAN, 1): (1, 0), (JAN, 2): (1, 0), (FEB, 3): (1, 0)}


class TestReplay(WhatIfCommon):
    """What would have been sent, and to whom it was not needed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_member("Kent Paul")

    def _due(self, due=NEW_YEAR, amount=100.0, **vals):
        days = (TODAY - due).days
        return self._create_invoice(
            vals.pop("member", self.member), days=days, amount=amount, **vals
        )

    def _replay(self, *names, trial=None):
        """Return {(month, number of the level): counts} where there are any."""
        trial = trial or self._try()
        trial.action_replay()
        names = names or ("letters", "paid")
        counts = {
            (row["month"], row["number"]): tuple(row[name] for name in names)
            for row in trial.replay["rows"]
        }
        return {key: values for key, values in counts.items() if any(values)}

    # === THE WALK === #

    def test_days(self):
        """Each week until today, in the six months before it."""
        days = self.env["gym.dunning.replay"]._days(TODAY)
        self.assertEqual((days[0], days[-1], len(days)), (date(2025, 9, 8), TODAY, 26))

    def test_too_long(self):
        """What the server would not wait for is given up with a sentence, early, and
        leaves nothing; with more time it is replayed."""
        self._due()
        trial = self._try()
        replay = self.env.registry["gym.dunning.replay"]
        with (
            self._server_waits(1e-6),
            patch.object(
                replay, "_evaluate", autospec=True, side_effect=replay._evaluate
            ) as evaluated,
            self.assertRaisesRegex(UserError, "Tick fewer centres"),
        ):
            trial.action_replay()
        self.assertEqual(evaluated.call_count, RUNS_TO_KNOW)
        self.assertFalse(trial.replay)
        self.assertEqual(self._replay(trial=trial), ALL_THREE)
        with self._server_waits(0):  # as long as it takes
            self.assertEqual(self._replay(trial=trial), ALL_THREE)

    @contextmanager
    def _server_waits(self, seconds):
        usual = config["limit_time_real"]
        config["limit_time_real"] = seconds
        try:
            yield
        finally:
            config["limit_time_real"] = usual

    def test_never_paid(self):
        """Three letters, as the deadlines allow; then it is done."""
        self._due()
        self.assertEqual(self._replay(), ALL_THREE)

    def test_other_numbers(self):
        """Fourteen days to pay, a window of level 3 and a minimum are heeded; fees that
        are tried change nothing."""
        self._due()
        trial = self._try({"payment_days": 14})
        self.assertEqual(
            self._replay(trial=trial),
            {(JAN, 1): (1, 0), (FEB, 2): (1, 0), (FEB, 3): (1, 0)},
        )
        trial = self._try(
            levels={
                self.one: {"fee_product_id": self.fee_product.id},
                self.three: {"min_days_overdue": 60},
            }
        )
        self.assertEqual(
            self._replay(trial=trial),
            {(JAN, 1): (1, 0), (JAN, 2): (1, 0), (MAR, 3): (1, 0)},
        )
        self.assertEqual(self._replay(trial=self._try({"min_balance": 100.01})), {})
        trial = self._try(levels={self.two: {"min_balance": 100.01}})
        self.assertEqual(self._replay(trial=trial), {(JAN, 1): (1, 0)})

    def test_level_before_the_months(self):
        """Who had a letter before the months goes on from there."""
        self._due(date(2025, 7, 1))
        self._deliver(self._generate(date(2025, 8, 20)))
        self.assertEqual(
            self._replay(), {("2025-09-01", 2): (1, 0), ("2025-09-01", 3): (1, 0)}
        )

    def test_booked_later(self):
        """An invoice that was not booked on a day is on no letter of that day."""
        invoice = self._due(date(2026, 2, 1))
        self.assertEqual(self._replay(), {(FEB, 1): (1, 0), (MAR, 2): (1, 0)})
        invoice.button_draft()
        invoice.date = date(2026, 2, 20)
        invoice.action_post()
        self.assertEqual(self._replay(), {(FEB, 1): (1, 0)})

    # === WHO PAID === #

    def test_paid_within_two_days(self):
        """Paid on the second day after the letter of 12 January: not needed."""
        self._pay(self._due(), day=date(2026, 1, 14))
        self.assertEqual(self._replay(), {(JAN, 1): (1, 1)})

    def test_paid_on_the_third_day(self):
        """A day later it counts as one that was needed."""
        self._pay(self._due(), day=date(2026, 1, 15))
        self.assertEqual(self._replay(), {(JAN, 1): (1, 0)})

    def test_paid_on_the_day(self):
        """Who paid on the day itself gets none."""
        self._pay(self._due(), day=date(2026, 1, 12))
        self.assertEqual(self._replay(), {})

    def test_paid_in_parts(self):
        """Both parts within two days: all was paid. One of them later: it was not, and
        the rest alone is asked for again."""
        invoice = self._due()
        self._pay(invoice, amount=60.0, day=date(2026, 1, 13))
        self.assertEqual(self._replay(), ALL_THREE)
        self._pay(invoice, amount=40.0, day=date(2026, 1, 14))
        self.assertEqual(self._replay(), {(JAN, 1): (1, 1)})
        late = self._due(member=self._create_member("Anna"))
        self._pay(late, amount=60.0, day=date(2026, 1, 13))
        self._pay(late, amount=40.0, day=date(2026, 1, 27))
        self.assertEqual(self._replay(), {(JAN, 1): (2, 1), (JAN, 2): (1, 1)})

    def test_two_items(self):
        """One letter for both; one of them paid is not all of it."""
        first, second = self._due(), self._due(amount=20.0)
        self._pay(first, day=date(2026, 1, 13))
        self._pay(second, day=date(2026, 1, 20))
        self.assertEqual(self._replay(), {(JAN, 1): (1, 0)})

    def test_payment_taken_back(self):
        """A payment that was undone counts as never made; paid again, the new day
        counts."""
        invoice = self._due()
        payment = self._pay(invoice, day=date(2026, 1, 13))
        self.assertEqual(self._replay(), {(JAN, 1): (1, 1)})
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self._replay(), ALL_THREE)
        self._pay(invoice, day=date(2026, 1, 28))
        self.assertEqual(self._replay(), {(JAN, 1): (1, 0), (JAN, 2): (1, 1)})

    def test_credit_note(self):
        """A credit note ends it and is no payment."""
        invoice = self._due()
        note = self._due(date(2026, 1, 23), move_type="out_refund")
        self.assertEqual(note.invoice_date, date(2026, 1, 13))
        lines = (invoice | note).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.assertEqual(self._replay(), {(JAN, 1): (1, 0)})

    def test_credit_lessens_what_is_asked(self):
        """With a credit of 30 the letter asks for 70: paid is who paid 70."""
        invoice = self._due()
        self._due(date(2026, 1, 2), amount=30.0, move_type="out_refund")
        self._pay(invoice, amount=69.99, day=date(2026, 1, 14))
        self.assertEqual(self._replay(), ALL_THREE)
        self._pay(invoice, amount=0.01, day=date(2026, 1, 14))
        self.assertEqual(self._replay(), {(JAN, 1): (1, 1)})

    # === BESIDE WHAT WAS SENT === #

    def test_really_sent(self):
        """What the policy really sent stands beside; a run that was cancelled does not,
        and the fees that were booked start no letter."""
        invoice = self._due()
        first = self._generate(date(2026, 1, 13))
        self._deliver(first)
        second = self._generate(date(2026, 1, 27))
        self.assertEqual(second.reminder_ids.amount_fee, 20.0)
        self._pay(invoice, day=date(2026, 1, 29))
        self.assertEqual(
            self._replay("letters", "paid", "sent", "sent_paid"),
            {(JAN, 1): (1, 0, 1, 0), (JAN, 2): (1, 0, 1, 1)},
        )
        second.action_cancel()
        self.assertEqual(self._replay("sent", "sent_paid"), {(JAN, 1): (1, 0)})

    def test_holds_are_not_known(self):
        """Who is held back or paused today may not have been then: a letter."""
        self._hold(self._due(), "manual")
        self.member.client_status_id = self.paused
        self.assertEqual(self._replay(), ALL_THREE)

    def test_other_currency(self):
        """The minimum is in the centre's currency; a letter for each currency."""
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        self._due(currency_id=euro.id, amount=30.0)
        trial = self._try({"min_balance": 60.0})
        self.assertEqual(self._replay(trial=trial), ALL_THREE)
        trial = self._try({"min_balance": 60.01})
        self.assertEqual(self._replay(trial=trial), {})

    def test_table(self):
        """The dialog says the sums in a sentence, then month by month."""
        self._pay(self._due(), day=date(2026, 1, 14))
        trial = self._try()
        self.assertFalse(trial.replay_table)
        trial.action_replay()
        table = str(trial.replay_table)
        for words in ("09/08/2025", "03/02/2026", "January 2026", "Nobody knows"):
            self.assertIn(words, table)
        trial.payment_days = 20
        self.assertFalse(trial.replay_table)

    def test_nothing_to_replay(self):
        """Books without a debt: a sentence with zeros, no table."""
        trial = self._try()
        trial.action_replay()
        self.assertEqual(trial.replay["rows"], [])
        self.assertNotIn("<table", str(trial.replay_table))

    def test_queries(self):
        """More members cost no more queries."""
        self._due()
        trial = self._try()
        trial.action_replay()
        few = self._count_queries(trial.action_replay)
        for number in range(15):
            member = self._create_member(f"Another {number}")
            self._due(member=member, due=Date.add(NEW_YEAR, days=-number))
        many = self._count_queries(trial.action_replay)
        self.assertLessEqual(many, few + SLACK)
        self.assertEqual(sum(row["letters"] for row in trial.replay["rows"]), 48)

"""A policy tried by other numbers: exactly what a run would propose, and no trace."""

import random
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import SQL, mute_logger

from ..base.common import TODAY
from ..base.common_centres import CentresCommon
from .common_what_if import WhatIfCommon
from .test_query_count import SLACK

NOTHING = {"levels": [], "members": 0, "blocked": 0, "excluded": {}}


class TestWhatIfBooks(WhatIfCommon):
    """Random books and numbers: tried and run for real are the same, to the cent."""

    def _books(self, dice, levels, days_ago):
        """Members as a gym has them, some of them reminded so many times since so many
        days ago."""
        for number in range(14):
            vals = dice.choice(
                [{}] * 6
                + [
                    {"client_status_id": self.paused.id},
                    {"birthdate_date": "2020-01-01"},
                    {"email": False, "street": False, "zip": False, "city": False},
                ]
            )
            self._some_debts(dice, self._create_member(f"Member {number}", **vals))
            if number == 8:
                self._run_levels(levels, TODAY - timedelta(days=days_ago))

    def _some_debts(self, dice, member):
        for __ in range(dice.randint(1, 3)):
            invoice = self._create_invoice(
                member, days=dice.randint(1, 90), amount=dice.randint(100, 20000) / 100
            )
            if not dice.randint(0, 6):
                self._hold(invoice, dice.choice(["manual", "dispute"]))
            if not dice.randint(0, 5):
                self._pay(invoice, amount=dice.randint(1, 100) / 100)
        if not dice.randint(0, 3):
            self._create_credit(member, dice.randint(100, 9000) / 100)

    def _numbers(self, dice):
        filters = {
            "min_days_overdue": dice.choice([0, 5, 10, 14, 30]),
            "min_balance": dice.choice([0, 0, 25.5, 60]),
            "min_invoice_balance": dice.choice([0, 0, 10.01, 80]),
            "payment_days": dice.choice([5, 10, 20]),
        }
        levels = {
            level: {
                "min_days_overdue": dice.choice([0, 20, 45]),
                "min_balance": dice.choice([0, 33.33, 90]),
                "fee_product_id": dice.choice([False, self.fee_product.id]),
                "fee_amount": dice.choice([0, 7.77]),
                "charge_interest": dice.choice([False, True]),
            }
            for level in self.policy.level_ids
        }
        for numbers in levels.values():
            numbers["fee_amount"] *= bool(numbers["fee_product_id"])
        return filters, levels

    def _kinds(self, figures):
        """Return what kinds of figures these are."""
        numbers = {level.id: level.number for level in self.policy.level_ids}
        kinds = {
            f"{name} of level {numbers[row['level_id']]}"
            for row in figures["levels"]
            for name in ("letters", "fees", "interest")
            if row[name]
        }
        return kinds | set(figures["excluded"])

    def test_same_as_a_real_run(self):
        """Tried is what a run proposes once the policy has these numbers; today's
        column is a run by the policy as it is."""
        self.company.write(
            {
                "country_id": self.env.ref("base.de").id,
                "dunning_interest_agreed": True,
            }
        )
        rule = self.env["gym.dunning.profile"]._of(self.company)
        rule.write({"first_reminder_fee": True, "email_fee": True})
        seen = set()
        for seed, reminded in enumerate([(2, 40), (1, 5), (1, 25)]):
            dice = random.Random(seed)
            self._books(dice, *reminded)
            for __ in range(4):
                numbers = self._numbers(dice)
                today, tried = self._compared(*numbers)
                with self.subTest(seed=seed, numbers=numbers):
                    self.assertEqual(tried, self._run_for_real(*numbers))
                    self.assertEqual(today, self._run_for_real())
                seen |= self._kinds(tried)
        # the books were of all kinds, or the test says little
        self.assertLessEqual(
            {
                *("letters of level 1", "letters of level 2", "letters of level 3"),
                *("fees of level 1", "fees of level 3", "interest of level 2"),
                *("manual", "disputed", "client_paused", "minor", "no_address"),
                *("below_minimum", "below_invoice_minimum", "window_not_reached"),
                *("in_credit", "deadline_running"),
            },
            seen,
        )


class TestWhatIf(WhatIfCommon):
    """The figures of small books, by hand, and what stays of asking: nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_late_member("Kent Paul", days=12)
        cls.anna = cls._create_late_member("Anna", amount=50.05, days=20)

    def _letters(self, figures):
        return sum(row["letters"] for row in figures["levels"])

    def test_fewer_letters(self):
        """With 14 days instead of 10 one member of two gets a letter."""
        today, tried = self._compared({"min_days_overdue": 14})
        one = {"level_id": self.one.id, "fees": 0, "interest": 0, "charges": 0}
        self.assertEqual(
            today,
            {
                "levels": [one | {"letters": 2, "asked": 150.05}],
                "members": 2,
                "blocked": 0,
                "excluded": {},
            },
        )
        self.assertEqual(
            (tried["levels"], tried["members"]),
            ([one | {"letters": 1, "asked": 50.05}], 1),
        )

    def test_table(self):
        """The dialog says both and the difference; another number, and it is gone."""
        trial = self._try({"min_days_overdue": 14})
        self.assertFalse(trial.figures_table)
        trial.action_compare()
        table = str(trial.figures_table)
        minus = "\N{MINUS SIGN}$\xa0100.00"
        for words in ("Asked For", "$\xa0150.05", "$\xa050.05", minus, "One"):
            self.assertIn(words, table)
        self.assertNotIn("Interest", table)
        with Form(trial) as form:
            self.assertTrue(form.figures_table)
            form.payment_days = 14
            self.assertFalse(form.figures_table)
            form.payment_days = 10
            self.assertTrue(form.figures_table)
            with form.line_ids.edit(0) as line:
                line.min_days_overdue = 30
            self.assertFalse(form.figures_table)

    def test_blocked(self):
        """Whom the last level would block, once; by a policy that never blocks, and
        where access is gone already, nobody."""
        clara = self._create_late_member("Clara", days=60)
        self._create_invoice(clara, days=65)
        self._create_late_member("Boris", days=60)
        self._run_levels(2, TODAY - timedelta(days=22))
        today, tried = self._compared(levels={self.three: {"min_days_overdue": 70}})
        self.assertEqual((today["blocked"], tried["blocked"]), (2, 0))
        clara.member_status_id = self.blocked
        self.assertEqual(self._compared()[0]["blocked"], 1)
        self.policy.block_mode = "none"
        self.assertEqual(self._compared()[0]["blocked"], 0)

    def test_other_currency(self):
        """Sums are in the centre's currency, at the day's rate."""
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        self._create_invoice(self.paul, amount=10.0, currency_id=euro.id)
        today, tried = self._compared({"min_days_overdue": 11})
        self.assertEqual(today["levels"][0]["asked"], 170.05)
        self.assertEqual((self._letters(today), today["members"]), (3, 2))
        self.assertEqual(tried, self._run_for_real({"min_days_overdue": 11}))

    def test_waiting_run(self):
        """What waits in an estimate counts as there, as for another run, and the
        estimate stays as it is."""
        run = self._estimate()
        before = self._figures_of(run)
        trial = self._try({"min_days_overdue": 0, "payment_days": 3})
        self.assertFalse(trial.figures)
        rows = self._rows()
        trial.action_compare()
        self.assertEqual(self._rows(), rows)
        self.assertEqual(
            trial.figures["tried"], NOTHING | {"excluded": {"in_other_run": 2}}
        )
        run.invalidate_recordset()
        self.assertEqual(self._figures_of(run), before)
        self.assertEqual(run.payment_days, 10)
        run.action_generate()
        self._work()
        self.assertEqual(run.issued_count, 2)

    # === NOTHING IS STORED === #

    def _rows(self):
        """Return how many rows each table has, and where each sequence stands."""
        self.env.flush_all()
        tables = self.env.execute_query(
            SQL(
                """SELECT c.relname, c.relkind::text FROM pg_class c
                     JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = current_schema AND c.relkind IN ('r', 'S')
                      AND c.relname ~ '^(gym|mail|account_move|ir_seq|res_partner)'"""
            )
        )
        counted = {"r": "count(*)", "S": "max(last_value)"}
        return {
            name: self.env.execute_query(
                SQL("SELECT %s FROM %s", SQL(counted[kind]), SQL.identifier(name))
            )
            for name, kind in tables
        }

    def _versions(self):
        """Return where the rows of policies and levels lie: an update moves them."""
        return [
            self.env.execute_query(
                SQL(
                    "SELECT ctid, xmin, xmax, * FROM %s ORDER BY id",
                    SQL.identifier(table),
                )
            )
            for table in ("gym_dunning_policy", "gym_dunning_level", "gym_dunning_run")
        ]

    def test_nothing_stored(self):
        """No row, no number and no version of a policy more; nothing in the cache, and
        nothing left to do when the transaction ends."""
        self._generate(TODAY - timedelta(days=15), min_days_overdue=0)
        numbers = (
            {"min_days_overdue": 3, "payment_days": 1},
            {self.one: {"min_days_overdue": 7, "fee_product_id": self.fee_product.id}},
        )
        trial = self._try(*numbers)
        self.env.flush_all()
        rows, versions = self._rows(), self._versions()
        hooks = len(self.env.cr.precommit._funcs), len(self.env.cr.postcommit._funcs)
        trial.action_compare()
        trial.action_replay()
        self.assertEqual(self._rows(), rows)
        self.assertEqual(self._versions(), versions)
        self.assertEqual(
            (len(self.env.cr.precommit._funcs), len(self.env.cr.postcommit._funcs)),
            hooks,
        )
        self.assertEqual(
            (self.policy.min_days_overdue, self.policy.payment_days), (10, 10)
        )
        self.assertFalse(self.one.fee_product_id)
        self.assertFalse(self.env["gym.dunning.run"].search([("id", "<", 0)]))

    def _locks(self):
        """Return the locks of this transaction on what is not temporary."""
        return set(
            self.env.execute_query(
                SQL(
                    """SELECT c.relname, l.mode FROM pg_locks l
                         JOIN pg_class c ON c.oid = l.relation
                         JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE l.pid = pg_backend_pid() AND n.nspname = current_schema"""
                )
            )
        )

    def test_nobody_waits(self):
        """While it works, it only reads what others see: a policy that is committed
        can be changed by somebody else at that moment."""
        policy = self.env.ref("gym_dunning.policy_default")
        companies = self.env.company
        filters = {"min_days_overdue": 1}
        levels = {policy.level_ids[0]: {"min_balance": 1.5}}
        trial = self.env["gym.dunning.trial"]
        self.env.cr.flush()  # what else would be done at the end
        before = self._locks()
        with trial._tried(policy, companies, TODAY, filters, levels) as run:
            self.env["gym.dunning.evaluation"]._evaluate(run)
            self.assertEqual(run.policy_id.min_days_overdue, 1)
            more = self._locks() - before
            self.assertEqual(
                {one for one in more if one[1] != "AccessShareLock"}, set()
            )
            with self.registry.cursor() as other:
                other.execute(
                    """SELECT min_days_overdue FROM gym_dunning_policy
                        WHERE id = %s FOR UPDATE NOWAIT""",
                    (policy.id,),
                )
                self.assertNotEqual(other.fetchone(), (1,))
        self.assertNotEqual(policy.min_days_overdue, 1)

    def test_failure_leaves_nothing(self):
        """A policy that cannot run is refused as for a run, and then all is as it was."""
        self.policy.fee_booking = "entry"
        trial = self._try(levels={self.one: {"fee_amount": 5.0}})
        with self.assertRaisesRegex(UserError, "has a fee amount, but no article"):
            trial.action_compare()
        self.assertEqual(self.one.fee_amount, 0.0)
        with self.assertRaisesRegex(UserError, "has a fee amount, but no article"):
            trial.action_replay()
        self.assertEqual(self._letters(self._compared()[1]), 2)

    def test_queries(self):
        """More members cost no more queries."""
        trial = self._try({"min_days_overdue": 5})
        trial.action_compare()
        few = self._count_queries(trial.action_compare)
        for number in range(15):
            self._create_late_member(f"Another {number}", days=15)
        many = self._count_queries(trial.action_compare)
        self.assertLessEqual(many, few + SLACK)
        self.assertEqual(self._letters(trial.figures["tried"]), 17)

    # === THE DIALOG === #

    def test_negative(self):
        """Numbers below zero are refused in words."""
        with self.assertRaisesRegex(ValidationError, "cannot be negative"):
            self._try({"payment_days": -1})
        with self.assertRaisesRegex(ValidationError, "Level One"):
            self._try(levels={self.one: {"min_balance": -0.5}})

    def test_take_over(self):
        """What is tried is written, what is not is not, and a run that waits keeps its
        numbers."""
        run = self._estimate()
        numbers = {"min_days_overdue": 14}, {self.two: {"fee_amount": 7.5}}
        trial = self._try(*numbers)
        answer = trial.action_take_over()
        self.assertEqual(answer["type"], "ir.actions.act_window_close")
        self.assertEqual(self.policy.min_days_overdue, 14)
        self.assertEqual(self.policy.payment_days, 10)
        self.assertEqual((self.one.fee_amount, self.two.fee_amount), (0.0, 7.5))
        self.assertEqual(self.two.fee_product_id, self.fee_product)
        self.assertEqual(run.min_days_overdue, 10)

    def test_level_of_another_policy(self):
        """A line for another policy's level neither counts nor is taken over."""
        other = self._create_policy(name="Other")
        trial = self._try({"min_days_overdue": 14})
        trial.line_ids = [
            Command.create({"level_id": other.level_ids[0].id, "min_days_overdue": 99})
        ]
        trial.action_compare()
        self.assertEqual(self._letters(trial.figures["tried"]), 1)
        trial.action_take_over()
        self.assertEqual(other.level_ids[0].min_days_overdue, 0)


class TestWhatIfCentres(CentresCommon):
    """Whose centres are counted, and who may ask."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_debtors()
        cls._create_clerks()
        cls.env.invalidate_all()

    def _figures(self, env, policy=None):
        action = (policy or self.policy).with_env(env).action_try()
        trial = env[action["res_model"]].browse(action["res_id"])
        trial.date = TODAY
        trial.action_compare()
        return trial, trial.figures["tried"]

    def test_ticked_centres(self):
        """A clerk counts his own centres; of the holding, those that are ticked."""
        trial, figures = self._figures(self._as(self.clerk_a))
        self.assertEqual(trial.company_ids, self.centre_a)
        self.assertEqual(figures["levels"][0]["asked"], 100.0)
        whole = self._figures(self._as(self.holding_clerk))[1]
        self.assertEqual((whole["levels"][0]["asked"], whole["members"]), (159.0, 2))
        part = self._as(self.holding_clerk, self.holding | self.centre_b)
        self.assertEqual(self._figures(part)[1]["levels"][0]["asked"], 59.0)

    def test_found_for_other_centres(self):
        """What was found for some centres is not shown for others."""
        trial, __ = self._figures(self._as(self.holding_clerk))
        trial.action_replay()
        self.assertTrue(trial.figures_table and trial.replay_table)
        part = trial.with_env(
            self._as(self.holding_clerk, self.holding | self.centre_b)
        )
        self.assertEqual(part.company_ids, self.holding | self.centre_b)
        self.assertFalse(part.figures_table or part.replay_table)
        part.action_compare()
        self.assertTrue(part.figures_table)
        self.assertFalse(trial.figures_table)

    def test_credit_of_the_holding(self):
        """Money on the holding counts for its centres, as for a run."""
        self._create_invoice(
            self.paul, amount=30.0, move_type="out_refund", company=self.holding
        )
        figures = self._figures(self._as(self.holding_clerk))[1]
        self.assertEqual(figures["levels"][0]["asked"], 129.0)
        run = self._estimate_as(self._as(self.holding_clerk), self.holding)
        asked = sum(
            run.reminder_ids.mapped(lambda one: one.amount_open - one.amount_credit)
        )
        self.assertEqual(asked, 129.0)

    def test_replay_of_the_holding(self):
        """In the replay, too: with 41 of 100 left over on the holding, Paul is asked
        for 59, Laura for 59; who may pay in any centre has paid within two days."""
        self._create_invoice(
            self.paul,
            amount=41.0,
            move_type="out_refund",
            company=self.holding,
            days=30,
        )
        invoice = self._create_invoice(self.paul, amount=100.0, company=self.centre_b)
        env = self._as(self.holding_clerk)
        action = self.policy.with_env(env).action_try()
        trial = env[action["res_model"]].browse(action["res_id"])
        trial.write({"date": TODAY, "min_balance": 60.0})
        trial.action_replay()
        # 59 are too little: only the invoice in centre B is left
        self.assertEqual(
            [(row["number"], row["letters"]) for row in trial.replay["rows"]],
            [(1, 1), (2, 1)],
        )
        self.assertEqual(invoice.amount_residual, 100.0)

    def test_policy_of_a_centre(self):
        """A centre with a policy of its own is in that one's trial only."""
        own = self._create_policy(company_id=self.centre_b.id, name="B's own")
        env = self._as(self.holding_clerk)
        self.assertEqual(
            self._figures(env)[0].company_ids, self.holding | self.centre_a
        )
        self.assertEqual(self._figures(env, own)[1]["levels"][0]["asked"], 59.0)
        only_b = self._as(self.holding_clerk, self.centre_b)
        with self.assertRaisesRegex(UserError, "Tick one first"):
            self.policy.with_env(only_b).action_try()

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_rights(self):
        """A stranger cannot ask about the policy, nobody sees another's dialog, and a
        clerk takes nothing over."""
        trial = self._figures(self._as(self.clerk_a))[0]
        with self.assertRaises(AccessError):
            self.policy.with_env(self._as(self.outsider)).action_try()
        with self.assertRaises(AccessError):
            self._as(self.outsider)["gym.dunning.what.if"].create(
                {"policy_id": self.policy.id}
            )
        with self.assertRaises(AccessError):
            trial.with_env(self._as(self.holding_clerk)).read(["figures"])
        self.assertFalse(trial.may_take_over)
        trial.min_days_overdue = 20
        with self.assertRaises(AccessError):
            trial.action_take_over()
        self.assertEqual(self.policy.min_days_overdue, 10)
        reception = self._user("reception", self.centre_a)
        with self.assertRaises(AccessError):
            self.policy.with_env(self._as(reception)).action_try()

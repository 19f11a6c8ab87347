"""What the clerk of a centre, of the holding and of another gym sees and does."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import mute_logger

from .common import TODAY
from .common_centres import CentresCommon

OURS = (
    "gym.open.item",
    "gym.dunning.run",
    "gym.dunning.reminder",
    "gym.dunning.reminder.line",
    "gym.dunning.exclusion",
    "gym.dunning.hold",
    "gym.process",
    "gym.dunning.run.summary",
)


class TestRightsCentres(CentresCommon):
    """Two centres of a holding, and a gym beside it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_clerks()
        cls._create_debtors()
        cls._create_invoice(cls.laura, amount=7.0, days=2, company=cls.centre_b)

    def _run_b(self):
        """A finished run of centre B, with a held item and a printed letter."""
        env = self._as(self.clerk_b)
        held = self._create_invoice(
            self._create_member("Held"), amount=1.0, company=self.centre_b
        )
        env["gym.dunning.hold"].create(
            {"move_line_id": self._item(held).move_line_id.id, "reason": "manual"}
        )
        run = self._generate_as(env, self.centre_b)
        self._print_all(run.action_print())
        return run

    # === SEEING === #

    def test_other_centres_are_not_seen(self):
        """E-30: a clerk sees no row of another centre in any list."""
        run = self._run_b()
        self.assertEqual(run.reminder_ids.partner_id.ids, self.laura.ids)
        self.assertEqual(run.exclusion_ids.mapped("reason"), ["manual"])
        for user in (self.clerk_a, self.outsider):
            env = self._as(user)
            for model in OURS:
                with self.subTest(user=user.login, model=model):
                    allowed = self._as(self.clerk_b)[model].search([])
                    self.assertTrue(allowed, "B sees its own")
                    seen = env[model].search([])
                    self.assertFalse(seen & allowed.with_env(env))

    def test_other_centres_are_not_summed(self):
        """E-30: totals and counts hold the own centre only."""
        self._run_b()
        ledger = self._as(self.clerk_a)["gym.open.item"]
        rows = ledger._read_group([], [], ["amount_residual_company:sum", "__count"])
        self.assertEqual(rows, [(100.0, 1)])
        reminders = self._as(self.clerk_a)["gym.dunning.reminder"]
        self.assertEqual(reminders._read_group([], [], ["__count"]), [(0,)])

    def test_ids_do_not_help(self):
        """E-30: who knows the id of a foreign row reads and changes nothing."""
        run = self._run_b()
        env = self._as(self.clerk_a)
        rows = {
            "gym.dunning.run": run,
            "gym.dunning.reminder": run.reminder_ids,
            "gym.dunning.reminder.line": run.reminder_ids.line_ids,
            "gym.open.item": self._as(self.clerk_b)["gym.open.item"].search([]),
            "gym.process": run.process_ids,
        }
        for model, records in rows.items():
            foreign = env[model].browse(records.ids)
            with self.subTest(model=model), self.assertRaises(AccessError):
                foreign.mapped("company_id" if model != OURS[3] else "amount")
        foreign = env["gym.dunning.run"].browse(run.id)
        for method in ("action_print", "action_cancel", "action_block_members"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(foreign, method)()

    def test_other_centres_documents_are_closed(self):
        """E-53: neither the printed run nor a single letter can be opened."""
        run = self._run_b()
        documents = self.env["ir.attachment"].search(
            Domain("res_model", "=", "gym.dunning.run") & Domain("res_id", "=", run.id)
            | Domain("res_model", "=", "gym.dunning.reminder")
            & Domain("res_id", "in", run.reminder_ids.ids)
        )
        self.assertTrue(documents)
        env = self._as(self.clerk_a)
        self.assertFalse(env["ir.attachment"].search([("id", "in", documents.ids)]))
        with self.assertRaises(AccessError):
            documents.with_env(env).mapped("raw")
        self.assertTrue(documents.with_env(self._as(self.clerk_b)).mapped("raw"))

    def test_choosing_a_foreign_centre_finds_nobody(self):
        """E-30, E-26: neither a run nor the agency list reaches beyond the rules."""
        env = self._as(self.clerk_a)
        with self.assertRaises(UserError):
            self._estimate_as(env, self.centre_b)
        report = env["gym.agency.report"].create(
            {"company_id": self.centre_b.id, "date": TODAY}
        )
        with self.assertRaisesRegex(UserError, "Nobody"):
            report.action_export()

    def test_member_level_is_of_the_own_centre(self):
        """E-30, AMB-03: the member's level shown to A says nothing of B."""
        self._run_b()
        self.env.invalidate_all()
        laura = self.laura.with_env(self._as(self.clerk_a))
        self.assertFalse(laura.dunning_level_id)
        self.assertEqual(laura.dunning_reminder_count, 0)
        self.assertEqual(laura.dunning_overdue, 0.0)
        own = self.laura.with_env(self._as(self.clerk_b))
        self.assertEqual(own.dunning_level_id, self.policy.level_ids[0])

    # === THE HOLDING === #

    def test_holding_reminds_all_ticked(self):
        """E-30, E-65b, AMB-08: choosing the holding reminds all its centres."""
        run = self._generate_as(self._as(self.holding_clerk), self.holding)
        self.assertEqual(run.company_ids, self.group)
        self.assertEqual(
            {(r.partner_id, r.company_id) for r in run.reminder_ids},
            {(self.paul, self.centre_a), (self.laura, self.centre_b)},
        )

    def test_holding_alone_sees_no_branch(self):
        """AMB-08: with only the holding ticked its centres are neither seen nor
        reminded, and the wizard says which are not ticked."""
        env = self._as(self.holding_clerk, self.holding)
        self.assertFalse(env["gym.open.item"].search([]))
        wizard = env["gym.dunning.generate"].create({"company_id": self.holding.id})
        self.assertEqual(
            set(wizard.unticked_centres.split(", ")), {"Centre A", "Centre B"}
        )
        with self.assertRaisesRegex(UserError, "Nobody"):
            self._estimate_as(env, self.holding)

    def test_one_of_two_centres(self):
        """E-30: the centre chosen is reminded, the other one is not."""
        run = self._generate_as(self._as(self.holding_clerk), self.centre_b)
        self.assertEqual(run.reminder_ids.partner_id, self.laura)

    # === THE WHOLE JOB === #

    def test_clerk_does_the_whole_job(self):
        """E-36 to E-52: estimate, generate, print, block; no administrator needed."""
        env = self._as(self.clerk_a)
        for number in range(3):
            run = self._generate_as(
                env, self.centre_a, date=TODAY + timedelta(days=11 * number)
            )
            self.assertEqual((run.state, run.failed_count), ("done", 0))
            if number < 2:
                download = self._print_all(run.action_print())
                self.assertEqual(download["type"], "ir.actions.act_url")
                self.assertEqual(run.reminder_ids.delivery_state, "printed")
        run.blocking_ids.block_access = True
        action = run.action_block_members()
        env[action["res_model"]].browse(action["res_id"]).action_confirm()
        self.assertEqual(self.paul.member_status_id, self.blocked)
        run.action_cancel()
        self.assertEqual(run.state, "cancelled")
        self.assertEqual(self.paul.member_status_id, self.active)

    def test_clerk_thins_out_and_discards(self):
        """E-38: a clerk leaves members out and throws the estimate away."""
        env = self._as(self.clerk_a)
        self._create_invoice(self.laura, company=self.centre_a)
        run = self._estimate_as(env, self.centre_a)
        self._reminder(run, self.laura.with_env(env)).action_exclude()
        self.assertEqual(run.reminder_ids.partner_id.ids, self.paul.ids)
        run.action_discard()
        self.assertFalse(run.exists())

    @mute_logger("odoo.addons.gym_dunning.models.base.gym_process")
    def test_clerk_retries_what_failed(self):
        """AMB-09, AMB-18: a fee that cannot be booked is retried by the clerk."""
        env = self._as(self.clerk_a)
        first = self._generate_as(env, self.centre_a)
        self._print_all(first.action_print())
        account = self.company_data["default_account_revenue"].copy()
        fee = self.fee_product.with_company(self.centre_a)
        fee.property_account_income_id = account
        account.active = False
        second_day = TODAY + timedelta(days=11)
        run = self._generate_as(env, self.centre_a, date=second_day)
        self.assertEqual((run.failed_count, run.reminder_ids.state), (1, "proposed"))
        self.assertTrue(run.failure_ids.message)
        account.active = True
        run.action_retry_failed()
        self._work()
        self.assertEqual((run.failed_count, run.reminder_ids.state), (0, "issued"))
        self.assertEqual(run.reminder_ids.fee_move_id.state, "posted")

"""The scheduled action of renewals: what it renews, who is told, once a day."""

from datetime import date
from unittest.mock import patch

from odoo import sql_db
from odoo.exceptions import UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common_contract import END, ContractCommon

DAY = END
NEXT_YEAR = date(2027, 3, 31)


class RenewalAutomaticCommon(ContractCommon):
    """A gym whose contracts are renewed by themselves on their last day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.responsible = new_test_user(
            cls.env,
            "responsible",
            "gym_dunning.group_dunning_manager",
            company_id=cls.company.id,
            email="responsible@example.com",
            lang="en_US",
        )
        cls.company.write(
            {"renewal_auto": True, "renewal_responsible_id": cls.responsible.id}
        )
        cls.contract = cls._create_contract(cls._create_member("Kent Paul"))

    def _cron_renewal(self, day=DAY, seconds=60.0):
        """Run the action, without its commits, then all background jobs."""
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=seconds
        ) as progress:
            self.env["gym.renewal.run"]._cron_renewal(day)
        self._work()
        self.env.invalidate_all()
        return progress

    def _runs(self):
        return self.env["gym.renewal.run"].search([("is_automatic", "=", True)])

    def _alerts(self, company=None):
        partner = (company or self.company).partner_id
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)]
        )


class TestRenewalAutomatic(RenewalAutomaticCommon):
    """One pass of the scheduled action."""

    def test_delivered_off(self):
        """AMB-22: the scheduled action is delivered off, daily."""
        cron = self.env.ref("gym_dunning.ir_cron_renewal").sudo()
        self.assertFalse(cron.active)
        self.assertEqual((cron.interval_number, cron.interval_type), (1, "days"))
        self.assertEqual(cron.user_id, self.env.ref("base.user_root"))

    def test_renews_what_ends(self):
        """E-60: renewed and invoiced on the last day of the term, and not before."""
        self._cron_renewal(date(2026, 3, 30))
        self.assertFalse(self._runs())
        self._cron_renewal()
        self.assertEqual(self.contract.date_end, NEXT_YEAR)
        self.assertEqual(self.contract.move_ids.invoice_date, DAY)
        self.assertEqual(self._runs().state, "done")

    def test_days_before_the_end(self):
        """E-60: as many days ahead as the company wants."""
        self.company.renewal_days_before = 10
        self._cron_renewal(date(2026, 3, 20))
        self.assertFalse(self._runs())
        self._cron_renewal(date(2026, 3, 21))
        self.assertEqual(self.contract.date_end, NEXT_YEAR)

    def test_second_time_does_nothing(self):
        """E-60: run again, no run, no invoice, no activity."""
        self._cron_renewal()
        before = (self._runs(), self.contract.move_ids)
        self._cron_renewal()
        self.assertEqual((self._runs(), self.contract.move_ids), before)
        self.assertFalse(self._alerts())

    def test_who_does_not_ask(self):
        """E-61: a company that does not ask is left alone."""
        self.company.renewal_auto = False
        self._cron_renewal()
        self.assertFalse(self._runs())

    def test_holding_covers_its_branches(self):
        """E-65b: asked by the holding, its branches are renewed with it, once."""
        branch = self._create_company(name="A", parent_id=self.company.id)
        branch.renewal_auto = True
        mine = self._create_contract(
            self._create_member("Kent Laura"), company_id=branch.id
        )
        self._cron_renewal()
        self.assertEqual(mine.date_end, NEXT_YEAR)
        self.assertEqual(len(self._runs()), 1)

    def test_pause_is_caught_up(self):
        """E-60: what a pause of the scheduler left is renewed; years gone by are
        not billed by surprise."""
        old = self._create_contract(
            self._create_member("Old"), date_end=date(2026, 1, 31)
        )
        self._cron_renewal(date(2026, 4, 15))
        self.assertEqual(self.contract.date_end, NEXT_YEAR)
        self.assertEqual(old.date_end, date(2026, 1, 31))

    def test_expired_contracts_end(self):
        """AMB-16: what is over and not renewed ends, in companies that do not ask
        as well."""
        self.company.renewal_auto = False
        self.contract._cancel(END)
        self._cron_renewal(END)
        self.assertEqual(self.contract.state, "cancelled")
        self._cron_renewal(date(2026, 4, 1))
        self.assertEqual(self.contract.state, "ended")

    def test_out_of_time(self):
        """E-60: when the scheduler's time is over, the rest is reported and goes on
        with the next start."""
        progress = self._cron_renewal(seconds=0)
        self.assertFalse(self._runs())
        self.assertEqual(progress.call_args.kwargs, {"remaining": 1})
        self._cron_renewal()
        self.assertTrue(self._runs())

    def test_one_at_work(self):
        """E-60: while a renewal waits for its worker no second one is made."""
        with patch.object(type(self.env["ir.cron"]), "_commit_progress") as progress:
            progress.return_value = 60.0
            self.env["gym.renewal.run"]._cron_renewal(DAY)
            self.env["gym.renewal.run"]._cron_renewal(DAY)
        self.assertEqual(len(self._runs()), 1)
        self._work()
        self.assertEqual(len(self.contract.move_ids), 1)

    def test_two_schedulers(self):
        """E-60: whoever comes second finds the company locked and passes by."""
        with sql_db.db_connect(self.env.cr.dbname).cursor() as other:
            other.execute(
                "SELECT pg_advisory_xact_lock(hashtext('gym_renewal_automatic'), %s)",
                [self.company.id],
            )
            self._cron_renewal()
        self.assertFalse(self._runs())
        self.assertFalse(self._alerts())


class TestWhoIsTold(RenewalAutomaticCommon):
    """Nobody watches a scheduler: results and failures reach a person."""

    def test_summary(self):
        """E-69a: the responsible gets the figures of the run."""
        self._cron_renewal()
        [told] = self._runs().message_ids.filtered(
            lambda one: self.responsible.partner_id in one.partner_ids
        )
        self.assertIn("1 contracts renewed", told.body)

    def test_failed_contracts(self):
        """E-69b, E-69c: one failed: the others are renewed, an activity says why."""
        bad = self._create_contract(self._create_member("Kent Bad"))
        account = self.company_data["default_account_receivable"].copy(
            {"code": "NOGOOD", "name": "Archived"}
        )
        bad.partner_id.property_account_receivable_id = account
        account.active = False
        self._cron_renewal()
        self.assertEqual(self.contract.date_end, NEXT_YEAR)
        self.assertEqual(bad.date_end, END)
        alert = self._alerts()
        self.assertEqual(alert.user_id, self.responsible)
        self.assertIn("is archived", alert.note)
        self._cron_renewal(date(2026, 4, 1))
        self.assertEqual(len(self._alerts()), 1)

    def _renew_beside(self, error):
        """Run the action while another company, that comes first, fails."""
        other = self._create_company(name="Other gym")
        other.renewal_auto = True
        self.company.renewal_last_date = date(2026, 3, 30)
        runs = type(self.env["gym.renewal.run"])
        start = runs._start_automatic

        def fail(run, company, day):
            if company == other:
                raise error
            return start(run, company, day)

        with patch.object(runs, "_start_automatic", fail):
            self._cron_renewal()
        self.assertEqual(self.contract.date_end, NEXT_YEAR)
        self.assertIn(error.args[0], self._alerts(other).note)

    def test_company_that_is_not_set_up(self):
        """E-69b: what one company lacks never stops the others."""
        self._renew_beside(UserError("Not set up"))

    def test_company_with_a_defect(self):
        """E-69b: nor does a defect; both reach a person."""
        with mute_logger("odoo.addons.gym_dunning.models.base.gym_run_automatic"):
            self._renew_beside(ValueError("A defect"))

    def test_stopped_process(self):
        """E-69b: a defect that stops the job reaches the responsible."""
        runs = type(self.env["gym.renewal.run"])
        with (
            patch.object(runs, "_renew", side_effect=ValueError("A defect")),
            self.assertLogs("odoo.addons.gym_dunning.models.base.gym_process", "ERROR"),
        ):
            self._cron_renewal()
        self.assertIn("A defect", self._alerts().note)
        self.assertEqual(self._alerts().user_id, self.responsible)

    def test_ending_that_fails(self):
        """E-69b: contracts are renewed though ending others failed."""
        contracts = type(self.env["gym.contract"])
        with patch.object(contracts, "_end_expired", side_effect=UserError("Stuck")):
            self._cron_renewal()
        self.assertEqual(self.contract.date_end, NEXT_YEAR)
        self.assertIn("Stuck", self._alerts(self.env.ref("base.main_company")).note)

    def test_responsible_has_left(self):
        """E-69b: where the responsible has left the administrator is told."""
        self.responsible.active = False
        self.assertEqual(
            self.company._renewal_person(), self.env.ref("base.user_admin")
        )

"""Several centres in one run, with banks of their own and the holding's."""

from datetime import timedelta

from ..base.common import TODAY
from .common_automatic import AutomaticCommon
from .common_books import FRIDAY, TUESDAY


class TestOldBooksOfCentres(AutomaticCommon):
    """Issue 16, 5: a centre goes by its own banks and those above it; automatic runs
    obey the policy and tell."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, dunning_date=TODAY))
        cls.policy = cls.policy.with_env(cls.env)
        cls._owe(cls.laura)

    def _bank(self, company, day, **vals):
        """Return a bank of a company, known until a day."""
        journal = self.env["account.journal"].create(
            {
                "name": f"Bank of {company.name}",
                "type": "bank",
                "code": f"B{company.id}"[-5:],
                "company_id": company.id,
            }
            | vals
        )
        lines = self.env["account.bank.statement.line"].with_company(company)
        lines.create(
            {"journal_id": journal.id, "date": day, "amount": -1, "payment_ref": "Fee"}
        )
        return journal

    def test_a_centre_goes_by_the_bank_of_its_holding(self):
        """The holding's bank is its centres'; a centre's is not its sister's."""
        self._bank(self.holding, FRIDAY)
        self._bank(self.centre_a, TUESDAY)
        self.assertEqual(self.centre_a.books_date, TUESDAY)
        self.assertEqual(self.centre_b.books_date, FRIDAY)
        self.assertFalse(self.stranger.books_date)

    def test_a_run_over_all_centres(self):
        """One centre that is behind is asked about; left out of the run, it is not."""
        self._bank(self.holding, FRIDAY)
        self._bank(self.centre_a, TUESDAY)
        every = self._as(self.env.user, self.group)
        run = self._estimate_as(every, self.holding)
        self.assertTrue(run.is_books_old)
        run.action_discard()
        two = self._as(self.env.user, self.holding | self.centre_b)
        self.assertFalse(self._estimate_as(two, self.holding).is_books_old)

    def test_a_centre_with_a_policy_of_its_own(self):
        """It is not reminded by this run, so its bank asks nothing."""
        self._bank(self.holding, FRIDAY)
        self._bank(self.centre_a, TUESDAY)
        self._create_policy(company_id=self.centre_a.id)
        every = self._as(self.env.user, self.group)
        self.assertFalse(self._estimate_as(every, self.holding).is_books_old)

    def test_a_clerk_of_a_centre_alone(self):
        """Whoever may not see the holding's bank reads the head all the same."""
        self._bank(self.holding, TUESDAY)
        self._owe(self.paul, self.centre_a)
        clerk = self._user("clerk", self.centre_a)
        run = self._estimate_as(self._as(clerk), self.centre_a)
        self.assertEqual(run.books_head, "Bank: 02/24/2026 (6 days old)")
        listed = run.action_open_unassigned()
        self.assertFalse(self._as(clerk)[listed["res_model"]].search(listed["domain"]))
        self.assertIn("do not work for", listed["help"])
        answer = run.action_generate()
        dialog = self._as(clerk)[answer["res_model"]].browse(answer["res_id"])
        dialog.action_confirm()
        self.assertEqual(run.state, "running")

    # === NOBODY AT THE SCREEN === #

    def test_automatic_runs_wait_and_tell(self):
        """Where somebody would be asked or refused nothing is issued, and no estimate
        is left; the responsible is told once, with the next step."""
        self._cell()
        bank = self._bank(self.holding, TUESDAY)
        for mode in ("ask", "refuse"):
            with self.subTest(mode):
                self.policy.books_old = mode
                self._cron_dunning()
                self.assertFalse(self._runs())
                alert = self._alerts(self.policy)
                self.assertEqual((len(alert), alert.user_id), (1, self.responsible))
                self.assertIn(bank.name, alert.note)
                self.assertIn("Import the bank's file", alert.note)

    def test_automatic_runs_go_on_with_new_books(self):
        """The day after the file came in the reminders leave by themselves."""
        self._cell()
        bank = self._bank(self.holding, TUESDAY)
        self._cron_dunning()
        self.assertFalse(self._reminded())
        self.env["account.bank.statement.line"].create(
            {"journal_id": bank.id, "date": TODAY, "amount": -1, "payment_ref": "Fee"}
        )
        tomorrow = TODAY + timedelta(days=1)
        self.env = self.env(context=dict(self.env.context, dunning_date=tomorrow))
        self._cron_dunning(tomorrow)
        self.assertEqual(self._reminded().partner_id, self.laura)

    def test_automatic_runs_that_only_say(self):
        """They issue, and the report mentions how old the bank is."""
        self._cell()
        self.policy.books_old = "say"
        bank = self._bank(self.holding, TUESDAY)
        self._cron_dunning()
        self.assertEqual(self._reminded().partner_id, self.laura)
        report = self._runs().message_ids.filtered(
            lambda one: self.responsible.partner_id in one.notified_partner_ids
        )
        self.assertIn(bank.name, str(report.body))
        self.assertFalse(self._alerts(self.policy))

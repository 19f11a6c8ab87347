"""Why a member would not be reminded now, without a run."""

from ..base.common import TODAY
from .common_run import RunCommon, day_after


class TestWhyNow(RunCommon):
    """L22 of issue 15: Why not reminded? answers for now."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, dunning_date=TODAY))
        cls.paul = cls._create_late_member("Kent Paul").with_env(cls.env)

    def _answer(self, member):
        action = member.action_why_not_reminded()
        self.assertEqual(action["res_model"], "gym.dunning.why")
        return self.env[action["res_model"]].browse(action["res_id"]).answer

    def test_would_be_reminded(self):
        """L22: it says so, with level and document, and stores nothing."""
        rows = self._count_rows()
        name = self.env["gym.dunning.run"].create({}).name
        self.assertIn(
            f"would be reminded now: {self.one.display_name}", self._answer(self.paul)
        )
        self.assertIn(self._invoices(self.paul).name, self._answer(self.paul))
        after = self._count_rows()
        self.assertEqual(after.pop("gym.dunning.run"), rows.pop("gym.dunning.run") + 1)
        self.assertEqual(after, rows)
        # no number was used up by asking
        number = int(self.env["gym.dunning.run"].create({}).name[-4:])
        self.assertEqual(number, int(name[-4:]) + 1)

    def test_reasons(self):
        """L22: paused, held, in another estimate, deadline running: in words, as a run
        would say them."""
        self.paul.client_status_id = self.paused
        self.assertIn("stops reminders", self._answer(self.paul))
        self.paul.client_status_id = False
        hold = self._hold(self._invoices(self.paul), "manual")
        self.assertIn("held the item back", self._answer(self.paul))
        hold.action_release()
        run = self._estimate()
        self.assertIn("estimate of another run", self._answer(self.paul))
        run.action_generate()
        self._work()
        self._deliver(run)
        self.assertIn("deadline", self._answer(self.paul))
        later = self.paul.with_context(dunning_date=day_after(11))
        self.assertIn(f"reminded now: {self.two.display_name}", self._answer(later))

    def test_nothing_late(self):
        """L22: nothing open, nothing to explain; too early is told with the days."""
        early = self._create_late_member("Early", days=3)
        self.assertIn("10 days", self._answer(early.with_env(self.env)))
        nobody = self._create_member("Nobody")
        self.assertIn("Nothing late", self._answer(nobody.with_env(self.env)))

    def test_earlier_runs(self):
        """L22: the reasons of the runs are one click away."""
        self.paul.client_status_id = self.paused
        self._create_late_member("Other")
        run = self._generate()
        action = self.paul.action_why_not_reminded()
        listed = self.env["gym.dunning.why"].browse(action["res_id"]).action_open_runs()
        found = self.env[listed["res_model"]].search(listed["domain"])
        self.assertEqual(found.run_id, run)

"""The demo gym's past: members who left, and what became of their reminders."""

from unittest.mock import patch

from ...demo import gym_demo_history
from .common_centres import CentresCommon

MONTHS = 6


class TestDemoHistory(CentresCommon):
    """Half a year of it, in the centres of the tests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.group.ids)
        )
        with (
            patch.object(gym_demo_history, "MONTHS", MONTHS),
            patch.object(gym_demo_history, "TAKEN_BACK", 2),
            # the companies of tests have another currency than direct debits
            patch.object(gym_demo_history, "COLLECTED", None),
        ):
            cls.env(su=True)["gym.demo"]._make_history(cls.holding)
        cls.env.flush_all()
        cls.status = cls.env.ref("gym_dunning.member_status_former")
        cls.members = cls.env["res.partner"].search(
            [("member_status_id", "=", cls.status.id)]
        )

    def test_nothing_is_left(self):
        """19.6: today's screens are what they were: nothing is open, ready or barred."""
        self.assertEqual(len(self.members), len(gym_demo_history.FORMER))
        mine = [("partner_id", "in", self.members.ids)]
        self.assertFalse(self.env["gym.open.item"].search_count(mine))
        self.assertFalse(self.members.client_status_id)
        self.assertFalse(
            self.env["gym.receipt"].search_count([("state", "!=", "booked")])
        )

    def test_outcome(self):
        """19.6: reminders of all levels in both centres, paid in several ways; the first
        level brings more than the last."""
        outcome = self.env["gym.dunning.outcome"]
        rows = outcome._read_group([], ["level_id"], ["recovery_rate:avg"])
        rates = [rate for __, rate in rows]
        self.assertEqual(len(rates), 3)
        self.assertGreater(rates[0], rates[-1])
        ways = dict(outcome._read_group([], ["way"], ["__count"]))
        self.assertGreaterEqual(ways.keys(), {"payment", "receipt", "other", "nothing"})
        centres = outcome._read_group([], ["company_id"], ["__count"])
        self.assertEqual(len(centres), 2)

    def test_months(self):
        """19.6: something was open at each month end since."""
        months = self.env["gym.receivable.month"].search([])
        self.assertEqual(months.company_id, self.centre_a | self.centre_b)
        self.assertGreaterEqual(len(set(months.mapped("date"))), MONTHS)
        self.assertTrue(any(months.mapped("amount_older")))
        self.assertTrue(all(months.mapped("amount_sales")))

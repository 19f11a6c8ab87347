from datetime import timedelta

from odoo.tests import tagged

from .common import GymCommon
from .common_tours import TourCommon


@tagged("post_install", "-at_install")
class TestToursTasks(TourCommon, GymCommon):
    """Ten of the thirty tasks of docs/TASKS.md, clicked from the first screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bea = cls._create_member("Wolf Bea")
        cls.paul = cls._create_member("Kent Paul", email=False)
        paused = cls.env.ref("gym_dunning.client_status_paused")
        cls.ned = cls._create_member("Ned Out", client_status_id=paused.id)
        cls._create_invoice(cls.bea, days=95, amount=150, today=cls.today)

    def test_ten_tasks(self):
        """15, done means: small tasks are solved in under four clicks from the app's
        start (docs/TASKS.md 1, 2, 3, 9, 10, 11, 13, 19, 23 and 24)."""
        self._run_levels(1, day=self._days_ago(40))
        for member in (self.paul, self.ned):
            self._create_invoice(member, days=45, today=self.today)
        run = self._generate(self._days_ago(20))
        second = self._reminder(run, self.bea)
        second._mark_delivered("printed")
        fee = second.fee_move_id
        self.assertTrue(fee)
        run.action_send()
        self._create_invoice(self._create_member("Late Lena"), today=self.today)
        self._tour("gym_dunning_tasks", "/odoo/gym-reminders")
        self.assertEqual(fee.payment_state, "reversed")

    def _days_ago(self, days):
        return self.today - timedelta(days=days)

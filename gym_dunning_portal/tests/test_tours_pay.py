"""Paying on a phone, in the browser (issue 18, points 3 and 7)."""

from odoo.tests import tagged

from .common_page import PageCommon
from .common_pay import PayMixin


@tagged("post_install", "-at_install")
class TestToursPay(PayMixin, PageCommon):
    """Issue 18, 7: pay; pay failing then again; at 390 px."""

    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls._create_provider(cls.company)
        cls.second = cls._owe(cls.paul, amount=59.0, days=10)

    def _tour(self, name):
        self.env.flush_all()
        self.start_tour(self._path(self.paul), name, timeout=120)
        self.env.invalidate_all()

    def test_pay(self):
        """Issue 18, 3: all that is due, in three taps after the birth date."""
        self._tour("gym_pay")
        self.assertEqual(self.invoice.amount_residual, 0)
        self.assertEqual(self.second.amount_residual, 0)

    def test_pay_again(self):
        """Issue 18, 3: it fails, and is paid again, in part."""
        self._tour("gym_pay_again")
        self.assertEqual(self.invoice.amount_residual, 0)
        self.assertEqual(self.second.amount_residual, 59)

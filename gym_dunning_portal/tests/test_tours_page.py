"""The page on a phone, in Chromium."""

from odoo.tests import tagged

from .common_page import PageCommon


@tagged("post_install", "-at_install")
class TestToursPage(PageCommon):
    """Issue 18, 7: tours at phone size."""

    browser_size = "390x844"
    touch_enabled = True

    def test_wrong_birth_date(self):
        """A wrong birth date, then the right one."""
        self.env.flush_all()
        self.start_tour(self._path(self.paul), "gym_page_wrong_birth_date")

    def test_guardian_of_two(self):
        """Two children on one page."""
        mother = self._create_member("Roe Maria", birthdate_date="1985-01-02")
        for name, amount in (("Roe Lisa", 40.0), ("Roe Max", 50.0)):
            child = self._child(name, mother, birthdate_date="2016-04-03")
            self._owe(child, amount)
        self.env.flush_all()
        self.start_tour(self._path(mother), "gym_page_guardian")

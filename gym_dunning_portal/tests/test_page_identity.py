"""Who somebody is: three tries, then a pause; the same for all workers."""

from datetime import timedelta

from odoo.fields import Datetime
from odoo.tests import tagged

from .common_page import PageCommon

WRONG = "01.02.1971"


@tagged("post_install", "-at_install")
class TestPageIdentity(PageCommon):
    """Issue 18, 1 and 7: wrong birth date, three tries, then a pause."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.locks = cls.env["gym.page.lock"].sudo()
        page = cls.env["gym.page"].sudo()
        cls.visit = page._visit_of(cls.paul, cls.company, "letter", token="x")

    def _lock(self):
        return self.locks.search([("partner_id", "=", self.paul.id)])

    def test_wrong_birth_date_then_right(self):
        """A wrong birth date is told so at its field, and the next try may be right."""
        text = self._known(self.paul, said=WRONG).text
        self.assertIn("neither the date of birth nor the member number", text)
        self.assertIn('aria-invalid="true"', text)
        self.assertNotIn(self.invoice.name, text)
        self.assertIn(self.invoice.name, self._known(self.paul).text)
        self.assertFalse(self._lock().tries)

    def test_three_tries_then_a_pause(self):
        """After three wrong answers even the right one is not taken, whichever of the
        member's links is used and from whichever browser."""
        for __ in range(3):
            self.assertFalse(self.locks._try(self.visit, WRONG))
        self.assertFalse(self.locks._try(self.visit, "17.05.1990"))
        text = self._open(self._path(self.paul, purpose="email")).text
        self.assertIn("too many wrong answers. Please try again in 15 minutes", text)
        self.assertNotIn('name="said"', text)
        # after it, three more; the next pause is longer
        first = self._lock().paused_until - Datetime.now()
        self._lock().paused_until = Datetime.now() - timedelta(seconds=1)
        for __ in range(3):
            self.locks._try(self.visit, WRONG)
        self.assertGreater(self._lock().paused_until - Datetime.now(), first * 1.5)
        self._lock().paused_until = Datetime.now() - timedelta(seconds=1)
        self.assertTrue(self.locks._try(self.visit, "17.05.1990"))

    def test_pause_is_of_one_person(self):
        """Another member's page is asked for as before."""
        laura = self._create_member("Kent Laura", birthdate_date="1980-03-04")
        for __ in range(3):
            self.locks._try(self.visit, WRONG)
        self._owe(laura)
        self.assertIn("Kent Laura", self._known(laura).text)

    def test_how_a_birth_date_may_be_written(self):
        """With points, lines, slashes, the year first, without anything between."""
        for said in ("17.05.1990", "17.5.1990", "1990-05-17", "17 05 1990", "17051990"):
            with self.subTest(said):
                self.assertTrue(self.locks._try(self.visit, said))
        self.assertTrue(self.locks._try(self.visit, "05/17/1990"))
        self.assertFalse(self.locks._try(self.visit, "05.17.1990"))

    def test_bad_input(self):
        """What is no answer is a wrong one: empty, long, other alphabets, no numbers."""
        for said in (
            "",
            " ",
            "x" * 9999,
            "١٧.٠٥.١٩٩",
            "99.99.9999",
            "1.1." + "9" * 50,
            "%s",
            "17.05",
            None,
        ):
            with self.subTest(said):
                self._lock().unlink()
                self.assertFalse(self.locks._try(self.visit, said))

    def test_nobody_without_number_and_birth_date(self):
        """Where neither is known, an empty answer opens nothing."""
        blank = self._create_member(
            "Doe Jo", birthdate_date=False, member_status_id=False
        )
        visit = self.env["gym.page"].sudo()._visit_of(blank, self.company, "letter")
        for said in ("", "0", "False"):
            self.assertFalse(self.locks._try(visit, said))

    def test_withdrawing_ends_the_pause(self):
        """New links start anew, and the browsers that were known are not any more."""
        self._known(self.paul)
        for __ in range(3):
            self.locks._try(self.visit, WRONG)
        self.paul.action_gym_withdraw_links()
        text = self._open(self._path(self.paul)).text
        self.assertIn('name="said"', text)
        self.assertNotIn(self.invoice.name, text)

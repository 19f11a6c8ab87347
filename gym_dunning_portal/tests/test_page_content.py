"""What the page shows, to whom."""

from datetime import timedelta

from odoo.tests import tagged

from .common_page import PageCommon


@tagged("post_install", "-at_install")
class TestPageContent(PageCommon):
    """Issue 18, 1, 2 and 6: a stranger, the member, the guardian."""

    def test_stranger_sees_initials_and_sum(self):
        """Who opens a lost letter sees initials and the sum; neither name, document nor
        number."""
        text = self._open(self._path(self.paul)).text
        self.assertIn("K. P.", text)
        self.assertIn("100.00", text)
        for secret in ("Kent Paul", "Paul", self.invoice.name, self.paul.member_number):
            self.assertNotIn(secret, text)

    def test_birth_date_opens_the_page(self):
        """After the birth date, the page has the items and the documents."""
        text = self._known(self.paul).text
        self.assertIn("Kent Paul", text)
        self.assertIn(self.invoice.name, text)
        self.assertIn("/statement", text)
        # and the browser is known when it comes back
        self.assertIn(self.invoice.name, self._open(self._path(self.paul)).text)

    def test_member_number_opens_the_page(self):
        """The member number does the same."""
        text = self._known(self.paul, said=f" {self.paul.member_number.lower()} ").text
        self.assertIn(self.invoice.name, text)

    def test_next_step(self):
        """What happens next, and when: the level and the first day it may come."""
        later = self._owe(self.paul, days=3)
        text = self._known(self.paul).text
        self.assertIn(later.name, text)
        self.assertIn("What happens next", text)
        self.assertIn("One: from", text)

    def test_guardian_sees_all_children(self):
        """A guardian of two has one page for both, and it names them."""
        mother = self._create_member("Roe Maria", birthdate_date="1985-01-02")
        lisa = self._child("Roe Lisa", mother)
        max_ = self._child("Roe Max", mother)
        bills = self._owe(lisa, 40.0) + self._owe(max_, 50.0)
        text = self._known(mother).text
        for name in ("Roe Lisa", "Roe Max", *bills.mapped("name")):
            self.assertIn(name, text)
        self.assertIn("90.00", text)
        self.assertNotIn(self.invoice.name, text)

    def test_child_of_age_is_not_shown(self):
        """Who comes of age leaves the guardian's page."""
        mother = self._create_member("Roe Maria", birthdate_date="1985-01-02")
        grown = self._child(
            "Roe Ben", mother, birthdate_date=self.today - timedelta(days=19 * 366)
        )
        bill = self._owe(grown)
        self.assertNotIn(bill.name, self._known(mother).text)

    def test_statement(self):
        """The statement comes as a document, and only to who is known."""
        path = f"{self._path(self.paul)}/statement"
        answer = self._open(path)
        self.assertNotIn(self.invoice.name, answer.text)
        self._known(self.paul)
        answer = self._open(path)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertIn(self.invoice.name, answer.text)

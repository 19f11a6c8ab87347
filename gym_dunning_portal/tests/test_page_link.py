"""The link: signed, in force until nothing is open or n days, and withdrawn."""

import string
from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.gym_dunning_portal.models import tokens

from .common_page import PageCommon

ALPHABET = string.ascii_letters + string.digits + "-_"


@tagged("post_install", "-at_install")
class TestPageLink(PageCommon):
    """Issue 18, 1: the link."""

    def _of(self, token, day=None):
        page = self.env["gym.page"].with_context(dunning_date=day or self.today)
        return page._of_token(token)

    def test_opens_the_page_of_its_person(self):
        """The link says whose page it is, of which creditor, and how it came."""
        visit = self._of(self.paul._gym_token(self.company, "sms"))
        self.assertEqual(visit.people, self.paul)
        self.assertEqual(visit.viewer, self.paul)
        self.assertEqual(visit.company, self.company)
        self.assertEqual(visit.purpose, "sms")
        self.assertFalse(visit.is_known)
        self.assertTrue(
            self.paul._gym_link(self.company).endswith(
                f"/gym/{self.paul._gym_token(self.company)}"
            )
        )

    def test_any_changed_character_is_refused(self):
        """Forged: each character of the link counts, in each place."""
        token = self.paul._gym_token(self.company)
        self.assertEqual(len(token), tokens.LENGTH)
        self.assertFalse(set(token) - set(ALPHABET))
        for place, character in enumerate(token):
            other = ALPHABET[(ALPHABET.index(character) + 1) % len(ALPHABET)]
            forged = token[:place] + other + token[place + 1 :]
            self.assertIsNone(self._of(forged), place)

    def test_what_is_no_token(self):
        """Bad input is answered like a forged link."""
        token = self.paul._gym_token(self.company)
        for text in ("", "x", token[:-1], token + "A", "é" * 40, "=" * 40, None):
            self.assertIsNone(self._of(text))

    def test_last_day(self):
        """It holds for the days of the policy, and then for as long as something is
        open that was there by then."""
        self.policy.page_days = 20
        token = self.paul._gym_token(self.company)
        late = self.today + timedelta(days=21)
        self.assertTrue(self._of(token, late), "the invoice is still open")
        self._pay(self.invoice, day=self.today)
        self.assertTrue(self._of(token, self.today + timedelta(days=20)))
        self.assertIsNone(self._of(token, late))
        # what came later does not open an old link again
        self._create_invoice(self.paul, days=-10, today=late)
        self.assertIsNone(self._of(token, late))

    def test_withdrawn(self):
        """Raising the counter withdraws all older links, and new ones open."""
        token = self.paul._gym_token(self.company)
        self.paul.sudo().gym_link_counter += 1
        self.assertIsNone(self._of(token))
        self.assertTrue(self._of(self.paul._gym_token(self.company)))

    def test_over_http(self):
        """Who has the link sees the page; a forged one is not found."""
        self.assertEqual(self._open(self._path(self.paul)).status_code, 200)
        token = self.paul._gym_token(self.company)
        forged = ("A" if token[0] != "A" else "B") + token[1:]
        self.assertEqual(self._open(f"/gym/{forged}").status_code, 404)

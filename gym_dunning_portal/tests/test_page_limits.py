"""Too many requests, links without a page, and what is told in each case."""

from odoo.tests import tagged

from odoo.addons.gym_dunning_portal.models.gym_page_hit import MAX_LOOKS, MAX_REFUSED

from .common_page import PageCommon


@tagged("post_install", "-at_install")
class TestPageLimits(PageCommon):
    """Issue 18, 1: the rate limit; forged, expired and withdrawn links are alike; a
    member merged, archived or deleted is told kindly."""

    def _forged(self):
        token = self.paul._gym_token(self.company)
        return token[:-1] + ("A" if token[-1] != "A" else "B")

    def test_bad_links_are_alike(self):
        """Forged, expired and withdrawn links have one answer, byte by byte."""
        withdrawn = self.paul._gym_token(self.company)
        self.paul.action_gym_withdraw_links()
        paid = self._create_member("Gone Gil")
        self.policy.page_days = 1
        page = self.env["gym.page"].with_context(dunning_date="2026-01-01")
        expired = paid.with_env(page.env)._gym_token(self.company)
        answers = [
            self._open(f"/gym/{token}")
            for token in (self._forged(), withdrawn, expired, "x")
        ]
        self.assertEqual({one.status_code for one in answers}, {404})
        texts = {self._without_tokens(one.text) for one in answers}
        self.assertEqual(len(texts), 1)
        self.assertIn("does not open a page", texts.pop())

    def _without_tokens(self, text):
        """Leave out what differs from page to page, whatever it says."""
        return text[text.index("<main") : text.index("</main")]

    def test_archived_and_deleted(self):
        """The link of an archived or deleted member says so kindly, and nothing else."""
        for leave in ("action_archive", "unlink"):
            member = self._create_member(f"Left {leave}")
            path = self._path(member)
            getattr(member, leave)()
            answer = self._open(path)
            self.assertEqual(answer.status_code, 410)
            self.assertIn("This page has been closed", answer.text)
            self.assertNotIn("Left", answer.text)

    def test_merged(self):
        """So does that of a contact who was merged; the other's page is as before."""
        twin = self._create_member("Kent Paul II")
        path = self._path(twin)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((twin | self.paul).ids, self.paul)
        self.assertEqual(self._open(path).status_code, 410)
        self.assertEqual(self._open(self._path(self.paul)).status_code, 200)

    def test_archived_and_withdrawn(self):
        """A withdrawn link tells nothing, not even that."""
        path = self._path(self.paul)
        self.paul.action_gym_withdraw_links()
        self.paul.action_archive()
        self.assertEqual(self._open(path).status_code, 404)

    def test_many_bad_links(self):
        """Who tries links is asked to wait, also with a good one."""
        for __ in range(MAX_REFUSED):
            self.assertEqual(self._open("/gym/guess").status_code, 404)
        self.assertEqual(self._open("/gym/guess").status_code, 429)
        self.assertEqual(self._open(self._path(self.paul)).status_code, 429)

    def test_one_page_too_often(self):
        """One page is shown so often only; others are not concerned."""
        path = self._path(self.paul)
        self._open(path)
        hits = self.env["gym.page.hit"].sudo()
        hits.create(
            [{"key": hits.search([]).key, "date": hits.search([]).date}] * MAX_LOOKS
        )
        self.assertEqual(self._open(path).status_code, 429)
        laura = self._create_member("Kent Laura")
        self.assertEqual(self._open(self._path(laura)).status_code, 200)

    def test_no_address_is_kept(self):
        """What is kept of a request names neither address nor member."""
        self._open("/gym/guess")
        self._open(self._path(self.paul))
        keys = self.env["gym.page.hit"].sudo().search([]).mapped("key")
        self.assertEqual(len(keys), 2)
        for key in keys:
            self.assertRegex(key, "^[0-9a-f]{32}$")

    def test_headers(self):
        """No cache keeps the page, no search engine lists it, no link leaks it."""
        headers = self._open(self._path(self.paul)).headers
        self.assertIn("no-store", headers["Cache-Control"])
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertIn("noindex", headers["X-Robots-Tag"])

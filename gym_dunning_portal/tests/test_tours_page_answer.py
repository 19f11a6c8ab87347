"""The page clicked through on a phone, and the office on its own screen."""

from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.gym_dunning.tests.debit.common_debit import AtParCommon

from .common_page_answer import PageAnswerCommon

PHONE = "390x844"
OFFICE = "1366x768"


class PageTourCommon(PageAnswerCommon):
    """Paul on his phone, a clerk at the desk."""

    def _tour(self, name, path=None, login=None, size=PHONE):
        self.env.flush_all()
        self.browser_size = size
        self.start_tour(path or self.path, name, login=login or self.user.login)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestToursPageAnswer(PageTourCommon):
    """Issue 18, 7: tours in Chromium at phone size."""

    def test_promise(self):
        """I pay on another day; a second promise is refused."""
        self._tour("gym_page_promise")
        answer = self._answers("promise")
        self.assertEqual(answer.promised_date, self.today + timedelta(days=5))
        self.assertEqual(self._held(self.invoice, 5), "promise")

    def test_dispute_and_its_answer(self):
        """The member disputes, the clerk refuses with a text, the member reads it."""
        self._tour("gym_page_dispute")
        self._tour(
            "gym_page_dispute_office",
            "/odoo/gym-answers",
            login=self.clerk.login,
            size=OFFICE,
        )
        self._tour("gym_page_dispute_read")
        self.assertEqual(self._answers("dispute").state, "refused")
        self.assertFalse(self._held(self.invoice))


@tagged("post_install", "-at_install")
class TestToursPageAccount(PageTourCommon, AtParCommon):
    """Issue 18, 7: a new mandate."""

    def test_account(self):
        """A mistyped IBAN first, then the right one; it waits for a look."""
        self._tour("gym_page_account")
        answer = self._answers("mandate")
        self.assertRecordValues(answer, [{"state": "new", "signature": "Paul Kent"}])
        self.assertEqual(answer.mandate_id.state, "draft")

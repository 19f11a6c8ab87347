"""A member in the portal sees the invoices of every centre, and nobody else's."""

from odoo.tests import HttpCase, new_test_user, tagged

from ..base.common_centres import CentresCommon

PASSWORD = "portal of laura"


@tagged("post_install", "-at_install")
class TestPortalCentres(CentresCommon, HttpCase):
    """Issue 15, M17: access is granted in one centre, invoices come from all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.laura = cls._create_member("Kent Laura")
        cls.paul = cls._create_member("Kent Paul")
        cls.in_a = cls._create_invoice(cls.laura, company=cls.centre_a)
        cls.in_b = cls._create_invoice(cls.laura, company=cls.centre_b)
        cls.of_paul = cls._create_invoice(cls.paul, company=cls.centre_a)

    def _grant(self, partner):
        """Grant access as a user does who has only the holding ticked."""
        env = self.env(
            context=dict(self.env.context, allowed_company_ids=self.holding.ids)
        )
        wizard = env["portal.wizard"].create({"partner_ids": [partner.id]})
        [row] = wizard.user_ids
        row.action_grant_access()
        return partner.user_ids

    def _page(self, user, path="/my/invoices"):
        user.password = PASSWORD
        self.env.flush_all()
        self.authenticate(user.login, PASSWORD)
        return self.url_open(path).text

    def test_invoices_of_two_centres(self):
        """Granted from the holding, both centres' invoices are listed and open."""
        user = self._grant(self.laura)
        self.assertTrue(user.share)
        page = self._page(user)
        self.assertIn(self.in_a.name, page)
        self.assertIn(self.in_b.name, page)
        self.assertNotIn(self.of_paul.name, page)
        self.assertIn(self.in_b.name, self._page(user, f"/my/invoices/{self.in_b.id}"))
        page = self._page(user, f"/my/invoices/{self.of_paul.id}")
        self.assertNotIn(self.of_paul.name, page)

    def test_first_invoice_of_a_centre_comes_later(self):
        """A centre that invoices after access was granted is seen, too."""
        user = self._grant(self.paul)
        self.assertNotIn(self.centre_b, user.company_ids)
        later = self._create_invoice(self.paul, company=self.centre_b)
        self.assertIn(self.centre_b, user.company_ids)
        self.assertIn(later.name, self._page(user))

    def test_access_that_was_revoked_and_granted_again(self):
        """What was invoiced meanwhile is seen."""
        user = self._grant(self.paul)
        wizard = self.env["portal.wizard"].create({"partner_ids": [self.paul.id]})
        wizard.user_ids.action_revoke_access()
        self._create_invoice(self.paul, company=self.centre_b)
        self._grant(self.paul)
        self.assertTrue(user.active)
        self.assertIn(self.centre_b, user.company_ids)

    def test_users_from_before(self):
        """Whoever had access before an update sees all centres after it."""
        user = self._grant(self.laura)
        user.company_ids = self.holding
        self.env["res.users"]._gym_open_centres_of_all()
        self.assertEqual(user.company_ids, self.group)

    def test_only_who_was_invoiced(self):
        """Nobody gets a centre that has no invoice of theirs; employees keep theirs."""
        user = self._grant(self.laura)
        self.assertNotIn(self.stranger, user.company_ids)
        clerk = new_test_user(
            self.env,
            "inside",
            "gym_dunning.group_dunning_user",
            partner_id=self._create_member("Kent Inside").id,
            company_id=self.centre_a.id,
            company_ids=self.centre_a.ids,
        )
        self._create_invoice(clerk.partner_id, company=self.centre_b)
        self.assertEqual(clerk.company_ids, self.centre_a)

"""What the office sets and sees: policy, code at the reception, withdrawing, figures."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.gym_dunning_portal.models import tokens

from .common_page import PASSWORD, PageCommon


@tagged("post_install", "-at_install")
class TestPageSettings(PageCommon):
    """Issue 18, 1, 6 and 7: for the office."""

    def test_limits_are_sentences(self):
        """Days and levels that make no sense are refused, naming the policy."""
        for vals in (
            {"page_days": 0},
            {"page_days": 99999},
            {"page_promise_days": -1},
            {"page_promise_level": -1},
        ):
            with (
                self.subTest(vals),
                self.assertRaisesRegex(ValidationError, "Test policy"),
                self.cr.savepoint(),
            ):
                self.policy.write(vals)

    def test_what_members_may_do(self):
        """Each policy says it for its items; without any policy one may only pay."""
        page = self.env["gym.page"].sudo()
        visit = page._visit_of(self.paul, self.company, "letter", is_known=True)
        [item] = page._items(visit)
        for what in ("pay", "promise", "dispute", "mandate"):
            self.assertTrue(page._may(visit, what, item))
            self.policy[f"page_{what}"] = False
            [item] = page._items(visit)
            self.assertFalse(page._may(visit, what, item))
            self.assertFalse(page._may(visit, what))
        foreign = visit._replace(company=self.stranger)
        self.env["gym.dunning.policy"].sudo().search([]).write({"active": False})
        self.assertTrue(page._may(foreign, "pay"))
        self.assertFalse(page._may(foreign, "promise"))

    def test_code_at_the_reception(self):
        """The reception shows a code without the sum; a minor's opens the guardian's
        page."""
        mother = self._create_member("Roe Maria")
        lisa = self._child("Roe Lisa", mother)
        env = self._as(self._user("reception", self.group))
        for member, viewer in ((self.paul, self.paul), (lisa, mother)):
            action = member.with_env(env).action_gym_page_code()
            dialog = env[action["res_model"]].browse(action["res_id"])
            self.assertTrue(dialog.code)
            self.assertEqual(dialog.viewer_id.id, viewer.id)
            self.assertNotIn("amount", dialog._fields)

    def test_code_of_another_centre(self):
        """Nobody makes a code for a company that is not his."""
        env = self._as(self._user("reception", self.centre_a))
        with self.assertRaises(AccessError):
            env["gym.page.code"].create(
                {"partner_id": self.paul.id, "company_id": self.stranger.id}
            )

    def test_code_of_a_branch(self):
        """With the holding ticked alone, the code is that of the centre where something
        is open."""
        laura = self._create_member("Kent Laura")
        self._owe(laura, company=self.centre_a)
        env = self._as(self._user("reception", self.group), self.holding)
        action = laura.with_env(env).action_gym_page_code()
        dialog = env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(dialog.company_id.id, self.centre_a.id)
        self.assertTrue(dialog.web_read({"code": {}, "company_id": {"fields": {}}}))

    def test_withdrawing_is_the_clerks(self):
        """A clerk withdraws links, the reception does not; nobody writes the counter."""
        token = self.paul._gym_token(self.company)
        reception = self._as(self._user("reception", self.group))
        with self.assertRaises(AccessError):
            self.paul.with_env(reception).action_gym_withdraw_links()
        clerk = self._as(self._user("clerk", self.group))
        with self.assertRaises(AccessError):
            self.paul.with_env(clerk).gym_link_counter = 0
        self.assertTrue(self.env["gym.page"]._of_token(token))
        action = self.paul.with_env(clerk).action_gym_withdraw_links()
        self.assertIn("Kent Paul", action["params"]["message"])
        self.assertIsNone(self.env["gym.page"]._of_token(token))

    def test_preview_from_the_form(self):
        """The button leads to the page as the member sees it; nothing can be sent."""
        clerk = self._user("clerk", self.group)
        clerk.password = PASSWORD
        env = self._as(clerk)
        url = self.paul.with_env(env).action_gym_preview_page()["url"]
        self.authenticate(clerk.login, PASSWORD)
        text = self._open(url).text
        self.assertIn("this is what the member sees", text)
        self.assertIn(self.invoice.name, text)
        self.assertNotIn("<form", text)
        events = self.env["gym.page.event"].search([("partner_id", "=", self.paul.id)])
        self.assertFalse(events, "the office's looks are not counted")

    def test_figures(self):
        """Opening and being known are counted once a day, with level and way; no
        cookie is set for it."""
        run = self._generate(self.today)
        self._deliver(run)
        path = self._path(self.paul, purpose="sms")
        self._open(path)
        answer = self._open(path)
        self.assertLessEqual(
            set(answer.cookies.keys()), {"session_id", "frontend_lang", "tz"}
        )
        events = self.env["gym.page.event"].search([("partner_id", "=", self.paul.id)])
        self.assertEqual(events.mapped("kind"), ["opened"])
        self.assertEqual(events.purpose, "sms")
        self.assertEqual(events.level_id, self.policy.level_ids[0])
        self._known(self.paul)
        events = self.env["gym.page.event"].search([("partner_id", "=", self.paul.id)])
        self.assertEqual(set(events.mapped("kind")), {"opened", "known"})

    def test_figures_are_of_ones_centres(self):
        """A clerk reads the figures of his centres only; nobody writes them."""
        self._open(self._path(self.paul))
        for companies, count in ((self.group, 1), (self.stranger, 0)):
            env = self._as(self._user("clerk", companies))
            mine = env["gym.page.event"].search([("partner_id", "=", self.paul.id)])
            self.assertEqual(len(mine), count)
        with self.assertRaises(AccessError):
            env["gym.page.event"].create({"kind": "paid"})

    def test_ways_have_names(self):
        """Each way that a link goes has a name in the figures."""
        names = dict(self.env["gym.page.event"]._fields["purpose"].selection)
        self.assertEqual(set(names), set(tokens.PURPOSES))

    def test_card_in_the_portal(self):
        """Who is logged in has a card on /my with the number of items."""
        user = self._portal_user(self.paul)
        self.env.flush_all()
        self.authenticate(user.login, PASSWORD)
        self.assertIn("/my/gym", self._open("/my").text)
        answer = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["gym_item_count"]}
        )
        self.assertEqual(answer, {"gym_item_count": 1})

    def test_language_of_the_viewer(self):
        """The page speaks the viewer's language, and says so to screen readers."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.paul.lang = "fr_FR"
        text = self._open(self._path(self.paul)).text
        self.assertIn('lang="fr-FR"', text)

"""Centres that are not ticked are named, and are one click away."""

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common_centres import CentresCommon


@tagged("post_install", "-at_install")
class TestCentresLine(HttpCase, CentresCommon):
    """A clerk of the holding who has ticked nothing yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.holding_clerk = cls._user("clerk", cls.group)
        cls.paul = cls._create_member("Kent Paul")
        cls.laura = cls._create_member("Kent Laura")
        today = fields.Date.context_today(cls.env.user)
        for member, company in ((cls.paul, cls.centre_a), (cls.laura, cls.centre_b)):
            cls._create_invoice(member, days=30, today=today, company=company)

    def test_show_all_centres(self):
        """The list names the branches; the button ticks them."""
        self.env.flush_all()
        login = self.holding_clerk.login
        self.start_tour(
            "/odoo/gym-open-payments", "gym_centres_line", login=login, timeout=120
        )

    def test_overdue_counts_what_is_not_ticked(self):
        """No 0.00 for a branch that was not looked at, and none of a centre
        beside the ticked one."""
        for ticked, overdue in (
            (self.holding, True),
            (self.centre_b, True),
            (self.centre_a, False),
        ):
            with self.subTest(ticked=ticked.name):
                env = self._as(self.holding_clerk, ticked)
                self.assertEqual(
                    self.laura.with_env(env).dunning_overdue > 0.0, overdue
                )

    def test_button_overdue_lists_its_figure(self):
        """The rows behind the button *Overdue* make up its figure."""
        env = self._as(self.holding_clerk, self.group)
        self._create_invoice(self.laura, amount=7.0, days=-9, company=self.centre_b)
        laura = self.laura.with_env(env)
        action = laura.action_open_items()
        self.assertEqual(
            action["context"],
            {"search_default_overdue": 1, "search_default_credits": 1},
        )
        search = self.env.ref("gym_dunning.gym_open_item_view_search")
        arch = env["gym.open.item"]._get_view(search.id, "search")[0]
        names = [one.get("name") or one.tag for one in arch if one.tag != "field"]
        at = names.index("overdue")
        self.assertEqual(
            names[at + 1], "credits", "side by side, they are joined by 'or'"
        )

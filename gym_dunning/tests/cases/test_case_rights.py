"""What clerks of centres, of the holding and of another gym see of cases."""

from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from ..base.common import TODAY
from ..base.common_centres import CentresCommon

OURS = ("gym.collection.case", "gym.collection.case.item")


class TestCaseRights(CentresCommon):
    """Laura owes both centres; each works its own debts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_clerks()
        cls.laura = cls._create_member("Kent Laura")
        cls.owed_a = cls._create_invoice(cls.laura, amount=100.0, company=cls.centre_a)
        cls.owed_b = cls._create_invoice(cls.laura, amount=59.0, company=cls.centre_b)

    def _case_of(self, user, company):
        """Let the user open a case and take what the dialog proposes."""
        env = self._as(user)
        case = env["gym.collection.case"].create(
            {
                "partner_id": self.laura.id,
                "company_id": company.id,
                "date_start": TODAY,
            }
        )
        env["gym.case.item.add"].create({"case_id": case.id}).action_confirm()
        return case

    def test_only_the_own_centre(self):
        """E-30, G-48: a clerk takes the own centre's items and sees no other case."""
        case = self._case_of(self.clerk_b, self.centre_b)
        self.assertEqual(case.item_ids.move_id.ids, self.owed_b.ids)
        for user in (self.clerk_a, self.outsider):
            for model in OURS:
                with self.subTest(user=user.login, model=model):
                    self.assertFalse(self._as(user)[model].search([]))
        case_a = self._case_of(self.holding_clerk, self.centre_a)
        self.assertEqual(case_a.item_ids.move_id.ids, self.owed_a.ids)
        seen = self._as(self.holding_clerk)["gym.collection.case"].search([])
        self.assertEqual(set(seen.ids), {case.id, case_a.id})

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_ids_do_not_help(self):
        """E-30: who knows the id neither reads nor works another centre's case."""
        case = self._case_of(self.clerk_b, self.centre_b)
        foreign = case.with_env(self._as(self.clerk_a))
        for method in ("action_start", "action_complete", "action_reopen", "unlink"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(foreign, method)()
        self.assertEqual(case.state, "not_started")
        self.assertTrue(case.item_ids)
        self.assertEqual(len(case._holds().filtered("active")), 1)

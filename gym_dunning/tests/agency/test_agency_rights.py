"""What clerks of centres, of the holding and of another gym see of hand-overs."""

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ..base.common import TODAY
from ..base.common_centres import CentresCommon

OURS = (
    "gym.agency.handover",
    "gym.agency.handover.line",
    "gym.agency.claim",
    "gym.agency.export",
    "gym.agency.change",
    "gym.agency.analysis",
)


class TestAgencyRights(CentresCommon):
    """Paul owes centre A, Laura centre B; the holding's agency works for both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = "en_US"
        cls._create_clerks()
        cls.agency = cls.env["gym.collection.agency"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "Collect"}).id,
                "company_id": cls.holding.id,
            }
        )
        cls.paul = cls._create_member("Kent Paul")
        cls.laura = cls._create_member("Kent Laura")
        cls._create_invoice(cls.paul, amount=100.0, company=cls.centre_a)
        cls._create_invoice(cls.laura, amount=59.0, company=cls.centre_b)

    def _hand_over(self, user, company):
        """Hand over whoever the user may, as the user."""
        env = self._as(user)
        members = self.paul | self.laura
        wizard = env["gym.agency.generate"].create(
            {
                "company_id": company.id,
                "agency_id": self.agency.id,
                "date": TODAY,
                "partner_ids": members.ids,
            }
        )
        handover = self._estimated(wizard)
        handover.action_generate()
        self._work()
        handover.invalidate_recordset()
        return handover

    def test_only_the_own_centre(self):
        """E-30, M-27: a clerk hands over the own centre's claims and sees no others."""
        handover = self._hand_over(self.clerk_b, self.centre_b)
        self.assertEqual(handover.line_ids.partner_id.ids, self.laura.ids)
        self.assertNotIn(b"Kent Paul", handover._last_file().raw)
        for user in (self.clerk_a, self.outsider):
            for model in OURS:
                with self.subTest(user=user.login, model=model):
                    if model != "gym.agency.change":  # nothing changed yet
                        self.assertTrue(self._as(self.clerk_b)[model].search([]))
                    self.assertFalse(self._as(user)[model].search([]))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_ids_do_not_help(self):
        """E-30: who knows the id neither exports nor takes back another's hand-over."""
        handover = self._hand_over(self.clerk_b, self.centre_b)
        env = self._as(self.clerk_a)
        foreign = env["gym.agency.handover"].browse(handover.id)
        for method in (
            "action_download_file",
            "action_print_list",
            "action_export_changes",
            "action_confirm",
            "action_withdraw",
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(foreign, method)()
        line = env["gym.agency.handover.line"].browse(handover.line_ids.id)
        with self.assertRaises(AccessError):
            line.action_withdraw()
        with self.assertRaises(AccessError):
            handover._last_file().with_env(env).mapped("raw")

    def test_holding_hands_over_for_all(self):
        """E-30: the holding's hand-over has a line for each centre; a clerk of a
        centre sees the own line of it, and may take it back."""
        handover = self._hand_over(self.holding_clerk, self.holding)
        self.assertEqual(handover.line_ids.company_id, self.centre_a | self.centre_b)
        env = self._as(self.clerk_a)
        self.assertFalse(env["gym.agency.handover"].search([]))
        mine = env["gym.agency.handover.line"].search([])
        self.assertEqual(mine.partner_id.ids, self.paul.ids)
        mine.action_withdraw()
        self.assertEqual(mine.file_state, "withdrawn")
        self.assertEqual(
            handover.line_ids.filtered(
                lambda line: line.company_id == self.centre_b
            ).file_state,
            "handed_over",
        )

    def test_figures_are_the_own_centre_s(self):
        """M-03: the figures on top count the centres that are ticked."""
        self._run_levels(3, company_id=self.holding.id)
        day = TODAY.replace(month=6)
        ready = self.env["gym.agency.handover"].with_env(self._as(self.clerk_a))
        self.assertEqual([one["members"] for one in ready.ready_figures(day)], [1])
        whole = ready.with_env(self._as(self.holding_clerk))
        self.assertEqual([one["members"] for one in whole.ready_figures(day)], [2])

    def test_another_gym_s_agency(self):
        """M-02: an agency of one holding is not offered to another."""
        env = self._as(self.outsider)
        self.assertFalse(env["gym.collection.agency"].search([]))
        with self.assertRaises(UserError):
            self._hand_over(self.outsider, self.stranger)

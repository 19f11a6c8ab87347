"""The screens of the hand-over, clicked through as a clerk does it."""

from dateutil.relativedelta import relativedelta

from ..base.common import GymCommon
from ..base.common_tours import TourCommon


class TestToursAgency(TourCommon, GymCommon):
    """Three members have passed the last level; one is a minor without guardian."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["gym.collection.agency"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "Collect Ltd"}).id,
                "company_id": cls.company.id,
            }
        )
        cls.paul = cls._create_member("Kent Paul", member_number="P-1")
        cls.laura = cls._create_member("Kent Laura", member_number="L-1")
        cls.mike = cls._create_member("Mike")

    def _pass_all_levels(self):
        """Remind three times, long enough ago for the last deadline to be over."""
        first = self.today - relativedelta(days=50)
        for member in self.paul | self.laura | self.mike:
            self._create_invoice(member, today=first)
        self._run_levels(3, first)
        self.laura.birthdate_date = self.today - relativedelta(years=16)

    def test_hand_over(self):
        """M-03 to M-24: from the figures on top to the agency's acceptance."""
        self._pass_all_levels()
        self._worker_wakes_later("gym.agency.handover")
        self._tour("gym_agency_handover", "/odoo/gym-handovers")
        handover = self.env["gym.agency.handover"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertRecordValues(
            handover, [{"state": "done", "create_uid": self.clerk.id}]
        )
        handed = handover.line_ids.filtered("file_state")
        self.assertEqual(handed.partner_id, self.paul)

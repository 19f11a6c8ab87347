"""The screens of a collection case, clicked through as a debt manager does it."""

from odoo.fields import Command

from .common import GymCommon
from .common_tours import TourCommon


class TestToursCase(TourCommon, GymCommon):
    """Laura owes 534.96 and 1148.14."""

    def test_case(self):
        """G-42 to G-56, G-70: a case by clicking only, with the worked example."""
        self.env["gym.collection.team"].create(
            {"name": "Collections", "member_ids": [Command.link(self.clerk.id)]}
        )
        laura = self._create_member("Kent Laura", debt_manager_id=self.clerk.id)
        for days, amount in ((60, 534.96), (30, 1148.14)):
            self._create_invoice(laura, days=days, amount=amount, today=self.today)
        self._tour("gym_collection_case", "/odoo/gym-cases")
        case = self.env["gym.collection.case"].search([("partner_id", "=", laura.id)])
        self.assertRecordValues(
            case,
            [
                {
                    "state": "in_progress",
                    "amount_debt": 1683.10,
                    "create_uid": self.clerk.id,
                }
            ],
        )

"""The screens of a collection case, clicked through as a debt manager does it."""

from odoo.fields import Command

from .common import GymCommon
from .common_tours import TourCommon


class TestToursCase(TourCommon, GymCommon):
    """Laura owes 534.96 and 1148.14."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["gym.collection.team"].create(
            {"name": "Collections", "member_ids": [Command.link(cls.clerk.id)]}
        )
        cls.laura = cls._create_member("Kent Laura", debt_manager_id=cls.clerk.id)
        for days, amount in ((60, 534.96), (30, 1148.14)):
            cls._create_invoice(cls.laura, days=days, amount=amount, today=cls.today)

    def test_case(self):
        """G-42 to G-56, G-70: a case by clicking only, with the worked example."""
        laura = self.laura
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

    def test_promise(self):
        """G-57 to G-69: a call, then a promise of 1200, by clicking only."""
        case = self.env["gym.collection.case"].create({"partner_id": self.laura.id})
        case._add_items(case._free_items().move_line_id)
        self._tour("gym_collection_case_promise", "/odoo/gym-cases")
        self.assertEqual(case.state, "promise")
        self.assertEqual(case.promise_id.agreed_amount, 1200.0)
        self.assertEqual(case.item_ids.mapped("amount_promised"), [500.0, 700.0])
        check = self.env.ref("gym_dunning.activity_type_deposit")
        self.assertEqual(case.next_activity_id.activity_type_id, check)
        self.assertEqual(case.next_activity_id.user_id, self.clerk)

"""The screens of a collection case, clicked through as a debt manager does it."""

from odoo import fields
from odoo.fields import Command

from ..base.common import GymCommon
from ..base.common_tours import TourCommon


class TestToursCase(TourCommon, GymCommon):
    """Laura owes 534.96 and 1148.14."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dora = cls._create_user("dora", "gym_dunning.group_debt_manager")

    def _laura(self, manager):
        """Return the customer of this manager with the two debts of the example."""
        self.env["gym.collection.team"].create(
            {"name": "Collections", "member_ids": [Command.link(manager.id)]}
        )
        laura = self._create_member("Kent Laura", debt_manager_id=manager.id)
        for days, amount in ((60, 534.96), (30, 1148.14)):
            self._create_invoice(laura, days=days, amount=amount, today=self.today)
        return laura

    def test_customer(self):
        """G-13, G-51, G-72, G-74 to G-80b: figures, chart, Add, Edit and the way to
        the document and to open payments, with the rights of a debt manager."""
        laura = self._laura(self.dora)
        self._tour("gym_case_customer", "/odoo/gym-cases", login="dora")
        case = self.env["gym.collection.case"].search([("partner_id", "=", laura.id)])
        self.assertEqual(case.create_uid, self.dora)
        self.assertEqual(case.state, "in_progress")

    def test_calendar(self):
        """G-71: activities of cases in the calendar of their manager."""
        case = self.env["gym.collection.case"].create(
            {"partner_id": self._laura(self.dora).id}
        )
        call = case.activity_schedule(
            "mail.mail_activity_data_call", summary="First call", user_id=self.dora.id
        )
        call.date_start = fields.Datetime.now()
        self._tour("gym_case_calendar", "/odoo/gym-cases", login="dora")

    def test_case(self):
        """G-42 to G-56, G-70: a case by clicking only, with the worked example."""
        laura = self._laura(self.clerk)
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
        laura = self._laura(self.clerk)
        case = self.env["gym.collection.case"].create({"partner_id": laura.id})
        case._add_items(case._free_items().move_line_id)
        self._tour("gym_collection_case_promise", "/odoo/gym-cases")
        self.assertEqual(case.state, "promise")
        self.assertEqual(case.promise_id.agreed_amount, 1200.0)
        self.assertEqual(case.item_ids.mapped("amount_promised"), [500.0, 700.0])
        check = self.env.ref("gym_dunning.activity_type_deposit")
        self.assertEqual(case.next_activity_id.activity_type_id, check)
        self.assertEqual(case.next_activity_id.user_id, self.clerk)

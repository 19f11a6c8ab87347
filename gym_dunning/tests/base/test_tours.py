"""The screens, clicked through in a browser as a clerk does it."""

from odoo import fields

from .common import GymCommon
from .common_tours import READS_BEFORE_WORK, TourCommon


class TestTours(TourCommon, GymCommon):
    """Menus, dialogs and buttons; what they do is looked up in the database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_member("Kent Paul")
        cls.laura = cls._create_member("Kent Laura")
        cls.ned = cls._create_member("Ned Out")

    def _late(self, *members, days=30):
        for member in members:
            self._create_invoice(member, days=days, today=self.today)

    # === THE WEEKLY WORK === #

    def test_generate_and_print(self):
        """E-27..E-38, E-40, E-41, E-52, E-68b: estimate, thin out, generate, print."""
        self._late(self.paul, self.laura, self.ned)
        reads = self._worker_wakes_later("gym.dunning.run")
        self._tour("gym_dunning_generate", "/odoo/gym-reminders")
        self.assertGreaterEqual(len(reads), READS_BEFORE_WORK, "nobody polled")
        run = self.env["gym.dunning.run"].search([("policy_id", "=", self.policy.id)])
        self.assertRecordValues(
            run,
            [{"state": "done", "min_days_overdue": 14, "create_uid": self.clerk.id}],
        )
        deadline = fields.Date.add(self.today, days=12)
        self.assertRecordValues(
            run.reminder_ids.sorted("id"),
            [
                {
                    "partner_id": member.id,
                    "state": "issued",
                    "level_id": self.policy.level_ids[0].id,
                    "date_due": deadline,
                    "delivery_state": "printed",
                }
                for member in self.paul | self.laura
            ],
        )
        self.assertEqual(self._reason(run, self.ned), "by_hand")

    def test_nobody_to_remind(self):
        """E-27, E-29, E-36, E-39: a message, the filters stay, nothing is stored."""
        self._late(self.paul)
        self._tour("gym_dunning_nobody", "/odoo")
        self.assertFalse(
            self.env["gym.dunning.run"].search([("policy_id", "=", self.policy.id)])
        )

    # === ACCESS === #

    def _last_level(self, *members):
        """Bring these members to the last level, today."""
        self._late(*members, days=90)
        for days in (40, 20, 0):
            day = fields.Date.subtract(self.today, days=days)
            run = self._generate(day)
            self._deliver(run)
        return run

    def test_block_one_of_two(self):
        """E-42..E-50: refused, nothing changes; confirmed, only Kent Paul is out."""
        run = self._last_level(self.paul, self.laura)
        self._tour("gym_dunning_block", f"/odoo/gym-runs/{run.id}")
        self.assertEqual(self.paul.member_status_id, self.blocked)
        self.assertEqual(self.laura.member_status_id, self.active)
        device = self._create_user("door", "gym_dunning.group_access_device")
        door = self.env["res.partner"].with_user(device)
        self.assertFalse(door.gym_check_access(self.paul.member_number))
        self.assertTrue(door.gym_check_access(self.laura.member_number))

    def test_refused_blocking_changes_nothing(self):
        """E-45: without the confirmation nobody is blocked."""
        run = self._last_level(self.paul)
        dialog = run.action_block_members()
        self.assertEqual(dialog["target"], "new")
        self.assertEqual(self.paul.member_status_id, self.active)

    def test_unblock_by_hand(self):
        """E-50, E-57, E-59: refused, the member stays blocked; accepted, it enters."""
        self.paul._gym_set_member_status(self.blocked, "Blocked for the test")
        self._tour("gym_dunning_unblock", f"/odoo/gym-members/{self.paul.id}")
        self.assertEqual(self.paul.member_status_id, self.active)
        self.assertTrue(self.paul.access_granted)

    # === SET-UP === #

    def test_settings(self):
        """E-10..E-18, E-22, E-24..E-26: set once on the settings page, and kept."""
        dearer = self.env["product.product"].create(
            {"name": "Dearer fee", "type": "service", "list_price": 30.0}
        )
        self._create_user(
            "manager", "gym_dunning.group_dunning_manager,base.group_system"
        )
        self._tour("gym_dunning_settings", "/odoo/gym-reminders", login="manager")
        self.assertRecordValues(
            self.policy, [{"min_days_overdue": 21, "block_mode": "auto"}]
        )
        one, two, three = self.policy.level_ids
        self.assertEqual(two.fee_product_id, dearer)
        self.assertFalse(one.fee_product_id | three.fee_product_id)

    def test_first_hour(self):
        """Issue 15: the checklist leads to where it is mended, and ticks itself."""
        self.company.write(
            {"dunning_fee_agreed": False, "country_id": self.env.ref("base.de").id}
        )
        self._create_user(
            "manager", "gym_dunning.group_dunning_manager,base.group_system"
        )
        self._tour("gym_first_hour", "/odoo/gym-reminders", login="manager")
        self.assertTrue(self.company.dunning_fee_agreed)

    # === OPEN PAYMENTS AND MEMBERS === #

    def test_open_payments(self):
        """S-08..S-13, S-25: filters by level; held back, it is not reminded."""
        self._late(self.paul)
        self._deliver(self._generate(fields.Date.subtract(self.today, days=15)))
        self._late(self.laura)
        self._tour("gym_dunning_open_payments", "/odoo/gym-open-payments")
        self.assertRecordValues(
            self.env["gym.dunning.hold"].search(
                [("move_line_id.partner_id", "=", self.paul.id)]
            ),
            [{"reason": "dispute", "note": "Says he paid in cash"}],
        )
        run = self._estimate(self.today)
        self.assertEqual(run.reminder_ids.partner_id, self.laura)
        self.assertEqual(self._reason(run, self.paul), "disputed")

    def test_why_not_reminded(self):
        """AMB-09: the member's form answers why no reminder came."""
        self._late(self.paul, self.ned)
        run = self._estimate(self.today)
        self._reminder(run, self.ned).action_exclude()
        self._tour("gym_dunning_why_not", "/odoo/gym-members")

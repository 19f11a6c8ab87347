"""What the program writes, no person writes: not by a form, an import or the API."""

from odoo.exceptions import UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from ..dunning.common_run import RunCommon


class TestGuardedReminder(RunCommon):
    """A reminder's fate decides about the next level; it follows what was sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_late_member("Kent Paul")
        cls.clerk = new_test_user(
            cls.env,
            "guarded_clerk",
            "gym_dunning.group_dunning_user",
            company_id=cls.company.id,
        )

    def setUp(self):
        super().setUp()
        self.reminder = self._generate().reminder_ids.with_user(self.clerk)

    def test_fate_is_not_written_by_hand(self):
        """S-14, AMB-40: who writes "sent" by the API makes no next level due."""
        values = {
            "delivery_state": "sent",
            "delivery_channel": "print",
            "delivery_date": "2026-03-31 10:00:00",
            "delivery_message": "all right",
            "warning": False,
            "consequence_ids": False,
            "state": "cancelled",
            "amount_total": 1.0,
        }
        for name, value in values.items():
            with (
                self.subTest(name),
                self.assertRaisesRegex(UserError, "cannot be changed by hand"),
            ):
                self.reminder.write({name: value})
        self.assertEqual(self.reminder.delivery_state, "pending")

    def test_reminders_are_made_by_runs(self):
        """E-02: nobody makes an issued reminder without a run."""
        with (
            mute_logger("odoo.addons.base.models.ir_model"),
            self.assertRaises(UserError),
        ):
            self.reminder.create({"state": "issued"})

    def test_clerk_ticks_whom_to_block(self):
        """E-44: what people decide stays theirs to write."""
        self.reminder.block_access = True
        self.assertTrue(self.reminder.block_access)

    def test_printing_writes_the_fate(self):
        """S-07: the gate is open to a clerk by the button, not by the field."""
        self.reminder._mark_delivered("printed")
        self.assertEqual(self.reminder.delivery_state, "printed")
        self.assertTrue(self.reminder.delivery_date)

"""What a clerk does with several members of the list at once."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError

from .common_run import RunCommon


class TestMembersBulk(RunCommon):
    """Screens 3.8: block, unblock and pause several members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls._create_late_member("Kent Paul") | cls._create_late_member(
            "Kent Laura"
        )

    def _dialog(self, action):
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_block_and_unblock(self):
        """Screens 3.8: one dialog for all, and a message that counts them."""
        dialog = self._dialog(self.members.action_block_member())
        self.assertEqual(dialog.partner_ids, self.members)
        self.assertIn("taken away: 2", dialog.action_confirm()["params"]["message"])
        self.assertFalse(any(self.members.mapped("access_granted")))
        dialog = self._dialog(self.members.action_unblock_member())
        self.assertIn("given back: 2", dialog.action_confirm()["params"]["message"])
        self.assertTrue(all(self.members.mapped("access_granted")))

    def test_pause_until(self):
        """Screens 3.8: nobody of them is reminded until the day; ended again, they
        are."""
        dialog = self._dialog(self.members.action_pause_reminders())
        dialog.date_until = fields.Date.today() + timedelta(days=30)
        dialog.action_confirm()
        self.assertEqual(self.members.client_status_id, self.paused)
        self.assertEqual(
            set(self.members.mapped("client_status_until")), {dialog.date_until}
        )
        with self.assertRaisesRegex(UserError, "Client Paused: 2"):
            self._estimate()
        dialog = self._dialog(self.members.action_pause_reminders())
        dialog.client_status_id = self.env.ref("gym_dunning.client_status_active")
        dialog.action_confirm()
        self.assertEqual(len(self._estimate().reminder_ids), 2)

    def test_pause_is_checked(self):
        """Screens 3.8: a day that has passed, and who is at the agency, are refused by
        name."""
        dialog = self._dialog(self.members.action_pause_reminders())
        dialog.date_until = fields.Date.today() - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "choose a later day"):
            dialog.action_confirm()
        dialog.date_until = False
        self.members[0].client_status_id = self.in_collection
        with self.assertRaisesRegex(UserError, "Kent Paul"):
            dialog.action_confirm()

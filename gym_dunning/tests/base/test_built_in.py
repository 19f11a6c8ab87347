"""Entries that came with the module stay: buttons and scheduled actions look for them."""

from odoo.exceptions import UserError

from .common_english import EnglishCommon


class TestBuiltIn(EnglishCommon):
    """M14: no button meets a missing status or return code."""

    def test_built_in_entries_are_not_deleted(self):
        """M14: each is refused in a sentence that names it, for a manager too."""
        for model in (
            "gym.member.status",
            "gym.client.status",
            "gym.debit.return.code",
        ):
            names = self.env["ir.model.data"].search(
                [("module", "=", "gym_dunning"), ("model", "=", model)]
            )
            self.assertTrue(names)
            for name in names:
                entry = self.env[model].browse(name.res_id)
                with (
                    self.subTest(name.complete_name),
                    self.assertRaisesRegex(UserError, "came with the module"),
                    self.env.cr.savepoint(),
                ):
                    entry.unlink()

    def test_archiving_and_renaming_stay(self):
        """M14: what is not wanted is put away, and buttons still find it."""
        self.blocked.write({"active": False, "name": "Barred from entering"})
        member = self._create_member("Kent Paul")
        wizard = self.env["gym.access.change"].browse(
            member.action_block_member()["res_id"]
        )
        wizard.action_confirm()
        self.assertFalse(member.access_granted)

    def test_own_entries_are_deleted(self):
        """M14: what the gym made itself is its own."""
        for model, vals in (
            ("gym.member.status", {"name": "Trial"}),
            ("gym.client.status", {"name": "Trial"}),
            ("gym.debit.return.code", {"name": "ZZ99", "description": "Trial"}),
        ):
            self.assertTrue(self.env[model].create(vals).unlink())

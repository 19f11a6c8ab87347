"""Holds: people place disputes and holds by hand, the program places the others."""

from odoo.exceptions import UserError
from odoo.tests import new_test_user

from ..dunning.common_run import RunCommon


class TestHolds(RunCommon):
    """F6, F12: a hold is released by whoever placed it, and by everybody if nobody did."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_invoice(cls._create_member("Kent Paul"))
        cls.line = cls.invoice.line_ids.filtered(
            lambda one: one.account_type == "asset_receivable"
        )
        clerk = new_test_user(
            cls.env,
            "hold_clerk",
            "gym_dunning.group_dunning_user",
            company_id=cls.company.id,
        )
        cls.holds = cls.env["gym.dunning.hold"].with_user(clerk)

    def _place(self, holds=None, **vals):
        holds = self.holds if holds is None else holds
        return holds.create({"move_line_id": self.line.id} | vals)

    def test_people_give_two_reasons(self):
        """F6: disputed and held by hand; no other, not by a caller's default either."""
        for reason in ("dispute", "manual"):
            self._place(reason=reason).action_release()
        for reason in ("agency", "case", "debit", "promise"):
            with self.subTest(reason):
                with (
                    self.assertRaisesRegex(UserError, "cannot be held by hand"),
                    self.env.cr.savepoint(),
                ):
                    self._place(reason=reason)
                with (
                    self.assertRaisesRegex(UserError, "cannot be held by hand"),
                    self.env.cr.savepoint(),
                ):
                    self._place(self.holds.with_context(default_reason=reason))
                hold = self._place(reason="manual")
                with (
                    self.assertRaisesRegex(UserError, "cannot be held by hand"),
                    self.env.cr.savepoint(),
                ):
                    hold.reason = reason
                hold.action_release()

    def test_people_name_no_owner(self):
        """F12: who placed a hold is no field that people fill."""
        for vals in (
            {"res_model": "HACKED"},
            {"res_model": "res.partner", "res_id": 1},
            {"res_id": 7},
        ):
            with (
                self.subTest(vals),
                self.assertRaisesRegex(UserError, "cannot be changed by hand"),
                self.env.cr.savepoint(),
            ):
                self._place(reason="manual", **vals)
            hold = self._place(reason="manual")
            with (
                self.assertRaisesRegex(UserError, "cannot be changed by hand"),
                self.env.cr.savepoint(),
            ):
                hold.write(vals)
            hold.action_release()
        by_default = self.holds.with_context(default_res_model="HACKED")
        self.assertFalse(self._place(by_default, reason="manual").res_model)

    def test_release_never_fails(self):
        """F12: a hold of a model that is not there, or of a deleted record, is nobody's
        and can be released."""
        gone = self._create_member("Gone")
        gone_id = gone.id
        gone.unlink()
        for owner in (
            {"res_model": "HACKED", "res_id": 1},
            {"res_model": "res.partner", "res_id": gone_id},
        ):
            with self.subTest(owner):
                placed = self._place(self.holds.sudo(), reason="agency", **owner)
                self.holds.browse(placed.id).action_release()
                self.assertFalse(placed.active)
                self.env.flush_all()  # one hold reserves an item at a time

    def test_owner_releases(self):
        """F12, M-11: while who placed it is there, only he takes it back."""
        owner = {"res_model": "res.partner", "res_id": self.company.partner_id.id}
        placed = self._place(self.holds.sudo(), reason="agency", **owner)
        with self.assertRaisesRegex(UserError, "Take it back there"):
            self.holds.browse(placed.id).action_release()

"""A turnstile asks through JSON-2 whether a member number opens."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user
from odoo.tools import mute_logger

from ..base.common import GymCommon
from ..base.common_json2 import Json2Common

ASK = ("res.partner", "gym_check_access")


class TestAccessDevice(Json2Common, GymCommon, HttpCase):
    """The key of a user who is an access device and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_member("Kent Paul", member_number="P-1")
        cls.device = new_test_user(
            cls.env,
            "turnstile",
            "gym_dunning.group_access_device",
            company_id=cls.company.id,
        )
        key_of = cls.env(user=cls.device)["res.users.apikeys"].sudo()
        cls.key = key_of._generate(
            "rpc", "Turnstile", fields.Datetime.now() + timedelta(days=1)
        )

    def _opens(self, number):
        response = self._call(*ASK, member_number=number)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def test_device_is_nothing_else(self):
        """Rights: the device's user has its one group and what Odoo adds to none."""
        self.assertTrue(self.device.has_group("gym_dunning.group_access_device"))
        for group in ("base.group_user", "base.group_portal"):
            self.assertFalse(self.device.has_group(group))

    def test_door_follows_the_status(self):
        """E-15, E-47, E-49: active opens, blocked, former and archived do not."""
        self.assertIs(self._opens("P-1"), True)
        self.member.member_status_id = self.blocked
        self.assertIs(self._opens("P-1"), False)
        self.member.member_status_id = self.env.ref("gym_dunning.member_status_former")
        self.assertIs(self._opens("P-1"), False)
        self.member.member_status_id = self.active
        self.member.active = False
        self.assertIs(self._opens("P-1"), False)

    def test_unknown_does_not_open(self):
        """E-15: an unknown, empty or foreign number opens nothing."""
        other = self._create_company(name="Other gym")
        self._create_member("Foreigner", member_number="F-1", company_id=other.id)
        for number in ("P-2", "", False, "%", "F-1"):
            with self.subTest(number=number):
                self.assertIs(self._opens(number), False)

    def test_number_may_come_as_a_number(self):
        """E-15: a reader that sends digits as a JSON number is understood."""
        self._create_member("Kent Laura", member_number="4711")
        self.assertIs(self._opens(4711), True)

    @mute_logger("odoo.http")
    def test_wrong_key_is_refused(self):
        """E-15: without a valid key there is no answer."""
        response = self._call(*ASK, key="0" * 40, member_number="P-1")
        self.assertEqual(response.status_code, 401)

    @mute_logger("odoo.http")
    def test_device_reads_nothing(self):
        """E-15: neither members nor any table of the module can be read."""
        self._assert_reads_nothing()

    def test_device_sees_no_document(self):
        """E-15: no attachment of a member is listed."""
        self.env["ir.attachment"].create(
            {
                "name": "letter.pdf",
                "raw": b"x",
                "res_model": "res.partner",
                "res_id": self.member.id,
            }
        )
        response = self._call(
            "ir.attachment", "search_read", domain=[], fields=["name"]
        )
        self.assertEqual(response.json(), [])

    @mute_logger("odoo.http")
    def test_device_changes_nothing(self):
        """E-57: the device blocks and unblocks nobody."""
        for method in ("action_block_member", "action_unblock_member"):
            response = self._call("res.partner", method, ids=self.member.ids)
            self.assertEqual(response.status_code, 403, response.text)
        response = self._call(
            "res.partner", "write", ids=self.member.ids, vals={"name": "x"}
        )
        self.assertEqual(response.status_code, 403, response.text)

    def test_who_else_may_ask(self):
        """E-47: reception may ask too, other users may not."""
        reception = new_test_user(self.env, "desk", "gym_dunning.group_gym_reception")
        nobody = new_test_user(self.env, "nobody", "base.group_user")
        ask = self.env["res.partner"].with_user
        self.assertTrue(ask(reception).gym_check_access("P-1"))
        with self.assertRaises(AccessError):
            ask(nobody).gym_check_access("P-1")

    def test_key_made_by_the_administrator(self):
        """E-15: the dialog makes a device with no other right, and its key works."""
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        here = {"allowed_company_ids": self.company.ids}
        dialog = self.env(user=admin, context=here)["gym.access.key"]
        action = dialog.create(
            {"name": "Side door", "company_id": self.company.id}
        ).action_generate()
        device = self.env["res.users"].search([("name", "=", "Side door")])
        self.assertEqual(
            device.group_ids, self.env.ref("gym_dunning.group_access_device")
        )
        key = action["context"]["default_key"]
        response = self._call(*ASK, key=key, member_number="P-1")
        self.assertIs(response.json(), True)
        response = self._call("res.partner", "search_read", key=key, domain=[])
        self.assertEqual(response.status_code, 403)

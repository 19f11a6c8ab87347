"""The agency's system reports through JSON-2, with a key that may do nothing else."""

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user
from odoo.tools import mute_logger

from ..base.common_json2 import Json2Common
from .common_agency_http import HandoverCommon

REPORT = ("gym.collection.agency", "receive_updates")
PAID_ON = "2026-03-20"


class TestAgencyWebhook(Json2Common, HandoverCommon, HttpCase):
    """POST /json/2/gym.collection.agency/receive_updates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        admin = cls.env.ref("base.user_admin")
        admin.company_ids += cls.company
        here = {"allowed_company_ids": cls.company.ids, "lang": "en_US"}
        cls.as_admin = cls.agency.with_env(cls.env(user=admin, context=here))
        cls.key = cls.as_admin.action_generate_key()["context"]["default_key"]

    def setUp(self):
        super().setUp()
        self.server.answers = [(202, b"")]
        self.handover = self._hand_over()
        self.one, self.two, self.three = self.handover.line_ids

    def _send(self, lines, key=None):
        return self._call(*REPORT, key=key, lines=lines)

    def _report(self, *lines, key=None):
        response = self._send(list(lines), key)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def _row(self, line, **vals):
        return {"line_number": line.name} | vals

    # === REPORTS === #

    def test_report(self):
        """M-28e: states, payments and refusals in one call."""
        answer = self._report(
            self._row(self.one, file_status="accepted", agency_reference="A-1"),
            self._row(self.two, paid_amount=12.5, payment_date=PAID_ON),
            {"line_number": "X-1", "file_status": "paid"},
            self._row(self.three),
        )
        self.assertEqual((answer["taken"], answer["unchanged"]), (2, 1))
        [refusal] = answer["refused"]
        self.assertEqual((refusal["row"], refusal["line_number"]), (3, "X-1"))
        self.assertIn("not known", refusal["message"])
        self.env.invalidate_all()
        self.assertEqual(self.one.file_state, "accepted")
        self.assertEqual(self.two.amount_recovered, 12.5)
        self.assertEqual(self.handover.state, "partial")
        self.assertIn("2 accepted", self._noted(self.handover))
        self.assertIn("Pay Due", self.handover.message_ids.author_id.mapped("name"))

    def test_report_twice(self):
        """AMB-25: the same report once more changes nothing and is not noted."""
        rows = [
            self._row(self.one, file_status="refused", closed_reason="Too old"),
            self._row(self.two, paid_amount="12.50", payment_date=PAID_ON),
        ]
        self._report(*rows)
        noted = len(self.handover.message_ids)
        answer = self._report(*rows)
        self.assertEqual(answer, {"taken": 0, "unchanged": 2, "refused": []})
        self.env.invalidate_all()
        self.assertEqual(len(self.two.payment_ids), 1)
        self.assertEqual(len(self.handover.message_ids), noted)

    def test_only_own_files(self):
        """Rights: an agency reports on its own files, others it does not know."""
        other = self._create_agency("Other", url=self.server.url, token="x")
        other = other.with_env(self.as_admin.env)
        key = other.action_generate_key()["context"]["default_key"]
        answer = self._report(self._row(self.one, file_status="paid"), key=key)
        self.assertEqual((answer["taken"], len(answer["refused"])), (0, 1))

    @mute_logger("odoo.http")
    def test_malformed(self):
        """AMB-25: what is no list of lines is refused with a sentence."""
        for lines in ("x", {"a": 1}, 5, [{}] * 5001):
            with self.subTest(lines=str(lines)[:20]):
                response = self._send(lines)
                self.assertEqual(response.status_code, 422, response.text)
                self.assertIn("message", response.json())

    def test_archived_agency(self):
        """AMB-25: who gets nothing new still reports on old files."""
        self.agency.active = False
        answer = self._report(self._row(self.one, file_status="paid"))
        self.assertEqual(answer["taken"], 1)

    # === RIGHTS === #

    @mute_logger("odoo.http")
    def test_key_reads_nothing(self):
        """Rights: neither members nor any table of the module can be read."""
        self._assert_reads_nothing()

    @mute_logger("odoo.http")
    def test_key_does_nothing_else(self):
        """Rights: the agency neither asks the door nor changes its own record."""
        for model, method, rest in (
            ("res.partner", "gym_check_access", {"member_number": "M-1"}),
            ("gym.collection.agency", "action_generate_key", {"ids": self.agency.ids}),
            ("gym.collection.agency", "action_forget_token", {"ids": self.agency.ids}),
            ("gym.agency.handover.line", "action_withdraw", {"ids": self.one.ids}),
        ):
            with self.subTest(method=method):
                response = self._call(model, method, **rest)
                self.assertEqual(response.status_code, 403, response.text)

    @mute_logger("odoo.http")
    def test_who_may_not_report(self):
        """Rights: neither a wrong key, nor clerks, nor a key without an agency."""
        self.assertEqual(self._send([], "0" * 40).status_code, 401)
        clerk = new_test_user(self.env, "clerk", "gym_dunning.group_dunning_manager")
        stray = new_test_user(self.env, "stray", "gym_dunning.group_collection_agency")
        for user in (clerk, stray):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["gym.collection.agency"].with_user(user).receive_updates([])

    def test_agency_is_nothing_else(self):
        """Rights: the user of the agency's system has its one group."""
        user = self.agency.user_id
        self.assertEqual(
            user.group_ids, self.env.ref("gym_dunning.group_collection_agency")
        )
        self.assertFalse(user.has_group("base.group_user"))

    @mute_logger("odoo.http")
    def test_new_key_replaces_the_former(self):
        """Rights: a lost key stops working when a new one is made."""
        new = self.as_admin.action_generate_key()["context"]["default_key"]
        self.assertEqual(self._send([]).status_code, 401)
        self.assertEqual(self._send([], new).status_code, 200)
        self.assertEqual(len(self.agency.user_id), 1)

    def test_only_administrators_make_keys(self):
        """Rights: a manager of reminders makes no users."""
        manager = new_test_user(
            self.env,
            "boss",
            "gym_dunning.group_dunning_manager",
            company_id=self.company.id,
        )
        with self.assertRaises(AccessError):
            self.agency.with_user(manager).action_generate_key()

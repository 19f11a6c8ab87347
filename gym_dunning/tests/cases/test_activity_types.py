"""Activity types of collection cases: participation, states, statuses, steps."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from ..base.common_centres import CentresCommon


class TestActivityTypes(CentresCommon):
    """A visit with the statuses Not started, Planned, Under way, Completed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.env["mail.activity.type"].create(
            {
                "name": "Visit",
                "collection_case": True,
                "collection_state": "in_progress",
            }
        )
        cls.open = cls._create_status("Not started", is_default=True)
        cls.planned = cls._create_status("Planned", previous_id=cls.open.id)
        cls.way = cls._create_status("Under way", previous_id=cls.planned.id)
        cls.done = cls._create_status("Completed", previous_id=cls.way.id, is_done=True)

    @classmethod
    def _create_status(cls, name, **vals):
        return cls.env["gym.activity.status"].create(
            {"activity_type_id": cls.visit.id, "name": name} | vals
        )

    def _delivered(self, name):
        return self.env.ref(f"gym_dunning.activity_type_{name}")

    # === WHAT IS DELIVERED === #

    def test_delivered_types(self):
        """G-30, G-31, G-38: five types take part, each with two statuses."""
        for name in ("call", "promise", "appointment", "deposit", "letter"):
            with self.subTest(name=name):
                one = self._delivered(name)
                self.assertTrue(one.collection_case)
                self.assertTrue(one.summary)
                self.assertRecordValues(
                    one.status_ids,
                    [
                        {"name": "Not Started", "is_default": True, "is_done": False},
                        {"name": "Completed", "is_default": False, "is_done": True},
                    ],
                )
                self.assertEqual(one.status_ids[1].previous_id, one.status_ids[0])

    def test_delivered_states(self):
        """G-32 to G-36: each type says where the case goes when it is done."""
        self.assertEqual(self._delivered("call").collection_state, "in_progress")
        self.assertEqual(self._delivered("promise").collection_state, "promise")
        self.assertEqual(self._delivered("deposit").collection_state, "completed")
        states = dict(self.visit._fields["collection_state"].selection)
        self.assertEqual(
            list(states), ["not_started", "in_progress", "promise", "completed"]
        )

    def test_delivered_chain(self):
        """G-59: a call suggests a promise; a promise plans the check of its deposit."""
        promise = self._delivered("promise")
        self.assertIn(promise, self._delivered("call").suggested_next_type_ids)
        self.assertEqual(promise.chaining_type, "trigger")
        self.assertEqual(promise.triggered_next_type_id, self._delivered("deposit"))

    def test_types_of_other_apps_take_no_part(self):
        """G-31: Odoo's own types are left out of cases until one is ticked."""
        self.assertFalse(self.env.ref("mail.mail_activity_data_call").collection_case)

    def test_state_needs_participation(self):
        """G-31, G-32: only types that take part move cases."""
        with self.assertRaisesRegex(ValidationError, "not available in them"):
            self.visit.collection_case = False

    # === STATUSES === #

    def test_form_of_a_manager(self):
        """G-30, G-37 to G-40: a manager makes a type with its statuses in the form."""
        env = self._as(self._user("manager", self.centre_a))
        action = self.env.ref("gym_dunning.mail_activity_type_action")
        types = env["mail.activity.type"].with_context(default_collection_case=True)
        with Form(types) as form:
            self.assertTrue(form.collection_case)
            form.name = "Home visit"
            form.collection_state = "in_progress"
            for number, name in ((20, "Completed"), (10, "Not started")):
                with form.status_ids.new() as row:
                    row.name = name
                    row.sequence = number
                    row.is_default = number == 10
        self.assertIn("default_collection_case", action.context)
        one = form.record
        one.invalidate_recordset()
        self.assertEqual(one.status_ids.mapped("name"), ["Not started", "Completed"])
        self.assertEqual(one._gym_default_status().name, "Not started")

    def test_recommendation(self):
        """G-38: the form recommends two statuses, not started and completed."""
        arch = self.env["mail.activity.type"].get_view()["arch"]
        self.assertIn("only have two statuses", " ".join(arch.split()))

    def test_one_default_per_type(self):
        """G-39: the one marked last is the default; other types keep theirs."""
        theirs = self._delivered("call").status_ids[0]
        self.planned.is_default = True
        self.assertEqual(self.visit._gym_default_status(), self.planned)
        self.assertFalse(self.open.is_default)
        self.assertTrue(theirs.is_default)
        added = self._create_status("Asked", is_default=True)
        self.assertEqual(self.visit._gym_default_status(), added)

    def test_two_defaults_at_once(self):
        """G-39: two marked in one go are refused by the database."""
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.visit.status_ids = [
                Command.create({"name": name, "is_default": True}) for name in "AB"
            ]

    def test_first_is_the_default(self):
        """G-39, G-40: without a mark the first in order is the default."""
        self.open.is_default = False
        self.assertEqual(self.visit._gym_default_status(), self.open)
        self.planned.sequence = 1
        self.visit.invalidate_recordset()
        self.assertEqual(self.visit._gym_default_status(), self.planned)

    def test_done_status(self):
        """G-38: the status of what was carried out is marked."""
        self.assertEqual(self.visit._gym_done_status(), self.done)
        self.done.is_done = False
        self.assertFalse(self.visit._gym_done_status())

    # === PREREQUISITES === #

    def test_previous_of_the_same_type(self):
        """G-41: the status before is one of the same type."""
        call = self._delivered("call").status_ids[0]
        with self.assertRaisesRegex(ValidationError, "another activity type"):
            self.planned.previous_id = call

    def test_prerequisite_keeps_its_type(self):
        """G-41: a status that comes before others does not change its type."""
        self.open.is_default = False
        with self.assertRaisesRegex(ValidationError, "another activity type"):
            self.open.activity_type_id = self._delivered("call")

    def test_previous_without_cycle(self):
        """G-41: no status comes before itself, in however many steps."""
        with self.assertRaisesRegex(ValidationError, "before itself"):
            self.open.previous_id = self.done

    def test_prerequisite_is_not_deleted(self):
        """G-41: a status that others need goes last; a type takes all of its own."""
        with self.assertRaisesRegex(UserError, '"Planned" must come before'):
            self.planned.unlink()
        self.visit.unlink()
        self.assertFalse(self.done.exists())

    def test_step_by_step(self):
        """G-41: each status is reached by the one that must come before it."""
        status = self.env["gym.activity.status"]
        for new in (self.open, self.planned, self.way, self.done):
            status._check_step(status.browse(self._old(new)), new)
            status._check_step(new, new)

    def _old(self, status):
        return status.previous_id.ids

    def test_jump_is_refused(self):
        """G-41: a jump is refused naming the statuses that are missing."""
        status = self.env["gym.activity.status"]
        with self.assertRaisesRegex(UserError, '"Planned", "Under way" must come'):
            status._check_step(self.open, self.done)
        with self.assertRaisesRegex(UserError, '"Not started" must come'):
            status._check_step(status, self.planned)

    def test_going_back_is_free(self):
        """G-41: what came once has come; going back is no jump."""
        status = self.env["gym.activity.status"]
        for old in (self.done, self.way, self.planned):
            status._check_step(old, self.open)
        status._check_step(self.done, self.planned)

    def test_status_of_another_type_counts_for_nothing(self):
        """G-41: an activity whose type changes begins at the beginning."""
        call = self._delivered("call").status_ids[1]
        with self.assertRaisesRegex(UserError, '"Not started" must come'):
            self.env["gym.activity.status"]._check_step(call, self.planned)

    # === RIGHTS === #

    def test_managers_change_types_of_cases_only(self):
        """Rights: types of other apps stay with the administrator."""
        env = self._as(self._user("manager", self.centre_a))
        self.visit.with_env(env).summary = "Ring the bell"
        with self.assertRaises(AccessError):
            self.env.ref("mail.mail_activity_data_todo").with_env(env).summary = "No"
        system = self._user("manager", self.centre_b)
        system.group_ids += self.env.ref("base.group_system")
        todo = self.env.ref("mail.mail_activity_data_todo").with_env(self._as(system))
        todo.summary = "Yes"

    def test_debt_managers_read_types(self):
        """Rights: a debt manager uses types and statuses and changes none."""
        env = self._as(self._user("debt_manager", self.centre_a))
        self.assertEqual(self.open.with_env(env).name, "Not started")
        for record in (self.open, self.visit):
            with self.assertRaises(AccessError):
                record.with_env(env).name = "Mine"

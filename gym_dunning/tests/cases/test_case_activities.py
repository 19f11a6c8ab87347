"""Activities of a case: how they are entered, their statuses, what done ones move."""

from datetime import date, datetime, time

import pytz

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user
from odoo.tools.safe_eval import safe_eval

from ..base.common import TODAY
from .common_case_activity import DAY, CaseActivityCommon


class TestCaseActivities(CaseActivityCommon):
    """Laura's case of 1683.10, worked by its manager."""

    # === ENTERING === #

    def _dialog(self, name=None):
        """Open the dialog behind a button of the case; return its form."""
        case = self.case.with_context(collection_type=name) if name else self.case
        action = case.action_plan_activity()
        self.assertEqual(action["target"], "new")
        activities = self.case.env["mail.activity"].with_context(**action["context"])
        return Form(activities, self.env.ref("mail.mail_activity_view_form_popup"))

    def test_dialog_is_prefilled(self):
        """G-59 to G-65: subject, manager, contact, start, amount and status are
        there, and the subject can be changed."""
        form = self._dialog("call")
        self.assertEqual(form.activity_type_id, self._type("call"))
        self.assertEqual(form.summary, "Call for collection")
        self.assertEqual(form.user_id, self.manager)
        self.assertEqual(form.contact_id, self.payer)
        self.assertEqual(form.amount, 1683.10)
        self.assertEqual(form.status_id.name, "Not Started")
        self.assertTrue(form.date_start)
        form.summary = "Third call"
        form.date_start = datetime.combine(TODAY, time(10))
        call = form.save()
        self.assertEqual(call.summary, "Third call")
        self.assertEqual(call.date_deadline, TODAY)
        self.assertEqual(self.case.all_activity_ids, call)
        self.assertIn(call, self.case.activity_ids, "G-68: Odoo's own activity")

    def test_the_manager_not_who_enters(self):
        """G-62: the activity is the case's debt manager's, whoever enters it, by
        the case's buttons and by the chatter's; a type's own person comes first."""
        case = self.case.with_user(self.env.user)
        action = case.with_context(collection_type="call").action_plan_activity()
        form = Form(self.env["mail.activity"].with_context(**action["context"]))
        self.assertEqual(form.user_id, self.manager)
        schedule = self.env["mail.activity.schedule"].with_context(
            active_model=case._name, active_ids=case.ids
        )
        with Form(schedule) as form:
            self.assertEqual(form.activity_type_id, self._type("call"))
            self.assertEqual(form.activity_user_id, self.manager)
        self._type("letter").default_user_id = self.env.user
        self.assertEqual(self._plan("letter").user_id, self.env.user)

    def test_manager_who_left(self):
        """Faults: activities of an archived manager wait on the case for another."""
        self.manager.active = False
        call = self._plan(case=self.case.with_user(self.env.user))
        self.assertFalse(call.user_id)
        self.assertEqual(self.case.next_activity_id, call)

    def test_types_of_the_buttons(self):
        """G-60: a button for each delivered type, and one for any that takes part."""
        for name in ("promise", "appointment", "letter", "deposit"):
            with self.subTest(name=name):
                self.assertEqual(self._dialog(name).activity_type_id, self._type(name))
        self.assertTrue(self._dialog().activity_type_id.collection_case)
        self._type("letter").unlink()
        with self.assertRaisesRegex(
            UserError, f"Plan Activity of case {self.case.name}"
        ):
            self._dialog("letter")

    def test_only_types_that_take_part(self):
        """G-31: a case offers its own types only, other records all the usual ones."""
        todo = self.env.ref("mail.mail_activity_data_todo")
        for model in ("mail.activity", "mail.activity.schedule"):
            domain = self.env[model]._fields["activity_type_id"].domain
            for record, offered in (
                ("gym.collection.case", False),
                ("res.partner", True),
            ):
                with self.subTest(model=model, record=record):
                    found = self._offered(domain, record)
                    self.assertEqual(todo in found, offered)
                    self.assertEqual(self._type("call") in found, not offered)

    def _offered(self, domain, res_model):
        return self.env["mail.activity.type"].search(
            safe_eval(domain, {"res_model": res_model})
        )

    def test_completed_case_has_no_next(self):
        """G-60: a completed case is reopened first."""
        self.case.action_complete()
        with self.assertRaisesRegex(UserError, "reopen"):
            self._dialog("call")

    def test_api_does_what_the_dialog_does(self):
        """G-57, G-61 to G-65: what is not given is proposed; what is given stays."""
        call = self.case.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(self.case._name),
                "res_id": self.case.id,
                "activity_type_id": self._type("call").id,
            }
        )
        dialog = self._dialog("call")
        for name in ("summary", "user_id", "contact_id", "amount", "status_id"):
            self.assertEqual(call[name], dialog[name], name)
        self.assertEqual(str(call.date_deadline), str(dialog.date_deadline))
        self.assertEqual(call.date_end, call.date_deadline)
        mine = self._plan(summary="Mine", user_id=False, contact_id=False, amount=3.0)
        self.assertRecordValues(
            mine, [{"summary": "Mine", "user_id": False, "amount": 3.0}]
        )

    def test_amount_beside_the_value_now(self):
        """G-57, AMB-32: the amount stays, the value of the case is shown beside it."""
        call = self._plan()
        self.case.with_user(self.env.user).other_amount = 100.0
        call.invalidate_recordset()
        self.assertEqual(call.amount, 1683.10)
        self.assertEqual(call.case_amount, 1783.10)

    # === DATES === #

    def test_start_and_due_date_are_one_day(self):
        """G-64: whichever is given, the other follows, on the manager's clock."""
        late = self._plan(date_start=datetime(2026, 3, 2, 23, 30))
        self.assertEqual(late.date_deadline, TODAY + DAY, "half past midnight there")
        due = self._plan(date_start=False, date_deadline=TODAY + 3 * DAY)
        self.assertEqual(due._gym_day_of(due.date_start), TODAY + 3 * DAY)

    def test_planned_at_night(self):
        """L21: what a job plans at four in the morning is for the morning, by the clock
        of its user; what a person plans by day keeps the hour."""
        self.manager.tz = "Europe/Berlin"
        for night, hour in (("2026-03-02 03:23:00", 9), ("2026-03-02 13:00:00", 14)):
            with self.subTest(night), freeze_time(night):
                call = self._plan(date_start=False, date_deadline=TODAY + 3 * DAY)
                start = pytz.utc.localize(call.date_start)
                clock = start.astimezone(pytz.timezone("Europe/Berlin"))
                self.assertEqual(clock.hour, hour)
                self.assertEqual(clock.date(), TODAY + 3 * DAY)

    def test_moving_the_due_date_keeps_the_hour(self):
        """G-64: rescheduled in the list of activities, over the change to summer
        time, nine o'clock stays nine o'clock."""
        call = self._plan(date_start=datetime(2026, 3, 27, 8))
        call.date_deadline = "2026-03-30"
        self.assertEqual(call.date_start, datetime(2026, 3, 30, 7))
        self.assertEqual(str(call.date_end), "2026-03-30", "it ends not before")
        call.date_start = datetime(2026, 4, 1, 12)
        self.assertEqual(str(call.date_deadline), "2026-04-01")
        call.action_reschedule_today()
        # Odoo's own button, by the server's day
        self.assertEqual(call.date_deadline, date.today())
        self.assertEqual(call._gym_day_of(call.date_start), call.date_deadline)

    def test_other_activities_are_left_alone(self):
        """G-06: an activity of a customer has nothing of a case."""
        call = self.laura.activity_schedule("mail.mail_activity_data_call")
        call.date_deadline = TODAY
        self.assertFalse(call.date_start or call.date_end or call.status_id)

    # === STATUSES === #

    def _visit(self):
        """A type with the statuses open, planned, done, each after the other."""
        visit = self.env["mail.activity.type"].create(
            {
                "name": "Visit",
                "collection_case": True,
                "collection_state": "in_progress",
                "status_ids": [Command.create({"name": "Open", "is_default": True})],
            }
        )
        for name in ("Planned", "Visited"):
            previous = visit.status_ids[-1].id
            visit.status_ids = [Command.create({"name": name, "previous_id": previous})]
        visit.status_ids[-1].is_done = True
        return visit

    def test_steps(self):
        """G-37, G-41: a jump is refused naming what is missing; the done status
        carries the activity out."""
        visit = self._visit()
        __, planned, done = visit.status_ids
        activity = self._plan(activity_type_id=visit.id)
        with self.assertRaisesRegex(UserError, '"Planned" must come'):
            activity.status_id = done
        activity.status_id = planned
        self.assertTrue(activity.active)
        activity.status_id = done
        self.assertEqual(activity.state, "done")
        self.assertEqual(self.case.state, "in_progress")

    def test_steps_of_a_new_one(self):
        """G-39, G-41: a new one stands at the default and may go one step."""
        visit = self._visit()
        __, planned, done = visit.status_ids
        self._plan(activity_type_id=visit.id, status_id=planned.id)
        with self.assertRaisesRegex(UserError, '"Planned" must come'):
            self._plan(activity_type_id=visit.id, status_id=done.id)
        call = self._type("call").status_ids
        self.assertEqual(self._plan(status_id=call[1].id).state, "done")

    def test_done_by_a_button_has_the_done_status(self):
        """G-38: Odoo's Mark Done walks the statuses to the end."""
        visit = self._visit()
        activity = self._plan(activity_type_id=visit.id)
        activity.action_done()
        self.assertEqual(activity.status_id, visit.status_ids[-1])

    def test_status_belongs_to_the_type(self):
        """G-37: a status of another type is refused; another type, another status."""
        call = self._plan()
        with self.assertRaisesRegex(ValidationError, "not a status of"):
            call.status_id = self._type("letter").status_ids[0]
        call.activity_type_id = self._type("letter")
        self.assertEqual(call.status_id, self._type("letter").status_ids[0])

    def test_deleted_type(self):
        """Faults: what was of a deleted type becomes a to-do, as everywhere."""
        letter = self._plan("letter")
        self._type("letter").unlink()
        self.assertFalse(letter.status_id)

    # === DONE === #

    def test_done_moves_the_case(self):
        """G-32 to G-36, AMB-36: doing moves the case forward, entering does not."""
        call = self._plan()
        self.assertEqual(self.case.state, "not_started")
        call.action_feedback(feedback="Calls back")
        self.assertEqual(self.case.state, "in_progress")
        self.assertEqual(call.feedback, "Calls back")

    def test_never_back_by_itself(self):
        """AMB-36: a call during a promise leaves it; a completed case stays so."""
        self._promise()
        self._plan().action_done()
        self.assertEqual(self.case.state, "promise")
        self.assertEqual(self.case.promise_id.promise_state, "running")
        last = self._plan()
        self.case.action_complete()
        last.action_done()
        self.assertEqual(self.case.state, "completed")

    def test_type_without_a_state(self):
        """G-32: an empty state leaves the case where it is."""
        self._type("call").collection_state = False
        self._plan().action_done()
        self.assertEqual(self.case.state, "not_started")

    def test_done_once(self):
        """Faults: a second click, or a colleague's, does nothing twice."""
        call = self._plan()
        call.action_feedback()
        notes = len(self.case.message_ids)
        call.action_feedback()
        self.assertEqual(len(self.case.message_ids), notes)

    def test_done_stays_as_it_was(self):
        """G-01, G-69: the record of what was done is not changed."""
        call = self._plan()
        self.assertEqual(call.action_open_activity()["res_id"], call.id)
        call.action_done()
        for vals in ({"amount": 1.0}, {"date_deadline": TODAY}, {"active": True}):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "is done"):
                call.write(vals)

    def test_leads_to_the_next(self):
        """G-59: a call done leads to the dialog of the next, with what is suggested;
        a type without a next one is just done."""
        call = self._plan()
        action = call.action_carry_out()
        activities = self.case.env["mail.activity"].with_context(**action["context"])
        form = Form(activities)
        self.assertTrue(form.has_recommended_activities)
        form.recommended_activity_type_id = self._type("appointment")
        self.assertEqual(form.user_id, self.manager)
        self.assertEqual(form.save().activity_type_id, self._type("appointment"))
        self.assertFalse(self._plan("letter").action_carry_out())

    def test_done_by_its_user_without_rights_on_the_case(self):
        """Rights: whoever an activity was given to may do it, and the case moves."""
        outsider = new_test_user(self.env, "helper", groups="base.group_user")
        call = self._plan(user_id=outsider.id)
        call.with_user(outsider).action_done()
        self.assertEqual(self.case.state, "in_progress")

    # === CHECK OF DEPOSIT === #

    def test_check_of_deposit_completes(self):
        """G-36: the money has arrived: the check completes the case."""
        check = self._plan("deposit")
        self._pay(self.old)
        self._pay(self.new)
        check.action_done()
        self.assertEqual(self.case.state, "completed")

    def test_check_of_deposit_too_early(self):
        """G-36: something is open: the case is not completed, and says why."""
        self._pay(self.old)
        self._plan("deposit").action_done()
        self.assertEqual(self.case.state, "in_progress")
        self.assertIn("1,148.14", self._last_note())
        self.assertIn("still open", self._last_note())

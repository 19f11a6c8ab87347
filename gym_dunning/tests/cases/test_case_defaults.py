"""What a new case begins with: its centre, who works it, and what is free for it."""

import itertools
from datetime import datetime, time, timedelta

import pytz
from freezegun import freeze_time
from lxml import etree

from odoo.fields import Command
from odoo.tests import Form, new_test_user
from odoo.tools.safe_eval import safe_eval

from ..base.common import TODAY
from ..base.common_centres import CentresCommon
from .common_case import CaseCommon
from .common_case_activity import CaseActivityCommon


class TestCaseCentre(CentresCommon):
    """Zoe owes 69 at centre B; the head office has the holding in use."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        head = cls._user("debt_manager", cls.group, name="Head")
        cls.zoe = cls._create_member("Kent Zoe")
        cls._create_invoice(cls.zoe, amount=69.0, company=cls.centre_b)
        cls.head = cls.env(
            user=head,
            context=dict(cls.env.context, allowed_company_ids=cls.group.ids),
        )

    def _form(self, partner=None):
        form = Form(self.head["gym.collection.case"])
        form.partner_id = (partner or self.zoe).with_env(self.head)
        return form

    def test_centre_of_the_open_items(self):
        """G-42, G-47: with the holding in use, the case is of the centre that is owed."""
        form = self._form()
        self.assertEqual(form.company_id, self.centre_b)
        self.assertEqual(form.amount_free, 69.0)
        self.assertFalse(form.free_message, "there is nothing to choose")
        self.assertEqual(form.save().company_id, self.centre_b)

    def test_other_centres_are_named_before_saving(self):
        """G-47: a centre where nothing is free says where something is, before the
        case is saved and draws a code."""
        form = self._form()
        form.company_id = self.holding.with_env(self.head)
        self.assertFalse(form.amount_free)
        self.assertRegex(
            form.free_message,
            rf"no free items at {self.holding.name}; .*69.00 at Centre B",
        )

    def test_button_is_there_where_something_is_free(self):
        """G-47: the button that saves the case and opens the dialog is not offered in
        vain."""
        view = self.head["gym.collection.case"].get_view(None, "form")
        buttons = etree.fromstring(view["arch"]).xpath(
            "//button[@name='action_add_items']"
        )
        self.assertTrue(buttons)
        for button in buttons:
            hidden = button.get("invisible") or button.getparent().get("invisible")
            self.assertIn("not amount_free", hidden)

    def test_several_centres(self):
        """G-47: who owes at several centres is worked at the one in use; the others
        are named."""
        self._create_invoice(self.zoe, amount=20.0, company=self.holding)
        form = self._form()
        self.assertEqual(form.company_id, self.holding)
        self.assertRegex(form.free_message, r"20\.00 .*69\.00 at Centre B")

    def test_nothing_anywhere(self):
        """G-49: who owes nothing keeps the centre in use, and it is said why."""
        form = self._form(self._create_member("Kent Paul"))
        self.assertEqual(form.company_id, self.holding)
        self.assertIn("they are paid", form.free_message)

    def test_centre_stays_under_the_items(self):
        """G-47: what is in the case keeps its centre, whatever opens elsewhere."""
        case = self.head["gym.collection.case"].create({"partner_id": self.zoe.id})
        case._add_items(case._free_items().move_line_id)
        self._create_invoice(self.zoe, amount=20.0, company=self.holding)
        case.modified(["partner_id"])
        self.assertEqual(case.company_id, self.centre_b)


class TestCaseHeader(CaseCommon):
    """Beside the status bar is room for three buttons."""

    def test_three_buttons(self):
        """G-42: whatever its state, a case offers three buttons at most; what else
        there is stands in the cog."""
        arch = self.env["gym.collection.case"].get_view(None, "form")["arch"]
        buttons = etree.fromstring(arch).xpath("//header/button")
        for state in ("not_started", "in_progress", "promise", "completed"):
            for amount_case, amount_free in itertools.product((0.0, 9.0), repeat=2):
                values = {
                    "state": state,
                    "amount_case": amount_case,
                    "amount_free": amount_free,
                }
                shown = [
                    one.get("string")
                    for one in buttons
                    if not safe_eval(one.get("invisible") or "False", dict(values))
                ]
                with self.subTest(**values):
                    self.assertLessEqual(len(shown), 3, shown)
                    self.assertTrue(shown)

    def test_cog(self):
        """G-70: completing and deleting stand in the cog of the form."""
        actions = self.env["ir.actions.actions"].get_bindings("gym.collection.case")
        self.assertLessEqual(
            {"Complete", "Delete"}, {one["name"] for one in actions["action"]}
        )


class TestCaseManager(CaseCommon):
    """Paul has no debt manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_member("Kent Paul")
        cls.invoice = cls._create_invoice(cls.paul, days=30, amount=50.0)
        cls.other = new_test_user(
            cls.env,
            "other",
            groups="gym_dunning.group_debt_manager",
            company_id=cls.company.id,
        )
        cls.team.member_ids = [Command.link(cls.other.id)]

    def test_me_for_a_customer_without_one(self):
        """G-46: a case that I make is mine, unless the customer has a debt manager."""
        cases = self.env["gym.collection.case"].with_user(self.other)
        with Form(cases) as form:
            form.partner_id = self.paul
            self.assertEqual(form.debt_manager_id, self.other)
            form.partner_id = self.laura
            self.assertEqual(form.debt_manager_id, self.manager)

    def test_me_from_open_payments(self):
        """G-46, G-80b: so is the case made from open payments."""
        line = self._receivable(self.invoice)
        items = self.env["gym.open.item"].with_user(self.other)
        action = items.search([("id", "=", line.id)]).action_create_case()
        case = self.env["gym.collection.case"].browse(action["res_id"])
        self.assertEqual(case.debt_manager_id, self.other)

    def test_nobody_for_the_system(self):
        """G-46: what the system makes belongs to nobody."""
        case = (
            self.env["gym.collection.case"]
            .with_user(self.env.ref("base.user_root"))
            .create({"partner_id": self.paul.id})
        )
        self.assertFalse(case.debt_manager_id)


class TestCaseActivityDone(CaseActivityCommon):
    """The call is planned in five days."""

    def test_done_now(self):
        """G-64: a call that is done before its day took place now, on the day of the
        user's clock."""
        call = self._plan(date_start=datetime.combine(TODAY, time(9)) + timedelta(5))
        late = datetime.combine(TODAY, time(23, 30))  # tomorrow in Zurich
        with freeze_time(late):
            call.action_feedback()
        tomorrow = TODAY + timedelta(days=1)
        zone = pytz.timezone(self.manager.tz)
        self.assertEqual(pytz.utc.localize(late).astimezone(zone).date(), tomorrow)
        self.assertRecordValues(
            call,
            [
                {
                    "date_start": late,
                    "date_deadline": tomorrow,
                    "date_end": tomorrow,
                    "active": False,
                }
            ],
        )

    def test_done_late_keeps_its_day(self):
        """G-64: what is done after its day keeps it."""
        start = datetime.combine(TODAY, time(9))
        call = self._plan(date_start=start)
        with freeze_time(start + timedelta(days=3)):
            call.action_feedback()
        self.assertEqual(call.date_start, start)

    def test_nobody_is_not_named(self):
        """G-62: what belonged to nobody belongs to who did it; no empty name is in the
        chatter."""
        call = self._plan()
        call.user_id = False
        call.action_feedback()
        self.assertEqual(call.user_id, self.manager)
        self.assertNotIn("originally assigned", self._last_note())

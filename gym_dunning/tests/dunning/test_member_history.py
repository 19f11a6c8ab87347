from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..base.common import TODAY
from .common_run import RunCommon


@tagged("post_install", "-at_install")
class TestMemberHistory(RunCommon):
    """Issue 15, chapter 3 no. 3: what happened with a member, in one list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_late_member("Lena Late")
        cls.other = cls._create_late_member("Otto Other")

    def _history(self, member=None, user=None):
        action = (member or self.member).action_open_history()
        events = self.env["gym.member.event"]
        return events.with_user(user or self.env.user).search(action["domain"])

    def test_reminder_and_letter(self):
        """A reminder is in the history of its member, and how its letter went."""
        run, __ = self._run_levels(1)
        reminder = run.reminder_ids.filtered(lambda one: one.member_id == self.member)
        events = self._history()
        self.assertEqual(set(events.mapped("kind")), {"reminder", "letter"})
        issued = events.filtered(lambda one: one.kind == "reminder")
        self.assertIn(reminder.display_name, issued.name)
        self.assertIn(reminder.level_id.name, issued.name)
        self.assertEqual(issued.amount, reminder.amount_total)
        self.assertEqual(issued.state, "Issued")
        letter = events.filtered(lambda one: one.kind == "letter")
        self.assertIn(letter.state, ("Sent", "Printed"))
        self.assertEqual(issued.action_open_record()["res_id"], reminder.id)

    def test_proposals_are_no_history(self):
        """What was only estimated did not happen; what was taken back did."""
        self._estimate()
        self.assertFalse(self._history())

    def test_cancelled_stays(self):
        """A reminder that was taken back stays, and says so."""
        run, __ = self._run_levels(1)
        run.action_cancel()
        events = self._history().filtered(lambda one: one.kind == "reminder")
        self.assertEqual(events.state, "Cancelled")

    def test_blocking_is_listed(self):
        """Blocking and unblocking are told with the status before and after."""
        self.env.cr.flush()  # what was changed before is tracked by now
        tracked = {"tracking_disable": False, "mail_notrack": False}
        self.member.with_context(**tracked).member_status_id = self.blocked
        self.env.cr.flush()
        event = self._history().filtered(lambda one: one.kind == "access")
        self.assertIn(self.blocked.name, event.name)
        self.assertFalse(event.can_open)

    def test_hold_by_hand(self):
        """A dispute is part of the history, also once it is released."""
        hold = self._hold(self._invoices(self.member), "dispute", note="cancelled it")
        self.assertEqual(self._history().mapped("state"), ["Disputed"])
        hold.active = False
        self.assertEqual(self._history().note, "cancelled it")

    def test_ids_are_unique(self):
        """Rows of different tables never share an id."""
        self._run_levels(2)
        events = self.env["gym.member.event"].search([])
        self.assertEqual(len(events), len(set(events.ids)))
        self.assertEqual(len(self._history(self.other)), len(self._history()))

    def test_reception_sees_nothing(self):
        """The history tells of debts: it is not for the reception."""
        self._run_levels(1)
        user = new_test_user(
            self.env,
            "desk",
            groups="gym_dunning.group_gym_reception",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self._history(user=user)
        arch = self.env["res.partner"].with_user(user).get_view(view_type="form")
        self.assertNotIn("action_open_history", arch["arch"])

    def test_other_companies_are_not_shown(self):
        """A record rule keeps the history to the centres of the user."""
        self._run_levels(1)
        elsewhere = self._create_company(name="Elsewhere")
        clerk = new_test_user(
            self.env,
            "elsewhere",
            groups="gym_dunning.group_dunning_user",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        found = self._history(user=clerk).filtered("company_id")
        self.assertFalse(found)

    def test_invoice_lists_its_reminders(self):
        """No. 7: the button on an invoice lists what demanded it."""
        run, __ = self._run_levels(1)
        invoice = self._invoices(self.member)
        action = invoice.action_open_reminders()
        found = self.env["gym.dunning.reminder"].search(action["domain"])
        self.assertEqual(found, run.reminder_ids.filtered("line_ids") & found)
        self.assertEqual(found.member_id, self.member)
        arch = self.env["account.move"].get_view(view_type="form")["arch"]
        self.assertIn("action_open_reminders", arch)

    def test_ready_made_filters(self):
        """No. 13: the filters that a clerk needs each week are there."""
        wanted = {
            "gym.open.item": {"over_90_days", "my_centre"},
            "gym.dunning.reminder": {"to_print", "not_sent", "my_centre"},
        }
        for model, names in wanted.items():
            with self.subTest(model=model):
                arch = self.env[model]._get_view(False, "search")[0]
                self.assertLessEqual(names, set(arch.xpath("//filter/@name")))
        items = self.env["gym.open.item"].with_context(dunning_date=TODAY)
        self.assertFalse(items.search([("days_overdue", ">", 90)]))

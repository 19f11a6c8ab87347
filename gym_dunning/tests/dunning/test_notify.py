"""Notify: exactly the selected open payments, or none."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ..base.common import TODAY
from ..base.common_mail import MailCommon
from .common_run import day_after


class TestNotify(MailCommon):
    """From the list of open payments, under a filter of one level."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_late_member("Kent Paul")
        cls.laura = cls._create_late_member("Kent Laura", amount=59.0)

    def _filter(self, level, day=TODAY):
        """Return what the filter of a level shows on a day."""
        items = self.env["gym.open.item"].with_context(dunning_date=day)
        return items.search(
            [("due_level", "=", level), ("partner_id", "in", self._members().ids)]
        )

    def _members(self):
        return self.paul | self.laura

    def _notify(self, items):
        """Press the button, let the jobs work and the outbox be sent."""
        action = items.action_notify()
        self._work()
        self._empty_outbox()
        return self.env["gym.dunning.run"].browse(action.get("res_id"))

    def _assert_refused(self, items, sentence):
        """Nothing is stored, nothing is sent."""
        before = self._count_rows()
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            items.action_notify()
        self.assertEqual(self._count_rows(), before)
        self._work()
        self._empty_outbox()
        self.assertFalse(self.postbox.received)

    # === EXACTLY THE SELECTED === #

    def test_exactly_the_selected(self):
        """S-25, S-28: one run of the selected items, generated and sent; another due
        item of the member is not in the letter, his credits are."""
        selected = self._item(self._invoices(self.paul))
        other = self._create_invoice(self.paul, amount=33.0)
        self._create_credit(self.paul, 10.0)
        run = self._notify(selected)
        self.assertEqual(run.state, "done")
        reminder = run.reminder_ids
        self.assertEqual(reminder.partner_id, self.paul)
        raised = reminder.line_ids.filtered("level_id").move_line_id
        self.assertEqual(raised, selected.move_line_id)
        self.assertEqual(reminder.amount_credit, 10.0)
        self.assertEqual(reminder.amount_total, 90.0)
        self.assertEqual(self._item(other).due_level, "1")
        self.assertEqual(len(self.postbox.received), 1)
        self.assertIn("90.00", self.postbox.text("kent.paul@example.com"))

    def test_count_rises_and_item_leaves(self):
        """S-07, S-29, S-14: after delivery the count is one more and the item has
        left the filter; on the outbox alone nothing is counted."""
        items = self._filter("1")
        self.assertEqual(items.partner_id, self.paul | self.laura)
        items.action_notify()
        self._work()
        self.assertFalse(self._filter("1"), "nobody can be notified twice")
        self.assertEqual(set(items.mapped("sent_count")), {0})
        self._empty_outbox()
        items.invalidate_recordset()
        self.assertEqual(set(items.mapped("sent_count")), {1})
        self.assertEqual(self._filter("2", day_after(11)).ids, items.ids)

    def test_all_levels_by_hand(self):
        """S-10 to S-13, S-24: filter 1, 2, 3, then completed, each by Notify."""
        item = self._item(self._invoices(self.paul))
        for number in range(3):
            day = day_after(11 * number)
            item = item.with_context(dunning_date=day)
            self.assertEqual(item.due_level, str(number + 1))
            run = self._notify(item)
            self.assertEqual(run.date, day)
        self.assertEqual(item.due_level, "done")
        self.assertEqual(item.sent_count, 2, "the third level sends nothing here")

    def test_small_items_count(self):
        """S-28: who picks an item has decided: the policy's minimum does not refuse."""
        self.policy.min_balance = 500.0
        run = self._notify(self._item(self._invoices(self.laura)))
        self.assertEqual(run.reminder_ids.partner_id, self.laura)

    def test_without_email_to_the_print_queue(self):
        """S-28: selected, but without an address: it waits for the printer."""
        self.laura.email = False
        run = self._notify(self._item(self._invoices(self.laura)))
        self.assertEqual(self._print_queue(run), run.reminder_ids)

    # === REFUSED AS A WHOLE === #

    def test_two_levels(self):
        """S-26, AMB-23: items due for different levels are refused together."""
        self._notify(self._item(self._invoices(self.paul)))
        self.postbox.received.clear()
        items = self._filter("1", day_after(11)) | self._filter("2", day_after(11))
        self.assertEqual(len(items), 2)
        self._assert_refused(items, "one and the same level")

    def test_completed(self):
        """S-27: what is completed cannot be notified any more."""
        day = self._reach(3)
        items = self._filter("done", day)
        self.assertEqual(len(items), 2)
        self._assert_refused(items, "one and the same level")

    def test_not_due(self):
        """S-26, AMB-02: too early, or the deadline runs: refused, all of it."""
        early = self._item(self._create_invoice(self.paul, days=3))
        self._assert_refused(early, "due now")
        self._assert_refused(early | self._filter("1"), "due now")
        item = self._item(self._invoices(self.laura))
        self._notify(item)
        self.postbox.received.clear()
        self._assert_refused(item, "due now")
        credit = self._create_credit(self.paul, 5.0)
        self._assert_refused(self._item(credit), "due now")

    def test_nothing_selected(self):
        """S-26: no selection, no run."""
        self._assert_refused(self.env["gym.open.item"], "Nothing was sent")

    def test_held_item(self):
        """S-28: a disputed one refuses the whole selection, by name."""
        self._hold(self._invoices(self.paul), "dispute")
        self._assert_refused(self._filter("1"), "Kent Paul.*disputed")

    def test_paused_member(self):
        """S-28: a client whose reminders are stopped refuses the whole, by name."""
        self.laura.client_status_id = self.paused
        self._assert_refused(self._filter("1"), "Kent Laura.*stops reminders")

    def test_in_credit(self):
        """S-28, AMB-01: who owes nothing on balance is not reminded."""
        self._create_credit(self.paul, 200.0)
        self._assert_refused(self._filter("1"), "Kent Paul.*cover what is late")

    def test_inactive(self):
        """S-16, S-04: where reminders are not activated nothing goes by hand."""
        self.env["gym.dunning.activation"].create(
            {"policy_id": self.policy.id, "company_id": self.company.id}
        ).active = False
        self._assert_refused(self._filter("1"), "not activated")

    def test_in_another_estimate(self):
        """AMB-09: an item proposed elsewhere is not taken from there."""
        self._estimate()
        self._assert_refused(self._filter("1"), "estimate of another run")

    # === RIGHTS === #

    def test_reception(self):
        """S-25: the reception neither sees open payments nor notifies."""
        user = new_test_user(
            self.env,
            login="front",
            groups="gym_dunning.group_gym_reception",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        items = self._filter("1").with_user(user)
        with self.assertRaises(AccessError):
            items.action_notify()

    def test_clerk(self):
        """S-25: a clerk notifies, with the rights of a clerk only."""
        user = new_test_user(
            self.env,
            login="desk",
            groups="gym_dunning.group_dunning_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
            lang="en_US",
        )
        items = self._filter("1").with_user(user)
        action = items.action_notify()
        self._work()
        self._empty_outbox()
        run = self.env["gym.dunning.run"].browse(action["res_id"])
        self.assertEqual(run.create_uid, user)
        self.assertEqual(set(self._states(run).values()), {"sent"})

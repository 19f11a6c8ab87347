"""Notify over several centres, and what the list of invoices shows."""

from odoo.exceptions import AccessError, UserError

from ..base.common import TODAY
from ..base.common_centres import CentresCommon
from ..base.common_mail import MailCommon
from .common_run import day_after


class TestNotifyCentres(MailCommon, CentresCommon):
    """A holding with two centres, and a gym beside it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.company_id = False
        cls.paul = cls._create_member("Kent Paul")
        cls.laura = cls._create_member("Kent Laura")
        cls.mike = cls._create_member("Kent Mike")
        cls.invoices = {
            cls.paul: cls._create_invoice(cls.paul, company=cls.centre_a),
            cls.laura: cls._create_invoice(cls.laura, company=cls.centre_b),
            cls.mike: cls._create_invoice(cls.mike, company=cls.stranger),
        }

    def _items(self, *members, user=None):
        moves = [self.invoices[member].id for member in members]
        env = self._as(user) if user else self.env
        ledger = env["gym.open.item"].with_context(dunning_date=TODAY)
        return ledger.search([("move_id", "in", moves)])

    def _runs(self, action):
        runs = self.env["gym.dunning.run"]
        if action.get("res_id"):
            return runs.browse(action["res_id"])
        return runs.search(action["domain"])

    def _notify(self, items):
        runs = self._runs(items.action_notify())
        self._work()
        self._empty_outbox()
        return runs

    def test_two_branches(self):
        """S-28: branches of one holding go in one run, each in its own letter."""
        user = self._user("clerk", self.group)
        runs = self._notify(self._items(self.paul, self.laura, user=user))
        self.assertEqual(len(runs), 1)
        self.assertEqual(runs.company_ids, self.centre_a | self.centre_b)
        self.assertEqual(
            set(runs.reminder_ids.company_id), {self.centre_a, self.centre_b}
        )
        self.assertEqual(set(self._states(runs).values()), {"sent"})

    def test_two_gyms(self):
        """S-28: creditors that have nothing in common get a run each."""
        user = self._user("clerk", self.everything)
        runs = self._notify(self._items(self.paul, self.mike, user=user))
        self.assertEqual(len(runs), 2)
        self.assertEqual(runs.reminder_ids.mapped("partner_id"), self.paul | self.mike)
        self.assertEqual(set(runs.reminder_ids.mapped("delivery_state")), {"sent"})
        self.assertEqual(len(self.postbox.received), 2)

    def test_one_refused_refuses_all_runs(self):
        """S-28: an item refused in one gym keeps the other gym's from being sent."""
        line = self._items(self.mike).move_line_id
        self.env["gym.dunning.hold"].create(
            {"move_line_id": line.id, "reason": "manual"}
        )
        items = self._items(self.paul, self.mike)
        before = self.env["gym.dunning.run"].search_count([])
        with self.assertRaisesRegex(UserError, "Kent Mike"), self.env.cr.savepoint():
            items.action_notify()
        self.assertEqual(self.env["gym.dunning.run"].search_count([]), before)

    def test_clerk_of_a_branch(self):
        """S-25, E-30: a branch's clerk notifies for the branch without seeing the
        holding, and nothing of another centre."""
        user = self._user("clerk", self.centre_a)
        runs = self._notify(self._items(self.paul, user=user))
        self.assertEqual(runs.company_id, self.centre_a)
        self.assertEqual(set(self._states(runs).values()), {"sent"})
        self.assertFalse(self._items(self.laura, user=user))
        with self.assertRaises(AccessError):
            self._items(self.laura).with_env(self._as(user)).action_notify()

    def test_other_centres_queue(self):
        """S-01, E-30: a clerk neither sends nor prints another centre's reminders."""
        run = self._notify(self._items(self.laura))
        self.env.cr.execute(
            "UPDATE gym_dunning_reminder SET delivery_state = 'failed' WHERE id = %s",
            run.reminder_ids.ids,
        )
        self.env.invalidate_all()
        theirs = run.reminder_ids.with_env(self._as(self._user("clerk", self.centre_a)))
        for method in ("action_send", "action_print_queue", "action_confirm_printed"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(theirs, method)()


class TestInvoiceList(MailCommon):
    """The invoice list and the ledger say the same (S-07 to S-13)."""

    def _late(self, name, days):
        member = self._create_late_member(name, days=days)
        return self._invoices(member)

    def _assert_everywhere(self, invoice, day, level, count):
        self.env.invalidate_all()  # as the next click of a user
        item = self._item(invoice, day)
        self.assertEqual((item.due_level, item.sent_count), (level, count))
        moves = self.env["account.move"].with_context(dunning_date=day)
        invoice = moves.browse(invoice.id)
        self.assertEqual(
            (invoice.dunning_due_level, invoice.dunning_count), (level, count)
        )
        for value in ("1", "2", "3", "done", False):
            found = moves.search(
                [("dunning_due_level", "=", value), ("id", "=", invoice.id)]
            )
            self.assertEqual(bool(found), value == level, value)

    def test_levels_of_time_and_sending(self):
        """S-07 to S-14, AMB-19: the table of cases: how late, what was sent, when."""
        self.two.min_days_overdue, self.three.min_days_overdue = 40, 60
        self.three.send_document = True
        late = {days: self._late(f"Days {days}", days) for days in (3, 30, 60, 90)}
        cases = [(3, TODAY, False, 0), (30, TODAY, "1", 0)]
        # however late: never mailed stands under 1
        cases += [(60, TODAY, "1", 0), (90, TODAY, "1", 0)]
        self._check(late, cases)
        self._send(self._generate())
        day = day_after(11)
        self._check(
            late,
            [
                (30, day_after(5), False, 1),  # the deadline runs
                (30, day_after(9), False, 1),
                (30, day, "2", 1),  # 41 days late
                (60, day, "2", 1),
                (90, day, "2", 1),  # in window 3, but waits for the second
                (3, day, "1", 0),  # 14 days late by now
            ],
        )
        self._send(self._generate(day))
        day = day_after(22)
        self._check(
            late,
            [
                (30, day, False, 2),  # 52 days late: window 3 not reached
                (30, day_after(30), "3", 2),
                (60, day, "3", 2),
                (3, day, False, 1),  # 25 days late, first sent
            ],
        )
        self._send(self._generate(day))
        day = day_after(33)
        self._check(late, [(60, day, "done", 3), (90, day, "done", 3)])

    def _check(self, late, cases):
        for days, day, level, count in cases:
            with self.subTest(days=days, day=day):
                self._assert_everywhere(late[days], day, level, count)

    def test_undelivered(self):
        """S-11, AMB-40: issued but not delivered stands under no filter."""
        invoice = self._late("Kent Refused", 30)
        self.postbox.refused["kent.refused@example.com"] = "550 unknown"
        with self.assertLogs("odoo.addons.mail.models.mail_mail"):
            run = self._send(self._generate())
        self._assert_everywhere(invoice, day_after(11), False, 0)
        run.reminder_ids.action_confirm_printed()
        self._assert_everywhere(invoice, day_after(11), "2", 1)

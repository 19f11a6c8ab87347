"""The outbox: written with the reminder, worked by Odoo's queue, emptied on demand."""

from odoo.addons.base.tests.test_ir_cron import CronMixinCase
from odoo.addons.gym_dunning.tests.base.common_committed import CommittedGymCase

from .common_sms import MOBILE, SmsCommon

# What caches of the registry may add or save; one query a member would be hundred.
SLACK = 8


class TestSmsOutbox(SmsCommon, CronMixinCase):
    """No SMS is lost, sent twice or sent in vain."""

    def test_queue_is_woken(self):
        """S-01: Odoo's queue starts at once, not in a day."""
        run = self._generate()
        with self.capture_triggers("sms.ir_cron_sms_scheduler_action") as captured:
            run.action_send()
        self.assertTrue(captured.records)

    def test_cancelled_run_is_never_sent(self):
        """S-14: SMS of a run taken back do not leave the outbox."""
        run = self._queue()
        sms = self._outbox()
        run.action_cancel()
        self.assertEqual(run.state, "cancelled")
        self.assertEqual(sms.state, "canceled")
        self._empty_outbox()
        self.assertFalse(self.provider.received)

    def test_not_sent_twice(self):
        """S-01: what left the outbox does not leave it again."""
        self._send_new()
        self._empty_outbox()
        self.assertEqual(len(self.provider.texts(MOBILE)), 1)

    def test_taken_out_by_an_administrator(self):
        """AMB-40: what is cancelled or deleted in the outbox becomes a letter."""
        for take_out in ("action_set_canceled", "unlink"):
            with self.subTest(take_out):
                run = self._queue()
                getattr(self._outbox(), take_out)()
                reminder = self._reminder(run, self.paul)
                self.assertEqual(self._fate(reminder), ("sms", "failed"))
                self.assertIn("taken out", reminder.delivery_message)
                self.assertIn(reminder, self._print_queue(run))
                run.action_cancel()

    def test_shown_in_the_chatter(self):
        """S-01: the reminder shows the SMS, and the same fate as Odoo's own."""
        run = self._queue()
        reminder = self._reminder(run, self.paul)
        [note] = reminder.message_ids.filtered(lambda one: one.message_type == "sms")
        self.assertIn(reminder.name, note.body)
        self.assertEqual(note.notification_ids.notification_status, "ready")
        self._empty_outbox()
        self.assertEqual(note.notification_ids.notification_status, "pending")

    def test_moderated(self):
        """AMB-40: what the provider still looks at waits; it cannot be sent again."""
        self.provider.answer(MOBILE, "processing")
        run = self._send_new()
        reminder = self._reminder(run, self.paul)
        self.assertTrue(reminder.is_in_outbox)
        self.assertEqual(run.outbox_count, 1)
        self.assertFalse(reminder._to_send())

    def test_query_count(self):
        """P5: SMS are queued together: 100 of them cost hardly more queries than 5."""
        few, many = (self._count_queries(count) for count in (5, 100))
        self.assertLessEqual(many, few + SLACK, f"{few} for 5")

    def _count_queries(self, count):
        members = self.env["res.partner"].create(
            [self._member_vals(number) for number in range(count)]
        )
        run = self._run_of(members)
        # sudo: as gym.process and the buttons do
        reminders = self._generated(run, members).sudo()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        reminders._send_by_sms()
        self.env.flush_all()
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(len(reminders._sms_trackers()), count)
        return queries

    def _member_vals(self, number):
        return {
            "name": f"Member {number}",
            "street": "Road 1",
            "phone": f"+4178{number:07d}",
            "lang": "en_US",
            "member_status_id": self.active.id,
        }

    def _run_of(self, members):
        """Owe a month as opening balances: invoices would take most of the time."""
        opening = CommittedGymCase._prepare_opening(self.env, members)
        move = self.env["account.move"].create(opening)
        move.action_post()
        move.line_ids.filtered("partner_id").no_followup = False
        return self._generate()

    def _generated(self, run, members):
        ours = run.reminder_ids.filtered(lambda one: one.partner_id in members)
        self.assertEqual(len(ours), len(members))
        return ours

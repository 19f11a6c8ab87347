"""What the provider reports later, at the address that Odoo gives it."""

from odoo.tests import HttpCase

from .common_sms import MOBILE, SmsCommon


class TestSmsReport(SmsCommon, HttpCase):
    """Reports through Odoo's own web address, as the public user."""

    def _report(self, status):
        uuids = self.provider.uuids(MOBILE)
        self.env.flush_all()
        self.make_jsonrpc_request(
            "/sms/status",
            {"message_statuses": [{"sms_status": status, "uuids": uuids}]},
        )
        self.env.invalidate_all()

    def test_failure_after_sent(self):
        """AMB-40: an SMS that was taken and did not arrive becomes a letter."""
        run = self._send_new()
        reminder = self._reminder(run, self.paul)
        self.assertEqual(self._fate(reminder), ("sms", "sent"))
        self._report("not_delivered")
        self.assertEqual(self._fate(reminder), ("sms", "failed"))
        self.assertIn("Not Delivered", reminder.delivery_message)
        self.assertIn(reminder, self._print_queue(run))

    def test_bounce_after_sent(self):
        """AMB-40: so does one to a number that does not exist any more."""
        run = self._send_new()
        self._report("invalid_destination")
        reminder = self._reminder(run, self.paul)
        self.assertIn("Invalid Destination", reminder.delivery_message)

    def test_delivered_after_moderation(self):
        """AMB-20: what was looked at and delivered counts."""
        self.provider.answer(MOBILE, "processing")
        run = self._send_new()
        self._report("delivered")
        reminder = self._reminder(run, self.paul)
        self.assertEqual(self._fate(reminder), ("sms", "sent"))

    def test_failure_after_printing(self):
        """AMB-40: a printed letter has arrived, whatever is reported of the SMS."""
        run = self._send_new()
        reminder = self._reminder(run, self.paul)
        self._report("expired")
        reminder.action_confirm_printed()
        self._report("delivered")
        self._report("rejected")
        self.assertEqual(self._fate(reminder), ("print", "printed"))

    def test_also_is_not_touched(self):
        """AMB-20: reports about a notice change nothing."""
        self.one.sms_use = "also"
        run = self._send_new()
        self._report("not_delivered")
        self.assertEqual(
            self._fate(self._reminder(run, self.paul)), ("print", "pending")
        )

"""An SMS that does not arrive becomes a letter, and allows nothing."""

from odoo.exceptions import UserError

from odoo.addons.gym_dunning.tests.dunning.common_run import day_after

from .common_sms import MOBILE, SmsCommon


class TestSmsFailure(SmsCommon):
    """Refusals of the provider, banned numbers, and second attempts."""

    def _assert_failed(self, run, reason):
        reminder = self._reminder(run, self.paul)
        self.assertEqual(self._fate(reminder), ("sms", "failed"))
        self.assertRegex(reminder.delivery_message, reason)
        self.assertIn(reminder, self._print_queue(run))
        self.assertFalse(reminder.is_in_outbox)
        self.assertEqual((run.outbox_count, run.to_print_count), (0, 1))
        return reminder

    def test_refused_number(self):
        """AMB-40: a refused number goes to the print queue and stops the next level,
        until the letter is printed."""
        self.provider.answer(MOBILE, "wrong_number_format")
        run = self._send_new()
        reminder = self._assert_failed(run, "did not arrive: Wrong Number Format")
        item = self._item(self._invoices(self.paul), day_after(11))
        self.assertEqual((item.sent_count, item.due_level), (0, False))
        with self.assertRaisesRegex(UserError, "Last Reminder Not Delivered: 1"):
            self._estimate(day_after(11))
        reminder.action_confirm_printed()
        self.assertEqual(self._fate(reminder), ("print", "printed"))
        item = self._item(self._invoices(self.paul), day_after(11))
        self.assertEqual((item.sent_count, item.due_level), (1, "2"))

    def test_no_credit(self):
        """AMB-40: an empty account is named as what it is."""
        self.provider.answer(MOBILE, "insufficient_credit")
        self._assert_failed(self._send_new(), "Insufficient Credit")

    def test_only_the_refused_ones(self):
        """AMB-40: others of the same batch are sent."""
        laura = self._create_late_member("Laura", email=False, phone="+41781110001")
        self.provider.answer(MOBILE, "country_not_supported")
        run = self._send_new()
        self._assert_failed(run, "Country Not Supported")
        self.assertEqual(self._fate(self._reminder(run, laura)), ("sms", "sent"))

    def test_provider_not_reachable(self):
        """AMB-40: no answer is no delivery."""
        self.provider.unreachable = True
        self._assert_failed(self._send_new(), "Server Error")

    def test_answers_that_odoo_does_not_know(self):
        """AMB-40: new words of the provider are passed on, readable."""
        for answer, words in (
            ("registration_needed", "Country-specific Registration Required"),
            ("incompatible_content", "incompatible content"),
        ):
            with self.subTest(answer):
                self.provider.answer(MOBILE, answer)
                run = self._send_new()
                self._assert_failed(run, words)
                run.action_cancel()

    def test_reason_in_the_responsibles_language(self):
        """AMB-40: who answers for the run reads why, whoever emptied the outbox."""
        self.env["res.lang"]._activate_lang("de_DE")
        code = self.env["ir.model.fields.selection"].search(
            [("field_id.model", "=", "mail.notification"), ("value", "=", "sms_credit")]
        )
        code.with_context(lang="de_DE").name = "Kein Guthaben"
        self.env.user.lang = "de_DE"
        self.provider.answer(MOBILE, "insufficient_credit")
        self._assert_failed(self._send_new(), "Kein Guthaben")

    def test_blacklisted(self):
        """AMB-40: who does not want SMS gets a letter, and no SMS."""
        self.env["phone.blacklist"].add(MOBILE)
        run = self._queue()
        self._assert_failed(run, "blacklisted")
        self.assertFalse(self._outbox())

    def test_second_attempt(self):
        """AMB-40: sent again to the number of today; what is reported about the first
        attempt afterwards does not count."""
        self.provider.answer(MOBILE, "processing")
        run = self._send_new()
        reminder = self._reminder(run, self.paul)
        # sudo: as Odoo's web address for reports
        [first] = reminder._sms_trackers().sudo()
        first._action_update_from_provider_error("not_delivered")
        self._assert_failed(run, "Not Delivered")
        self.paul.phone = "+41781110001"
        reminder.action_send()
        self._empty_outbox()
        self.assertEqual(self._fate(reminder), ("sms", "sent"))
        self.assertFalse(reminder.delivery_message)
        first._action_update_from_provider_error("rejected")
        self.assertEqual(self._fate(reminder), ("sms", "sent"))

    def test_not_repeated_beside_the_new_one(self):
        """S-01: a failed SMS that is sent again by a new one stays where it is."""
        self.provider.answer(MOBILE, "server_error")
        run = self._send_new()
        old = self.env["sms.sms"].search([("state", "=", "error")])
        self.provider.clear()
        self._reminder(run, self.paul).action_send()
        old.resend_failed()
        self._empty_outbox()
        self.assertEqual(len(self.provider.texts(MOBILE)), 1)

"""A notice besides letter or e-mail decides nothing."""

from .common_sms import MOBILE, SmsCommon


class TestSmsAlso(SmsCommon):
    """Levels that send SMS besides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one.sms_use = "also"

    def test_changes_nothing_of_the_delivery(self):
        """AMB-20: the letter waits in the print queue as if there were no SMS."""
        run = self._queue()
        reminder = self._reminder(run, self.paul)
        self.assertEqual(self._fate(reminder), ("print", "pending"))
        self._empty_outbox()
        self.assertEqual(len(self.provider.texts(MOBILE)), 1)
        self.assertEqual(self._fate(reminder), ("print", "pending"))
        self.assertEqual((run.sent_count, run.to_print_count), (0, 1))

    def test_failing_changes_nothing(self):
        """AMB-20: nor does a notice that fails, or one that arrives after printing."""
        self.provider.answer(MOBILE, "wrong_number_format")
        run = self._queue()
        reminder = self._reminder(run, self.paul)
        reminder.action_confirm_printed()
        self._empty_outbox()
        self.assertEqual(self._fate(reminder), ("print", "printed"))

    def test_besides_an_email(self):
        """AMB-20: the e-mail waits in its own outbox."""
        self._give_mail_template(self.one)
        self.paul.email = "paul@example.com"
        run = self._send_new()
        self.assertEqual(
            self._fate(self._reminder(run, self.paul)), ("email", "pending")
        )
        self.assertEqual(len(self.provider.texts(MOBILE)), 1)

    def test_once(self):
        """S-01: sending the letter again does not repeat the notice."""
        run = self._send_new()
        reminder = self._reminder(run, self.paul)
        reminder._set_delivery("failed", "torn")
        reminder.action_send()
        self._empty_outbox()
        self.assertEqual(len(self.provider.texts(MOBILE)), 1)

    def test_not_to_banned_numbers(self):
        """AMB-40: who does not want SMS gets none, and his letter as ever."""
        self.env["phone.blacklist"].add(MOBILE)
        run = self._queue()
        self.assertFalse(self._outbox())
        self.assertEqual(
            self._fate(self._reminder(run, self.paul)), ("print", "pending")
        )

    def test_cancelled_run(self):
        """S-14: notices of a run taken back do not leave the outbox."""
        self._queue().action_cancel()
        self._empty_outbox()
        self.assertFalse(self.provider.received)

"""Issue 19, 2: what a reminder by SMS cost."""

from .common_sms import MOBILE, SmsCommon


class TestSmsCost(SmsCommon):
    """The settings name the price of an SMS."""

    def test_cost(self):
        """Issue 19, 2: an SMS that was sent costs what the settings say."""
        self.company.dunning_cost_sms = 0.08
        self._create_late_member("Kent Laura")
        letter = self._generate().reminder_ids[:1]
        letter.sudo().write({"delivery_channel": "sms", "delivery_state": "sent"})
        self.env.flush_all()
        outcome = self.env["gym.dunning.outcome"].browse(letter.id)
        self.assertEqual(outcome.delivery_channel, "sms")
        self.assertEqual(outcome.amount_cost, 0.08)

    def _cost(self, letter):
        self.env.flush_all()
        outcomes = self.env["gym.dunning.outcome"]
        outcomes.invalidate_model()
        return outcomes.browse(letter.id).amount_cost

    def test_beside_a_letter(self):
        """Issue 19, 2: an SMS beside the letter costs as soon as it was sent, and the
        letter costs when it is printed."""
        self.company.write({"dunning_cost_sms": 0.08, "dunning_cost_print": 1.1})
        self.one.sms_use = "also"
        letter = self._reminder(self._queue(), self.paul)
        self.assertEqual(self._cost(letter), 0)
        self._empty_outbox()
        self.assertEqual(self._cost(letter), 0.08)
        letter.action_confirm_printed()
        self.assertEqual(self._cost(letter), 1.18)

    def test_beside_a_letter_and_failed(self):
        """Issue 19, 2: an SMS that nobody took costs nothing."""
        self.company.dunning_cost_sms = 0.08
        self.one.sms_use = "also"
        self.provider.answer(MOBILE, "wrong_number_format")
        letter = self._reminder(self._send_new(), self.paul)
        self.assertEqual(self._cost(letter), 0)

    def test_instead_of_paper_counts_once(self):
        """Issue 19, 2: an SMS that is the reminder is no notice besides."""
        self.company.dunning_cost_sms = 0.08
        letter = self._reminder(self._send_new(), self.paul)
        self.assertEqual(letter.delivery_channel, "sms")
        self.assertEqual(self._cost(letter), 0.08)

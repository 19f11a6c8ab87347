"""Issue 19, 2: what a reminder by SMS cost."""

from .common_sms import SmsCommon


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

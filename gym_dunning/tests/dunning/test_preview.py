"""A level's letter and e-mail, looked at before anybody gets them (L6, chapter 3)."""

from odoo.exceptions import UserError

from odoo.addons.mail.tests.common import MailCase

from .common_letter_payment import LetterPaymentCommon

COUNTED = (
    "gym.dunning.reminder",
    "gym.dunning.run",
    "res.partner",
    "mail.mail",
    "mail.message",
)


class TestPreview(LetterPaymentCommon, MailCase):
    """The dialog of a level."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("de_DE")
        cls.level = cls.policy.level_ids[1]
        cls.level.mail_template_id = cls.env.ref("gym_dunning.mail_template_level_2")
        cls.level.fee_product_id.lst_price = 12.0

    def _preview(self, **vals):
        action = self.level.action_preview()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        if vals:
            preview.write(vals)
            preview.action_show()
        return preview

    def _counts(self):
        return {model: self.env[model].sudo().search_count([]) for model in COUNTED}

    def test_nothing_is_kept(self):
        """Chapter 3 no. 9: no number is drawn, and nobody and nothing is made."""
        sequence = self.company.sudo()._reminder_sequence()
        before, number = self._counts(), sequence.number_next_actual
        preview = self._preview(company_id=self.company.id)
        preview.action_letter()
        self.assertIn("EXAMPLE", preview.subject)
        self.assertEqual(self._counts(), before)
        self.assertEqual(sequence.number_next_actual, number)

    def test_language_chosen(self):
        """Chapter 3 no. 9: the e-mail is shown in the language chosen."""
        self.level.subject = "Second reminder"
        self.level.with_context(lang="de_DE").subject = "Zweite Mahnung"
        self.assertNotIn("Zweite", self._preview(lang="en_US").subject)
        self.assertIn("Zweite Mahnung", self._preview(lang="de_DE").subject)

    def test_send_to_me(self):
        """Chapter 3 no. 9: the test goes to the user alone, with the letter."""
        self.env.user.email = "me@example.com"
        before = self._counts()
        with self.mock_mail_gateway(mail_unlink_sent=True):
            action = self._preview().action_send()
        [mail] = self._mails
        self.assertEqual(mail["email_to"], [self.env.user.email_formatted])
        self.assertTrue(mail["subject"].startswith("Test: "))
        self.assertEqual(len(mail["attachments"]), 1)
        self.assertEqual(action["params"]["type"], "success")
        self.env.flush_all()
        self.assertEqual(self._counts(), before)

    def test_what_is_missing_is_said(self):
        """Chapter 3 no. 9: without a template, a document or an address."""
        preview = self._preview()
        self.env.user.email = False
        with self.assertRaises(UserError) as error:
            preview.action_send()
        self.assertIn("no e-mail address", str(error.exception))
        self.env.user.email = "me@example.com"
        self.level.mail_template_id = False
        preview.action_show()
        self.assertFalse(preview.body)
        with self.assertRaises(UserError) as error:
            preview.action_send()
        self.assertIn("letters are printed", str(error.exception))
        self.level.send_document = False
        with self.assertRaises(UserError) as error:
            preview.action_letter()
        self.assertIn("sends no document", str(error.exception))

    def test_fee_that_is_charged(self):
        """L6: where no amount is entered, the article's price is shown."""
        self.assertEqual(self.level.fee_charged, 12.0)
        self.level.fee_amount = 5.0
        self.assertEqual(self.level.fee_charged, 5.0)
        self.level.fee_product_id = False
        self.assertEqual(self.level.fee_charged, 0.0)

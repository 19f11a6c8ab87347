"""The link on letters, in e-mails and SMS: whose it is, and that it opens."""

import re

from odoo.tests import tagged

from odoo.addons.gym_dunning_portal.models import tokens

from .common_page import PageCommon

LINK = re.compile(r"https?://[^\s\"<]*/gym/([A-Za-z0-9_-]{40})")


@tagged("post_install", "-at_install")
class TestPageLetter(PageCommon):
    """Issue 18, 1: QR of the link on the letter beside the bank's code, link in e-mails
    and SMS."""

    def _reminded(self, partner):
        run = self._generate(self.today)
        return self._reminder(run, partner)

    def _read(self, token):
        return tokens.read(self.env(su=True), token)

    def test_letter_has_a_code(self):
        """The letter has the code of the page; an estimate, which nobody gets, none."""
        run = self._estimate(self.today)
        draft = self._reminder(run, self.paul)
        self.assertNotIn("Code of your page", self._html(draft))
        run.action_generate()
        self._work()
        self.assertIn("Code of your page", self._html(draft))

    def _html(self, reminder):
        report = self.env.ref("gym_dunning.action_report_reminder_letter")
        return str(report._render_qweb_html(report, reminder.ids)[0])

    def test_code_of_the_letter(self):
        """The code is a picture, made anew each time and stored nowhere."""
        reminder = self._reminded(self.paul)
        self.assertTrue(reminder._page_code().startswith("data:image/png;base64,"))
        claims = self._read(reminder._page_link("letter").rsplit("/", 1)[1])
        self.assertEqual(claims.partner_id, self.paul.id)
        self.assertEqual(claims.company_id, self.company.id)
        self.assertEqual(claims.purpose, "letter")

    def test_email_and_sms(self):
        """Both have the link, each its own, and it opens the page."""
        reminder = self._reminded(self.paul)
        for text, purpose in (
            (str(reminder._mail_details()), "email"),
            (reminder._page_link("sms"), "sms"),
        ):
            token = LINK.search(text).group(1)
            self.assertEqual(self._read(token).purpose, purpose)
            self.assertEqual(self._open(f"/gym/{token}").status_code, 200)

    def test_link_in_the_sms(self):
        """The link stands behind what is to be paid, where the text says that; what a gym
        wrote without it stays as it is."""
        reminder = self._reminded(self.paul)
        if not hasattr(reminder, "_sms_bodies"):
            self.skipTest("SMS are not installed.")
        asks = "{{ object._payment_sentence() }}"
        link = f"{reminder._payment_sentence()} {reminder._page_link('sms')}"
        for text, expected in (
            (asks, link.replace("\xa0", " ")),
            ("Call us.", "Call us."),
        ):
            template = self.env["sms.template"].create(
                {
                    "name": "Ours",
                    "model_id": self.env["ir.model"]._get_id(reminder._name),
                    "body": text,
                }
            )
            bodies = reminder._sms_bodies(template)
            self.assertEqual(bodies, {reminder.id: expected})

    def test_guardian_gets_his_own_page(self):
        """The letter about a child leads to the guardian's page."""
        mother = self._create_member("Roe Maria")
        lisa = self._child("Roe Lisa", mother)
        self._owe(lisa, 40.0)
        reminder = self._reminded(lisa)
        self.assertEqual(reminder.addressee_id, mother)
        claims = self._read(reminder._page_link("letter").rsplit("/", 1)[1])
        self.assertEqual(claims.partner_id, mother.id)

    def test_invoice_address_gets_the_members_page(self):
        """A letter to an address of the member leads to the member's page."""
        self.env["res.partner"].create(
            {
                "parent_id": self.paul.id,
                "type": "invoice",
                "name": "Office",
                "street": "Office Road 1",
                "zip": "8000",
                "city": "Town",
            }
        )
        reminder = self._reminded(self.paul)
        self.assertEqual(reminder.addressee_id.name, "Office")
        claims = self._read(reminder._page_link("letter").rsplit("/", 1)[1])
        self.assertEqual(claims.partner_id, self.paul.id)

    def test_letters_to_fetch(self):
        """The letter as it was sent is on the page, once it was sent; not that of
        somebody else."""
        laura = self._create_member("Kent Laura")
        self._owe(laura)
        run = self._generate(self.today)
        mine, other = self._reminder(run, self.paul), self._reminder(run, laura)
        self.assertNotIn("/letter/", self._known(self.paul).text)
        for reminder in mine + other:
            self.env["ir.attachment"].sudo().create(
                {
                    "name": reminder._letter_name(),
                    "res_model": reminder._name,
                    "res_id": reminder.id,
                    "raw": f"letter {reminder.name}".encode(),
                }
            )
        self._deliver(run)
        path = self._path(self.paul)
        self.assertIn(f"/letter/{mine.id}", self._open(path).text)
        answer = self._open(f"{path}/letter/{mine.id}")
        self.assertEqual(answer.text, f"letter {mine.name}")
        answer = self._open(f"{path}/letter/{other.id}")
        self.assertIn("not available", answer.text)
        self.assertNotIn(other.name, answer.text)

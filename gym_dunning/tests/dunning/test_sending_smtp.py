"""Two hundred reminders with real PDFs, received by a real mail server."""

import time

from odoo.tests import HttpCase

from ..base.common_mail import MailCommon
from ..base.common_pdf import PdfCommon

COUNT = 200
# What the members of each language read: subject, deadline, amount.
LANGUAGES = {
    "en_US": ("Payment reminder", "03/12/2026", r"\$\s?1\d\d\.00"),
    "de_DE": ("Zahlungserinnerung", "12.03.2026", r"\$\s?1\d\d,00"),
    "fr_FR": ("Rappel de paiement", "12/03/2026", r"\$\s?1\d\d,00"),
    "el_GR": ("Υπενθύμιση πληρωμής", "12/03/2026", r"\$\s?1\d\d,00"),
}
SALUTATIONS = {
    "en_US": "Dear",
    "de_DE": "Guten Tag",
    "fr_FR": "Bonjour",
    "el_GR": "Αγαπητέ",
}


class TestSendingSmtp(PdfCommon, MailCommon, HttpCase):
    """The whole way: wkhtmltopdf, outbox, queue, SMTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = cls.one.mail_template_id
        body = template.body_html
        for lang, (subject, __, __) in LANGUAGES.items():
            cls.env["res.lang"]._activate_lang(lang)
            cls.one.with_context(lang=lang).subject = subject
            template.with_context(lang=lang).body_html = body.replace(
                "Dear", SALUTATIONS[lang]
            )

    def setUp(self):
        super().setUp()
        context = dict(self.env.context, force_report_rendering=True)
        self.env = self.env(context=context)

    def _pdf_text(self, content):
        return " ".join(self._pages(content))

    def _create_everybody(self):
        for lang in LANGUAGES:
            name = f"Member{lang[:2]}"
            self._create_late_members(COUNT // len(LANGUAGES), name, lang=lang)

    def _assert_language(self, lang, reminder):
        """Subject, text, amount and letter speak the addressee's language."""
        subject, deadline, amount = LANGUAGES[lang]
        address = reminder.addressee_id.email
        [message] = self.postbox.to(address)
        self.assertEqual(message["Subject"], f"{subject} {reminder.name}")
        text = self.postbox.text(address)
        self.assertIn(SALUTATIONS[lang], text)
        self.assertIn(deadline, text)
        self.assertRegex(text, amount)
        [pdf] = self.postbox.files(address).values()
        letter = self._pdf_text(pdf)
        self.assertIn(reminder.partner_id.name, letter)
        self.assertIn(reminder.name, letter)
        self.assertIn(deadline, letter)

    def test_run_of_two_hundred(self):
        """S-01, S-02, E-25: a run of 200 sent in the background: each addressee gets
        one e-mail in his language, with his own letter; few calls of wkhtmltopdf."""
        self._create_everybody()
        run = self._generate()
        start = time.monotonic()
        with self._counted_calls() as calls:
            run.action_send()
            self.assertEqual(run.process_state, "pending", "it works in the background")
            self._work()
        self.assertEqual(run.outbox_count, COUNT)
        self.assertLessEqual(len(calls), COUNT / 20)
        self._empty_outbox()
        seconds = time.monotonic() - start
        self.assertEqual(len(self.postbox.received), COUNT)
        self.assertEqual(run.sent_count, COUNT)
        self.assertTrue(all(run.reminder_ids.mapped("delivery_date")))
        letters = run.reminder_ids._kept_letters()
        for reminder in run.reminder_ids:
            address = reminder.addressee_id.email
            [(name, content)] = self.postbox.files(address).items()
            self.assertEqual(name, letters[reminder.id].name)
            self.assertEqual(content, letters[reminder.id].raw)
            self.assertTrue(content.startswith(b"%PDF"))
            [message] = self.postbox.to(address)
            self.assertIn("office@gym.example.com", message["From"])
            self.assertIn("office@gym.example.com", message["Reply-To"])
        for lang in LANGUAGES:
            with self.subTest(lang=lang, seconds=round(seconds)):
                mine = run.reminder_ids.filtered(
                    lambda one, lang=lang: one.addressee_id.lang == lang
                )
                self.assertEqual(len(mine), COUNT // len(LANGUAGES))
                self._assert_language(lang, mine[0])
                self._assert_language(lang, mine[-1])

    def test_invoices_are_attached(self):
        """S-02: where the level says so the invoices come along: as they were sent,
        else made, in one call for all; credits and others' invoices do not."""
        self.one.attach_invoices = True
        paul = self._create_late_member("Kent Paul")
        laura = self._create_late_member("Kent Laura")
        second = self._create_invoice(paul, amount=11.0)
        sent = self._create_invoice(laura, amount=12.0)
        self.env["ir.attachment"].create(
            {
                "name": "as sent.pdf",
                "raw": b"%PDF as sent",
                "res_model": "account.move",
                "res_id": sent.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        run = self._generate()
        with self._counted_calls() as calls:
            self._send(run)
        self.assertEqual(len(calls), 2, "letters once, missing invoices once")
        pauls = self.postbox.files("kent.paul@example.com")
        self.assertEqual(len(pauls), 3)
        texts = " ".join(self._pdf_text(content) for content in pauls.values())
        for invoice in self._invoices(paul) | second:
            self.assertIn(invoice.name, texts)
        lauras = self.postbox.files("kent.laura@example.com")
        self.assertEqual(len(lauras), 3)
        self.assertIn(b"%PDF as sent", lauras.values())

    def test_same_letter_on_paper(self):
        """AMB-40, E-24: the letter of a failed e-mail is printed as it was made."""
        self.postbox.refused["kent.paul@example.com"] = "550 unknown"
        self._create_late_member("Kent Paul")
        with self.assertLogs("odoo.addons.mail.models.mail_mail"):
            run = self._send_new()
        action = self._print_queue(run).action_print_queue()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        with self._counted_calls() as calls:
            wizard.action_print()
        self.assertFalse(calls, "nothing is made again")
        self.assertIn("Kent Paul", self._pdf_text(wizard.document_id.raw))

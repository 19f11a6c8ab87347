"""A letter, an e-mail and a notice always name somebody, and never a sample."""

import re

from lxml import html

from odoo import SUPERUSER_ID
from odoo.fields import Command

from .common_run import RunCommon

OLD_BODY = (
    '<div><p>Dear <t t-out="object.addressee_id.name">Kent Paul</t>,</p>'
    '<p>You owe <t t-out="format_amount(object.amount_total, object.currency_id)">'
    '80.00</t>.</p><p><t t-out="object.company_id.name">Kent Fitness</t></p></div>'
)
TEMPLATES = (
    "mail_template_level_1",
    "mail_template_level_2",
    "mail_template_level_3",
    "mail_template_renewal_notice",
    "mail_template_handover",
)


class TestLetterNames(RunCommon):
    """Members whose invoice address has no name of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mary = cls._create_member("Mary Miller", lang="en_US")
        cls.billing = cls.env["res.partner"].create(
            {
                "parent_id": cls.mary.id,
                "type": "invoice",
                "street": "Billing street 9",
                "email": "bill@example.com",
                "lang": "en_US",
            }
        )
        cls.one.mail_template_id = cls.env.ref("gym_dunning.mail_template_level_1")
        cls._create_invoice(cls.mary)

    def _text(self, content):
        document = html.fromstring(content)
        for style in document.xpath("//style"):
            style.getparent().remove(style)
        return " ".join(" ".join(document.itertext()).split())

    def _letter(self, reminder):
        report = reminder.level_id.report_id
        return self._text(report._render_qweb_html(report, reminder.ids)[0])

    def _mail(self, record, template):
        body = template._render_field("body_html", record.ids, compute_lang=True)
        return self._text(str(body[record.id]))

    def test_unnamed_address_in_the_letter(self):
        """Case 13: window and salutation of an unnamed address name its owner, once."""
        reminder = self._generate().reminder_ids
        self.assertEqual(reminder.addressee_id, self.billing)
        text = self._letter(reminder)
        self.assertIn("Dear Mary Miller,", text)
        self.assertIn("Mary Miller Billing street 9", text)
        self.assertNotIn("for Mary Miller", text)

    def test_unnamed_address_in_the_mail(self):
        """Case 13: so does the e-mail of each level, in place of Kent Paul."""
        reminder = self._generate().reminder_ids
        for number in (1, 2, 3):
            template = self.env.ref(f"gym_dunning.mail_template_level_{number}")
            with self.subTest(level=number):
                text = self._mail(reminder, template)
                self.assertIn("Dear Mary Miller,", text)
                self.assertNotIn("Kent", text)

    def test_unnamed_address_in_the_notice(self):
        """Case 13: and the notice of renewal, on paper and by e-mail."""
        notice = (
            self.env["gym.renewal.notice"]
            .sudo()
            .create(
                {
                    "contract_id": self.env["gym.contract"]
                    .create({"partner_id": self.mary.id, "date_start": "2026-01-01"})
                    .id,
                    "partner_id": self.mary.id,
                    "addressee_id": self.billing.id,
                    "company_id": self.company.id,
                    "currency_id": self.company.currency_id.id,
                    "date": "2026-03-01",
                    "date_end": "2026-12-31",
                    "date_cancel": "2026-11-30",
                    "date_new_end": "2027-12-31",
                }
            )
        )
        report = self.env.ref("gym_dunning.action_report_renewal_notice")
        letter = self._text(report._render_qweb_html(report, notice.ids)[0])
        self.assertIn("Dear Mary Miller,", letter)
        self.assertIn("Mary Miller Billing street 9", letter)
        mail = self._mail(
            notice, self.env.ref("gym_dunning.mail_template_renewal_notice")
        )
        self.assertIn("Dear Mary Miller,", mail)
        self.assertNotIn("Kent", mail)

    def test_guardian_without_name(self):
        """Case 13: an unnamed address of a guardian names the guardian, and for whom."""
        mother = self._create_member("Anna Miller")
        address = self.env["res.partner"].create(
            {"parent_id": mother.id, "type": "other", "street": "Other Road 2"}
        )
        self.mary.payment_contact_id = address
        text = self._letter(self._generate().reminder_ids)
        self.assertIn("Dear Anna Miller,", text)
        self.assertIn("Anna Miller for Mary Miller", text)

    def test_nearest_name_above(self):
        """Case 13: the nearest name above is taken; where nobody has one, the member's
        own name."""
        company = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        office = self.env["res.partner"].create(
            {"name": "Payroll office", "parent_id": company.id}
        )
        address = self.env["res.partner"].create(
            {"type": "invoice", "parent_id": office.id}
        )
        self.assertEqual(address._name_on_letter(), "Payroll office")
        office.write({"name": "  ", "type": "other"})
        self.assertEqual(address._name_on_letter(), "Firm")
        alone = self.env["res.partner"].create({"type": "invoice", "street": "Road 1"})
        self.assertEqual(alone._name_on_letter(), "")
        self.mary.payment_contact_id = alone
        text = self._letter(self._generate().reminder_ids)
        self.assertIn("Dear Mary Miller,", text)

    # === SAMPLES === #

    def test_no_sample_is_a_fallback(self):
        """Case 13: nothing stands inside `t-out` of any text that we deliver."""
        for name in TEMPLATES:
            template = self.env.ref(f"gym_dunning.{name}")
            body = template.with_context(lang="en_US").body_html
            with self.subTest(template=name):
                self.assertFalse(re.findall(r"<t t-out=[^>]*>[^<]+</t>", str(body)))

    def test_unedited_text_is_renewed(self):
        """Case 13: an earlier text that nobody edited is loaded anew by an update."""
        template = self.env.ref("gym_dunning.mail_template_level_1")
        template.with_user(SUPERUSER_ID).body_html = OLD_BODY
        self.env.flush_all()
        self._refresh(template)
        self.assertIn("_mail_details", template.body_html)
        self.assertNotIn("You owe", template.body_html)

    def test_edited_text_keeps_its_words(self):
        """Case 13: of a text that the gym edited only our samples are taken out, in
        each language."""
        self.env["res.lang"]._activate_lang("de_DE")
        template = self.env.ref("gym_dunning.mail_template_level_1")
        template.body_html = OLD_BODY.replace("You owe", "Our words")
        template.with_context(lang="de_DE").body_html = OLD_BODY.replace(
            "You owe", "Unsere Worte"
        )
        self.env.flush_all()
        self._refresh(template)
        for code, words in (("en_US", "Our words"), ("de_DE", "Unsere Worte")):
            body = str(template.with_context(lang=code).body_html)
            with self.subTest(language=code):
                self.assertIn(words, body)
                self.assertIn('t-out="object._addressee_name()"', body)
                self.assertNotIn("Kent", body)
                self.assertNotIn("80.00", body)
        self.assertEqual(template.write_uid, self.env.user)

    def _refresh(self, template):
        texts = self.env["gym.delivered.text"].with_user(SUPERUSER_ID)
        xml_ids = [f"gym_dunning.{name}" for name in TEMPLATES]
        texts._refresh(xml_ids, "body_html", [">Kent Paul<", ">Kent Fitness<"])
        self.env.flush_all()
        template.invalidate_recordset()

    # === WHOSE ITEMS === #

    def test_lines_about_somebody_else(self):
        """C1: in a letter to who pays, each line names the member it is about."""
        firm = self._create_member("Firm", is_company=True, member_status_id=False)
        employees = [
            self._create_member(name, member_number=number)
            for name, number in (("Ann Able", "P-1"), ("Bob Best", "P-2"))
        ]
        for __ in employees:
            self._create_invoice(firm, amount=50.0)
        reminder = self._reminder(self._generate(), firm)
        for line, employee in zip(reminder.line_ids, employees, strict=True):
            line.sudo().member_id = employee
        text = self._letter(reminder)
        self.assertIn("Ann Able, member P-1", text)
        self.assertIn("Bob Best, member P-2", text)
        own = self._letter(self._generate_for(self.mary))
        self.assertNotIn(", member", own)

    def _generate_for(self, partner):
        return self.env["gym.dunning.reminder"].search(
            [("partner_id", "=", partner.id), ("state", "=", "issued")]
        )

    def test_guardian_of_a_minor_contact(self):
        """AMB-28: "legal representative" is said of the member whom it is about."""
        mother = self._create_member("Mother")
        child = self._create_member("Child", guardian_ids=[Command.link(mother.id)])
        reminder = self._generate().reminder_ids
        reminder.sudo().write({"member_id": child.id, "addressee_id": mother.id})
        text = self._letter(reminder)
        self.assertIn("Mother as legal representative of Child", text)

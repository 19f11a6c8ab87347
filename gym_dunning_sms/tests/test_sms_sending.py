"""Who gets an SMS, in which words, and on whose account."""

from odoo.exceptions import ValidationError

from odoo.addons.gym_dunning.tests.dunning.common_run import day_after

from .common_sms import LANDLINE, MOBILE, SmsCommon


class TestSmsSending(SmsCommon):
    """Through gym.process and Odoo's own queue of SMS."""

    def test_addressees_get_their_own(self):
        """S-01, S-02: each addressee gets his amount, in his language."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.template.with_context(lang="de_DE").body = (
            "Mahnung: {{ format_amount(object.amount_total, object.currency_id) }}"
            " bis {{ format_date(object.date_due) }}"
        )
        self._create_late_member(
            "Kurt", amount=59.0, email=False, phone="+4915123456789", lang="de_DE"
        )
        run = self._send_new()
        [text] = self.provider.texts(MOBILE)
        name = self._reminder(run, self.paul).name
        self.assertRegex(text, rf"^Reminder {name}: \S?\s?100\.00\s?\S? by 03/12/2026$")
        [text] = self.provider.texts("+4915123456789")
        self.assertRegex(text, r"^Mahnung: \S?\s?59,00\s?\S? bis 12\.03\.2026$")

    def test_plain_spaces(self):
        """S-01: a no-break space would make the gym pay for two messages."""
        self.template.body = "{{ object.name }}:\xa0now\u202fplease\nThe gym"
        run = self._send_new()
        [text] = self.provider.texts(MOBILE)
        name = self._reminder(run, self.paul).name
        self.assertEqual(text, f"{name}: now please\nThe gym")

    def test_fate_is_noted(self):
        """S-07, AMB-20: queued is not sent and counts for nothing; what the provider
        took is a delivered dunning, and allows the next level."""
        run = self._queue()
        reminder = self._reminder(run, self.paul)
        self.assertEqual(self._fate(reminder), ("sms", "pending"))
        self.assertTrue(reminder.is_in_outbox)
        self.assertEqual((run.outbox_count, run.sent_count), (1, 0))
        self.assertFalse(self.provider.received, "nobody is called in the request")
        item = self._item(self._invoices(self.paul), day_after(11))
        self.assertEqual((item.sent_count, item.due_level), (0, False))
        self._empty_outbox()
        self.assertEqual(self._fate(reminder), ("sms", "sent"))
        self.assertTrue(reminder.delivery_date)
        self.assertEqual((run.outbox_count, run.sent_count), (0, 1))
        item = self._item(self._invoices(self.paul), day_after(11))
        self.assertEqual((item.sent_count, item.due_level), (1, "2"))

    def test_way_of_each(self):
        """AMB-20: an SMS only where paper would be used and a mobile number exists."""
        self._give_mail_template(self.one)
        people = {
            "email": self._create_late_member("With Mail", phone="+41781110001"),
            "print": self._create_late_member("Landline", email=False, phone=LANDLINE),
            "none": self._create_late_member("No Number", email=False),
            "wrong": self._create_late_member("Typo", email=False, phone="12"),
            "banned": self._create_late_member("Banned", phone="+41781110002"),
        }
        self.env["mail.blacklist"]._add("banned@example.com")
        run = self._generate()
        ways = {
            key: self._reminder(run, person)._choose_channel()
            for key, person in people.items()
        }
        self.assertEqual(
            ways,
            {
                "email": "email",
                "print": "print",
                "none": "print",
                "wrong": "print",
                "banned": "sms",
            },
        )
        self.one.sms_use = "no"
        self.assertEqual(self._reminder(run, self.paul)._choose_channel(), "print")

    def test_national_number(self):
        """S-01: numbers are read as those of the addressee's country, else the gym's."""
        self.paul.write({"phone": "078 123 45 67", "country_id": False})
        self.company.country_id = self.env.ref("base.ch")
        self._send_new()
        self.assertTrue(self.provider.texts(MOBILE))
        self.assertFalse(self._outbox())

    def test_guardian_of_two(self):
        """AMB-28: the guardian of two minors gets an SMS for each, not one for both."""
        self.paul.active = False
        mother = self._create_member("Mother", email=False, phone="+41781110003")
        for name in ("Anna", "Ben"):
            self._create_late_member(
                name,
                email=False,
                birthdate_date="2015-01-01",
                guardian_ids=[(4, mother.id)],
            )
        run = self._send_new()
        mine = run.reminder_ids.filtered(lambda one: one.addressee_id == mother)
        self.assertEqual(len(mine), 2)
        self.assertEqual(set(mine.mapped("delivery_state")), {"sent"})
        self.assertEqual(len(self.provider.texts("+41781110003")), 2)

    def test_centres_pay_their_own(self):
        """S-03: SMS of several centres leave together, each on its centre's account,
        or on that of the holding."""
        own = self._create_company(name="Own", parent_id=self.company.id)
        other = self._create_company(name="Other", parent_id=self.company.id)
        of_holding, of_own = (self._create_account(one) for one in (self.company, own))
        for name, phone, centre in (
            ("Mike", "+41781110004", own),
            ("Nick", "+41781110005", other),
        ):
            member = self._create_member(name, email=False, phone=phone)
            self._create_invoice(member, company=centre)
        centres = (self.company | own | other).ids
        self.env = self.env(context=dict(self.env.context, allowed_company_ids=centres))
        run = self._send_new()
        self.assertEqual(run.sent_count, 3)
        self.assertEqual(
            self.provider.tokens,
            {
                "+41781234567": of_holding.account_token,
                "+41781110004": of_own.account_token,
                "+41781110005": of_holding.account_token,
            },
        )

    def _create_account(self, company):
        service = self.env.ref("sms.iap_service_sms")
        return self.env["iap.account"].create(
            {"service_id": service.id, "company_ids": company.ids}
        )

    def test_level_needs_a_text(self):
        """S-01: a level cannot send SMS without words."""
        with self.assertRaisesRegex(ValidationError, "text of the SMS"):
            self.one.sms_template_id = False

    def test_delivered_texts(self):
        """S-01: the delivered levels have their texts; they send none by themselves."""
        for number in (1, 2, 3):
            level = self.env.ref(f"gym_dunning.level_{number}")
            template = self.env.ref(f"gym_dunning_sms.sms_template_level_{number}")
            self.assertEqual((level.sms_template_id, level.sms_use), (template, "no"))
            reminder = self._generate_one()
            [text] = template._render_field("body", reminder.ids).values()
            self.assertIn(reminder.name, text)

    def _generate_one(self):
        reminder = self.env["gym.dunning.reminder"].search(
            [("partner_id", "=", self.paul.id)], limit=1
        )
        return reminder or self._reminder(self._generate(), self.paul)

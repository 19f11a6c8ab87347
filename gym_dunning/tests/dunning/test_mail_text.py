"""What the e-mail of a reminder says: M16, and L12 of letters that announce a debit."""

from lxml import html

from odoo.fields import Command

from odoo.addons.mail.tests.common import MailCase

from .common_letter_payment import IBAN, LetterPaymentCommon


class TestMailText(LetterPaymentCommon, MailCase):
    """The body of the delivered templates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env.ref("gym_dunning.mail_template_level_1")
        cls.policy.level_ids[0].mail_template_id = cls.template
        cls.paul.email = "paul@example.com"

    def _mail(self, reminder):
        parts = ("email_from", "subject", "body_html")
        return self.template._generate_template(reminder.ids, parts)[reminder.id]

    def _body(self, reminder):
        return self._text(self._mail(reminder)["body_html"])

    def test_how_to_pay(self):
        """M16: the body says what is owed and how it is paid, as the letter does."""
        reminder = self._reminded()
        body, part = self._body(reminder), reminder._payment_part()
        for fact in (
            "How to pay",
            part["account"],
            part["reference"],
            part["holder"],
            reminder.line_ids.name,
            "100.00",
        ):
            self.assertIn(fact, body)
        self.assertEqual(part["account"].replace(" ", ""), IBAN)

    def test_costs_are_lines(self):
        """M16: fee and interest are lines of the table, and the sum is the letter's."""
        reminder = self._reminded()
        reminder.sudo().write(
            {"amount_fee": 10.0, "amount_charges": 3.0, "amount_total": 113.0}
        )
        body = html.fromstring(str(self._mail(reminder)["body_html"]))
        table = body.xpath("//table[hasclass('items')]")[0]
        rows = [" ".join(row.text_content().split()) for row in table.iter("tr")]
        self.assertIn("Fee for this reminder", rows[2])
        self.assertIn("Charge of the bank", rows[3])
        self.assertIn("113.00", rows[-1])

    def test_guardian_reads_which_child(self):
        """M16: a guardian is told about whom it is; a member is not told his name."""
        own = self._reminded()
        self.assertNotIn("This is about", self._body(own))
        parent = self._create_member("Maria Koch", lang="en_US")
        member = self._create_member(
            "Lilly Koch",
            birthdate_date="2018-01-01",
            guardian_ids=[Command.link(parent.id)],
        )
        self._create_invoice(member, amount=50.0, currency_id=self.euro.id)
        reminder = self._reminder(self._generate(), member)
        self.assertIn("This is about Lilly Koch", self._body(reminder))

    def test_sender_is_the_centre(self):
        """M16: the name is the centre's, the address its own or the holding's."""
        reminder = self._reminded()
        self.company.email = "office@fit.example"
        self.assertEqual(
            self._mail(reminder)["email_from"], '"Fit Club GmbH" <office@fit.example>'
        )

    def test_update_of_templates(self):
        """M16: at an update a template that nobody edited gets the details; one that a
        gym edited keeps its words."""
        old = "<p>Pay!</p><t t-out='object._payment_details()'/>"
        refresh = self.env["gym.delivered.text"]._refresh
        arguments = (
            ["gym_dunning.mail_template_level_1"],
            "body_html",
            ["object._payment_details()"],
        )
        template = self.template.sudo()
        template.with_user(self.env.ref("base.user_admin")).body_html = old
        template.flush_recordset()
        refresh(*arguments)
        self.assertIn("Pay!", template.body_html)
        self.assertIn(IBAN[:4], self._body(self._reminded()))
        template.with_user(self.env.ref("base.user_root")).body_html = old
        template.flush_recordset()
        refresh(*arguments)
        self.assertIn("object._mail_details()", template.body_html)

    def test_text_that_came_later(self):
        """L12: delivered levels get the text for debits; what is there stays."""
        first, second = (self.env.ref(f"gym_dunning.level_{n}") for n in (1, 2))
        first.closing_debit, second.closing_debit = False, "<p>Mine</p>"
        self.env["gym.delivered.text"]._fill(
            "gym_dunning/data/gym_dunning_policy_data.xml",
            ["gym_dunning.level_1", "gym_dunning.level_2"],
            "closing_debit",
        )
        self.assertIn("before the direct debit", first.closing_debit)
        self.assertIn("Mine", second.closing_debit)

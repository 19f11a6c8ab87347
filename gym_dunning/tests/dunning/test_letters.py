"""What a reminder's letter says, to whom, in which language, and how to pay."""

from datetime import date, timedelta

from lxml import html
from stdnum import iso11649

from odoo.exceptions import UserError
from odoo.fields import Command

from ..base.common import TODAY
from ..base.common_english import EnglishCommon
from .common_letter_payment import IBAN, codes_of

AMOUNTS = (534.96, 1148.14)  # as floats their sum is 1683.1000000000001
SECOND_DAY = TODAY + timedelta(days=11)


class TestLetters(EnglishCommon):
    """The rendered letter of reminders in euros."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 1.0)])
        cls.bank = cls.env["res.partner.bank"].create(
            {
                "acc_number": IBAN,
                "acc_holder_name": "Gym " + "x" * 76,
                "partner_id": cls.company.partner_id.id,
            }
        )
        cls.paul = cls._create_member("Kent Paul", member_number="P-4711")

    def _owe(self, partner=None, amount=100.0, days=30, **vals):
        return self._create_invoice(
            partner or self.paul,
            days=days,
            amount=amount,
            currency_id=self.euro.id,
            **vals,
        )

    def _document(self, reminders):
        report = reminders.level_id.report_id
        content, __ = report._render_qweb_html(report, reminders.ids)
        return html.fromstring(content)

    def _text(self, reminders):
        document = self._document(reminders)
        for style in document.xpath("//style"):
            style.getparent().remove(style)
        return " ".join(" ".join(document.itertext()).split())

    def _rows(self, reminder):
        """Return the cells of the letter's table, without head."""
        rows = self._document(reminder).xpath("//table[hasclass('items')]/tbody/tr")
        return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]

    def test_proposal_is_a_draft(self):
        """E-38: the letter of a proposal says that it is a draft, and not how to pay."""
        self._owe()
        run = self._estimate()
        draft = self._document(run.reminder_ids)
        self.assertEqual(draft.xpath("string(//*[hasclass('draft')])"), "DRAFT")
        self.assertFalse(draft.xpath("//*[hasclass('qr')]"))
        run.action_generate()
        self._work()
        issued = self._document(run.reminder_ids)
        self.assertFalse(issued.xpath("//*[hasclass('draft')]"))
        self.assertTrue(issued.xpath("//*[hasclass('qr')]"))

    # === FACTS === #

    def test_creditor_and_member(self):
        """E-24, AMB-08: who claims, from whom, under which numbers and level."""
        self._owe()
        reminder = self._generate().reminder_ids
        text = self._text(reminder)
        for fact in (
            self.company.name,
            "Gym Street 1",
            "Kent Paul",
            "Long Road 1",
            "P-4711",
            reminder.name,
            "One",
        ):
            self.assertIn(fact, text)

    def _address(self, reminder):
        """Return the lines of the window, without the sender's."""
        [window] = self._document(reminder).xpath("//td[hasclass('window')]")
        lines = [" ".join(line.text_content().split()) for line in window]
        return lines[1:]

    def test_country_only_abroad(self):
        """E-24: the country stands on letters that leave it, as the sender's post
        reads it: its name in the sender's language, in capitals."""
        home, away = self.env.ref("base.de"), self.env.ref("base.gr")
        self.company.partner_id.write({"country_id": home.id, "lang": "en_US"})
        self.paul.write(
            {"street": "Road 1", "zip": "12345", "city": "Town", "country_id": home.id}
        )
        self._owe()
        reminder = self._generate().reminder_ids
        self.assertEqual(self._address(reminder), ["Kent Paul", "Road 1", "12345 Town"])
        self.assertNotIn("Germany", self._text(reminder))
        self.paul.country_id = away
        self.assertEqual(self._address(reminder)[-1], "GREECE")
        self.assertIn("Germany", self._text(reminder))

    def test_city_with_the_name_of_its_country(self):
        """E-24: only the country is left out, not a city of that name."""
        country = self.env.ref("base.sg")
        country.address_format = "%(street)s\n%(city)s\n%(country_name)s"
        self.company.partner_id.country_id = country
        self.paul.write(
            {"street": "Road 1", "city": country.name, "country_id": country.id}
        )
        self._owe()
        lines = self._address(self._generate().reminder_ids)
        self.assertEqual(lines, ["Kent Paul", "Road 1", country.name])

    def test_foot_goes_with_the_greeting(self):
        """E-24: no page holds the foot alone."""
        self._owe()
        document = self._document(self._generate().reminder_ids)
        [foot] = document.xpath("//div[hasclass('foot')]")
        together = foot.getparent()
        self.assertIn("page-break-inside: avoid", together.get("style"))
        self.assertIn("Kind regards", together.text_content())

    def test_deadline_is_a_date(self):
        """E-34: days to pay become the date that is printed, in the reader's form."""
        self._owe()
        self.paul.lang = "en_US"
        reminder = self._generate(payment_days=17).reminder_ids
        self.assertEqual(reminder.date_due, date(2026, 3, 19))
        self.assertIn("Total to pay by 03/19/2026", self._text(reminder))

    def test_table_of_items(self):
        """E-24: each item with dates, days late, original, paid and open amount."""
        invoice = self._owe(amount=534.96, days=30)
        self._pay(invoice, amount=34.96)
        rows = self._rows(self._generate().reminder_ids)
        self.assertEqual(rows[0][0], invoice.name)
        self.assertEqual(rows[0][2:4], ["01/31/2026", "30"])
        amounts = [cell.strip("€ \xa0") for cell in rows[0][4:]]
        self.assertEqual(amounts, ["534.96", "34.96", "500.00"])

    def test_credits_are_negative(self):
        """AMB-01: a credit is listed last, negative, and lowers the total."""
        refund = self._owe(amount=30.0, days=60, move_type="out_refund")
        self._owe(amount=100.0)
        reminder = self._generate().reminder_ids
        *__, credit, total = self._rows(reminder)
        self.assertEqual(credit[0], f"{refund.name} (credit)")
        self.assertIn("-30.00", credit[-1].replace("\u2011", "-").replace("\ufeff", ""))
        self.assertIn("70.00", total[-1])
        self.assertEqual(reminder.amount_total, 70.0)

    def test_fee_and_total(self):
        """E-05, E-14: the second letter adds the fee and names its invoice."""
        self._owe(amount=100.0)
        self._run_levels(1)
        reminder = self._generate(SECOND_DAY).reminder_ids
        *__, fee, total = self._rows(reminder)
        self.assertIn(reminder.fee_move_id.name, fee[0])
        self.assertIn("20.00", fee[-1])
        self.assertIn("120.00", total[-1])

    def test_earlier_fee_is_carried(self):
        """AMB-14: the letter after shows the earlier fee as a line of its own."""
        self.policy.level_ids[2].send_document = True
        self._owe(amount=100.0)
        runs, day = self._run_levels(2)
        reminder = self._generate(day + timedelta(days=11)).reminder_ids
        names = [row[0] for row in self._rows(reminder)]
        fee = runs[1].reminder_ids.fee_move_id
        self.assertIn(f"{fee.name} (reminder fee)", names)
        self.assertEqual(reminder.amount_total, 120.0)

    # === ADDRESSEE === #

    def test_guardian_is_addressed(self):
        """AMB-28: the letter for a minor goes to the guardian, and says for whom."""
        mother = self._create_member("Mother", street="Other Road 2")
        self.paul.write(
            {
                "birthdate_date": date(2015, 1, 1),
                "guardian_ids": [Command.link(mother.id)],
            }
        )
        self._owe()
        reminder = self._generate().reminder_ids
        self.assertEqual(reminder.addressee_id, mother)
        text = self._text(reminder)
        self.assertIn("Mother as legal representative of Kent Paul", text)
        self.assertIn("Other Road 2", text)
        self.assertNotIn("Long Road 1", text)

    def test_payment_contact_is_addressed(self):
        """E-24: who pays for the member gets the letter, and reads for whom."""
        payer = self._create_member("Payer", street="Other Road 2")
        self.paul.payment_contact_id = payer
        self._owe()
        self.assertIn("Payer for Kent Paul", self._text(self._generate().reminder_ids))

    def test_language_of_the_addressee(self):
        """E-25: each letter of one print speaks its addressee's language."""
        level = self.policy.level_ids[0]
        level.intro = "<p>Please pay.</p>"
        level.update_field_translations(
            "intro", {"de_DE": {"Please pay.": "Bitte zahlen Sie."}}
        )
        laura = self._create_member("Kent Laura", lang="de_DE")
        self.paul.lang = "en_US"
        self._owe()
        self._owe(laura)
        run = self._generate()
        german = self._text(self._reminder(run, laura))
        self.assertIn("Bitte zahlen Sie.", german)
        self.assertIn("12.03.2026", german)
        english = self._text(self._reminder(run, self.paul))
        self.assertIn("Please pay.", english)
        self.assertIn("03/12/2026", english)
        both = self._text(run.reminder_ids)
        self.assertIn("Bitte zahlen Sie.", both)
        self.assertIn("Please pay.", both)

    def test_texts_differ_per_level(self):
        """E-24, E-25: each level has its own subject and text."""
        for level in self.policy.level_ids[:2]:
            level.intro = f"<p>Text of {level.name}</p>"
        self._owe()
        runs, __ = self._run_levels(2)
        first, second = (self._text(run.reminder_ids) for run in runs)
        self.assertIn("Text of One", first)
        self.assertNotIn("Text of Two", first)
        self.assertIn("Text of Two", second)

    # === PAYMENT === #

    def test_account_and_reference(self):
        """E-24: the account to pay to, and a reference of the reminder's own."""
        self._owe()
        reminder = self._generate().reminder_ids
        text = self._text(reminder)
        self.assertIn(IBAN, text.replace(" ", ""))
        self.assertIn(reminder.payment_reference, text)
        self.assertTrue(iso11649.is_valid(reminder.payment_reference))

    def test_references_differ(self):
        """E-24: a transfer finds its reminder: no two have the same reference."""
        self._owe()
        self._owe(self._create_member("Kent Laura"))
        reminders = self._generate().reminder_ids
        self.assertEqual(len(set(reminders.mapped("payment_reference"))), 2)

    def _qr_values(self, reminder):
        """Return the values that Odoo puts into the letter's QR code."""
        with codes_of(self.bank) as drawn:
            images = self._document(reminder).xpath("//td[hasclass('qr')]/img/@src")
        self.assertTrue(images[0].startswith("data:image/png;base64,"))
        return drawn[0]

    def test_epc_code(self):
        """E-24: the code holds the exact total, name of 70, account, reference."""
        for amount in AMOUNTS:
            self._owe(amount=amount)
        reminder = self._generate().reminder_ids
        values = self._qr_values(reminder)
        self.assertEqual(values[:4], ["BCD", "002", "1", "SCT"])
        self.assertEqual(values[5], self.bank.acc_holder_name[:70])
        self.assertEqual(values[6], IBAN)
        self.assertEqual(values[7], "EUR1683.10")
        self.assertEqual(values[9], reminder.payment_reference.replace(" ", ""))

    def test_without_bank_account(self):
        """E-24: without an account the letter has no payment part, and the
        proposal says so beforehand."""
        self.bank.active = False
        self._owe()
        run = self._estimate()
        self.assertIn("no bank account", run.reminder_ids.warning)
        run.action_generate()
        self._work()
        text = self._text(run.reminder_ids)
        self.assertNotIn("IBAN", text)
        self.assertIn("Total to pay by", text)

    # === WHAT IS PRINTED === #

    def test_level_without_document(self):
        """E-52, AMB-04: a level that sends nothing is refused with a sentence."""
        self._owe()
        runs, __ = self._run_levels(3)
        with self.assertRaisesRegex(UserError, "no letter to print"):
            runs[2].action_print()
        with self.assertRaisesRegex(UserError, "no letter to print"):
            runs[2].reminder_ids.action_print()
        self.assertEqual(runs[2].reminder_ids.delivery_state, "none")

    def test_level_is_chosen(self):
        """E-52: printing level 1 prints and marks those of level 1 only."""
        self._owe()
        self._run_levels(1)
        laura = self._create_member("Kent Laura")
        self._owe(laura)
        run = self._generate(SECOND_DAY)
        first, second = self.policy.level_ids[:2]
        self.assertEqual(run.reminder_ids.level_id, first | second)
        self._print_all(run.action_print(1))
        self.assertEqual(self._reminder(run, laura).delivery_state, "printed")
        self.assertEqual(self._reminder(run, self.paul).delivery_state, "pending")
        self._print_all(run.action_print(second.id))
        self.assertEqual(self._reminder(run, self.paul).delivery_state, "printed")
        with self.assertRaisesRegex(UserError, "no level 7"):
            run.action_print(7)

    def test_printed_documents_are_found_later(self):
        """E-53: the documents menu lists what was printed."""
        self._owe()
        run = self._generate()
        action = self.env.ref("gym_dunning.ir_attachment_action_documents")
        self.assertEqual(
            self.env.ref("gym_dunning.ir_attachment_menu_documents").action, action
        )
        self._print_all(run.action_print())
        listed = run.action_open_documents()
        documents = self.env[listed["res_model"]].search(listed["domain"])
        self.assertEqual(len(documents), 1)
        self.assertEqual(run.document_count, 1)
        self.assertIn(run.name.replace("/", "-"), documents.name)

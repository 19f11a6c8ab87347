"""Account, reference and amount: the same on paper, in the code and in the e-mail."""

from unittest.mock import patch

from lxml import html

from odoo.addons.account.tools import is_valid_structured_reference

from .common_run import RunCommon, day_after

IBAN = "DE89370400440532013000"
QR_IBAN = "CH4431999123000889012"
SWISS_IBAN = "CH9300762011623852957"


class TestLetterPayment(RunCommon):
    """Letters in euros of a gym in Germany, and of a Swiss one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"name": "Fit Club GmbH", "country_id": cls.env.ref("base.de")}
        )
        cls.company.partner_id.name = "Fit Club GmbH"
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 1.0)])
        cls.bank = cls._create_bank(IBAN, acc_holder_name="Fit Club GmbH")
        cls.bank.bank_id = cls.env["res.bank"].create(
            {"name": "Bank", "bic": "COBADEFFXXX"}
        )
        cls.paul = cls._create_member("Kent Paul", lang="en_US")

    @classmethod
    def _create_bank(cls, number, **vals):
        return cls.env["res.partner.bank"].create(
            {"acc_number": number, "partner_id": cls.company.partner_id.id} | vals
        )

    def _reminded(self, amount=100.0, currency=None, **filters):
        currency = currency or self.euro
        self._create_invoice(self.paul, amount=amount, currency_id=currency.id)
        run = self._generate(**filters)
        return self._reminder(run, self.paul)

    def _coded(self, reminder, part=None):
        """Return what is printed, and the values of the code as Odoo draws it."""
        banks = type(self.bank)
        original = banks._get_qr_vals
        seen = []

        def spy(bank, *args, **kwargs):
            seen.append(original(bank, *args, **kwargs))
            return seen[-1]

        with patch.object(banks, "_get_qr_vals", spy):
            part = reminder._payment_part()
        return part, seen[-1] if seen else None

    def _text(self, content):
        return " ".join(" ".join(html.fromstring(content).itertext()).split())

    def _letter(self, reminder):
        report = reminder.level_id.report_id
        return self._text(report._render_qweb_html(report, reminder.ids)[0])

    # === THE SAME EVERYWHERE === #

    def test_printed_is_coded(self):
        """Kind 6: holder, IBAN, BIC, amount and reference are those of the code."""
        reminder = self._reminded(1683.1)
        part, values = self._coded(reminder)
        self.assertEqual(part["account"], "DE89 3704 0044 0532 0130 00")
        self.assertEqual(
            values[4:8],
            [
                part["bic"],
                part["holder"],
                part["account"].replace(" ", ""),
                "EUR1683.10",
            ],
        )
        self.assertEqual(values[9], part["reference"].replace(" ", ""))
        self.assertTrue(is_valid_structured_reference(values[9]))
        self.assertEqual(reminder.payment_reference, part["reference"])
        text = self._letter(reminder)
        for name in ("account", "holder", "bic", "reference"):
            self.assertIn(part[name], text)

    def test_holder_is_the_accounts(self):
        """Kind 10: the holder is the account's, on one line, as long as codes allow;
        without one, the owner's name."""
        reminder = self._reminded()
        for entered, holder in (
            ("Fit  Club\n Holding", "Fit Club Holding"),
            ("x" * 90, "x" * 70),
            ("   ", "Fit Club GmbH"),
            (False, "Fit Club GmbH"),
        ):
            self.bank.acc_holder_name = entered
            part, values = self._coded(reminder)
            with self.subTest(entered=entered):
                self.assertEqual((part["holder"], values[5]), (holder, holder))

    def test_fee_on_the_letter_only(self):
        """Kind 6: a fee that is not booked is asked for on paper and in the code."""
        self.policy.fee_booking = "none"
        self._create_invoice(self.paul, amount=100.0, currency_id=self.euro.id)
        self._run_levels(1)
        reminder = self._generate(day_after(11)).reminder_ids
        part, values = self._coded(reminder)
        self.assertEqual(part["amount"], 120.0)
        self.assertEqual(values[7], "EUR120.00")
        self.assertIn("120.00", self._letter(reminder))

    def test_account_of_the_currency(self):
        """Kind 6: a letter in another currency names the account kept in it, and the
        proposal says where there is none."""
        franc = self.setup_other_currency("CHF", rates=[("2020-01-01", 1.0)])
        account = self._create_bank(SWISS_IBAN, currency_id=franc.id, sequence=99)
        payment = self.env["gym.dunning.payment"]
        self.assertEqual(payment._bank_account(self.company, franc), account)
        self.assertEqual(payment._bank_account(self.company, self.euro), self.bank)
        self.bank.currency_id = self.euro
        account.active = False
        self._create_invoice(self.paul, currency_id=franc.id)
        reminder = self._estimate().reminder_ids
        self.assertIn("no bank account in CHF", reminder.warning)
        self.assertEqual(reminder.warning.count("no bank account"), 1)

    def test_email_names_the_account(self):
        """Kind 10: holder, IBAN, amount and reference stand in the e-mail, too."""
        reminder = self._reminded(1683.1)
        part = reminder._payment_part()
        for number in (1, 2, 3):
            template = self.env.ref(f"gym_dunning.mail_template_level_{number}")
            body = template._render_field("body_html", reminder.ids, compute_lang=True)
            text = self._text(str(body[reminder.id]))
            with self.subTest(level=number):
                for name in ("account", "holder", "bic", "reference"):
                    self.assertIn(f" {part[name]} ", f"{text} ")
                self.assertIn("1,683.10", text)

    def test_sentence_for_short_messages(self):
        """Kind 6: an SMS asks for what the letter asks for."""
        reminder = self._reminded(80.0)
        sentence = reminder.with_context(lang="en_US")._payment_sentence()
        self.assertRegex(sentence, r"^Please pay .*80\.00.* by 03/12/2026\.$")

    # === SWISS === #

    def _swiss(self, **bank):
        if "l10n_ch_qr_iban" not in self.env["res.partner.bank"]._fields:
            self.skipTest("l10n_ch is not installed: no Swiss QR code there")
        swiss = self.env.ref("base.ch")
        self.company.country_id = self.company.partner_id.country_id = swiss
        self.paul.country_id = swiss
        self.bank.allow_out_payment = False
        self.bank.write(bank)
        return self.setup_other_currency("CHF", rates=[("2020-01-01", 1.0)])

    def test_swiss_iban(self):
        """Kind 6: an ordinary Swiss IBAN goes with the reminder's RF reference."""
        reminder = self._reminded(currency=self._swiss(acc_number=SWISS_IBAN))
        part, values = self._coded(reminder)
        self.assertEqual(values[0], "SPC")
        self.assertEqual(values[3], part["account"].replace(" ", ""))
        self.assertEqual(
            (values[27], values[28]), ("SCOR", part["reference"].replace(" ", ""))
        )

    def test_qr_iban(self):
        """Kind 6: with a QR-IBAN beside the IBAN, the one in the code is printed, with
        the reference that belongs to it."""
        franc = self._swiss(acc_number=SWISS_IBAN, l10n_ch_qr_iban=QR_IBAN)
        reminder = self._reminded(currency=franc)
        part, values = self._coded(reminder)
        self.assertEqual(values[3], QR_IBAN)
        self.assertEqual(part["account"].replace(" ", ""), QR_IBAN)
        self.assertEqual(values[27], "QRR")
        self.assertEqual(part["reference"].replace(" ", ""), values[28])
        self.assertEqual(reminder.payment_reference, part["reference"])

    def test_qr_iban_without_code(self):
        """Kind 6: where no Swiss code can be made, IBAN and RF reference stand on
        paper, not the reference of the other number."""
        franc = self._swiss(acc_number=SWISS_IBAN, l10n_ch_qr_iban=QR_IBAN)
        self.paul.country_id = self.env.ref("base.de")
        reminder = self._reminded(currency=franc)
        part, values = self._coded(reminder)
        self.assertFalse(values)
        self.assertEqual(part["account"].replace(" ", ""), SWISS_IBAN)
        self.assertTrue(part["reference"].startswith("RF"))
        self.assertEqual(reminder.payment_reference, part["reference"])

    def test_swiss_payer_is_the_addressee(self):
        """Kind 6: the code names who is written to, not the company above him."""
        franc = self._swiss(acc_number=SWISS_IBAN)
        firm = self._create_member("Firm", is_company=True)
        anna = self._create_member(
            "Anna Muster",
            parent_id=firm.id,
            type="contact",
            country_id=self.env.ref("base.ch").id,
        )
        self.paul.payment_contact_id = anna
        __, values = self._coded(self._reminded(currency=franc))
        self.assertEqual(values[21], "Anna Muster")

    def test_swiss_address_is_warned_of(self):
        """Kind 10: a Swiss letter without code says why, before it is generated."""
        franc = self._swiss(acc_number=SWISS_IBAN)
        self.paul.zip = False
        self._create_invoice(self.paul, currency_id=franc.id)
        whole = self._create_late_member("Whole", country_id=self.env.ref("base.ch").id)
        self._create_invoice(whole, currency_id=franc.id)
        run = self._estimate()
        warnings = {
            one.partner_id: one.warning or ""
            for one in run.reminder_ids
            if one.currency_id == franc
        }
        self.assertIn("no payment QR code: the addressee", warnings[self.paul])
        self.assertNotIn("QR code", warnings[whole])
        self.company.partner_id.city = False
        run.unlink()
        reminder = self._reminder(self._estimate(), self.paul)
        self.assertIn("the address of the creditor is incomplete", reminder.warning)

    # === SETTINGS === #

    def _warning(self):
        self.policy.invalidate_recordset()
        return self.policy.payment_warning

    def test_holder_is_compared_with_the_legal_name(self):
        """Kind 10: the settings warn of an account without holder, or with another
        name than the company's (Verification of Payee)."""
        self.assertFalse(self._warning())
        self.bank.acc_holder_name = "fit  club gmbh "
        self.assertFalse(self._warning())
        self.bank.acc_holder_name = "Fit Club"
        self.assertIn(
            "held by Fit Club, but the legal name is Fit Club GmbH", self._warning()
        )
        self.bank.acc_holder_name = False
        self.assertIn("has no account holder", self._warning())
        settings = self.env["res.config.settings"].create({})
        self.assertIn("has no account holder", settings.dunning_payment_warning)
        self.assertFalse(self.policy.configuration_warning, "runs start all the same")

    def test_account_without_code(self):
        """Kind 10: an account that is no IBAN, or none at all, is told."""
        self.bank.allow_out_payment = False
        self.bank.acc_number = "123456"
        self.assertIn("is no IBAN", self._warning())
        self.bank.active = False
        self.assertIn("has no bank account", self._warning())

"""Account, reference and amount: the same on paper, in the code and in the e-mail."""

from odoo.addons.account.tools import is_valid_structured_reference

from .common_letter_payment import SWISS_IBAN, LetterPaymentCommon
from .common_run import day_after


class TestLetterPayment(LetterPaymentCommon):
    """Letters in euros of a gym in Germany."""

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
        self.env["gym.dunning.profile"]._of(self.company).consumer_fee_max = 0.0
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
        self.assertIn("is not an IBAN", self._warning())
        self.bank.active = False
        self.assertIn("has no bank account", self._warning())

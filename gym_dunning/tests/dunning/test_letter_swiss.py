"""The Swiss QR-bill on letters; script/test runs it once more beside Odoo's `l10n_ch`."""

import re

from lxml import html

from .common_letter_payment import SWISS_IBAN, LetterPaymentCommon

QR_IBAN = "CH4431999123000889012"


class TestLetterSwiss(LetterPaymentCommon):
    """Letters in francs of a gym in Switzerland."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "l10n_ch_qr_iban" not in cls.env["res.partner.bank"]._fields:
            cls.skipTest(cls, "l10n_ch is not installed: no Swiss QR code there")

    def _swiss(self, **bank):
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
        firm = self._create_member(
            "Firm", is_company=True, country_id=self.env.ref("base.ch").id
        )
        # who works there has the firm's address
        anna = self._create_member("Anna Muster", parent_id=firm.id, type="contact")
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

    def test_swiss_code_is_printed(self):
        """E-24: a Swiss gym's letter has the Swiss code over what is asked for."""
        reminder = self._reminded(currency=self._swiss(acc_number=SWISS_IBAN))
        methods = self.env["gym.dunning.payment"]._qr_methods(reminder)
        self.assertEqual(methods[0], "ch_qr")
        self.assertTrue(reminder._payment_part()["qr"])

    # === PAYMENT PART === #

    def _part_of(self, reminder):
        report = self.env.ref("gym_dunning.action_report_swiss_part")
        content, __ = report._render_qweb_html(report, reminder.ids)
        return html.fromstring(content).xpath("//div[hasclass('gym_swiss')]")[0]

    def _values(self, box):
        """Return what stands below each heading, without blanks."""
        labels = box.xpath(".//div[hasclass('label')]")
        return {
            label.text_content().strip(): re.sub(
                r"\s", "", label.getnext().text_content()
            )
            for label in labels
            if label.getnext() is not None
        }

    def test_payment_part(self):
        """Issue 15, letters: receipt and payment part say what the code holds."""
        franc = self._swiss(acc_number=SWISS_IBAN, l10n_ch_qr_iban=QR_IBAN)
        reminder = self._reminded(currency=franc, amount=1949.75)
        self.assertTrue(reminder._has_swiss_part())
        __, code = self._coded(reminder)
        part = self._part_of(reminder)
        [receipt] = part.xpath("div[hasclass('receipt')]")
        [payment] = part.xpath("div[hasclass('part')]")
        for box in (receipt, payment):
            values = self._values(box)
            self.assertTrue(values["Account / Payable to"].startswith(code[3]))
            self.assertIn(code[5].replace(" ", ""), values["Account / Payable to"])
            self.assertEqual(values["Reference"], code[28])
            self.assertIn(code[21].replace(" ", ""), values["Payable by"])
            self.assertEqual(values["Amount"], "1949.75")
            self.assertEqual(values["Currency"], "CHF")
        self.assertTrue(payment.xpath("img[hasclass('code')]/@src"))
        self.assertNotIn("code", [img.get("class") for img in receipt.iter("img")])

    def test_payment_part_of_others(self):
        """Issue 15, letters: neither proposals nor letters of other countries end with
        a payment part."""
        german = self._reminded()
        self.assertFalse(german._has_swiss_part())
        franc = self._swiss(acc_number=SWISS_IBAN)
        self._create_invoice(self.paul, currency_id=franc.id)
        proposals = self._estimate().reminder_ids
        self.assertTrue(proposals)
        self.assertFalse(any(one._has_swiss_part() for one in proposals))

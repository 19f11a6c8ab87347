"""A gym whose reminders are paid to an account, and what their codes say."""

from unittest.mock import patch

from lxml import html

from .common_run import RunCommon

IBAN = "DE89370400440532013000"
SWISS_IBAN = "CH9300762011623852957"


class LetterPaymentCommon(RunCommon):
    """Reminders in euros of a gym in Germany."""

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
        # sudo: beside the OCA's payment orders accounts are for those who pay
        return (
            cls.env["res.partner.bank"]
            .sudo()
            .create(
                {"acc_number": number, "partner_id": cls.company.partner_id.id} | vals
            )
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

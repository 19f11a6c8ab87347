"""A gym whose reminders are paid to an account, and what their codes say."""

from contextlib import contextmanager
from unittest.mock import patch

from lxml import html

from .common_run import RunCommon

IBAN = "DE89370400440532013000"
SWISS_IBAN = "CH9300762011623852957"


@contextmanager
def codes_of(bank):
    """Collect the values of the QR codes that Odoo draws meanwhile."""
    banks = type(bank)
    original = banks._get_qr_vals
    drawn = []

    def spy(bank, *args, **kwargs):
        drawn.append(original(bank, *args, **kwargs))
        return drawn[-1]

    with patch.object(banks, "_get_qr_vals", spy):
        yield drawn


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
        with codes_of(self.bank) as drawn:
            part = reminder._payment_part()
        return part, drawn[-1] if drawn else None

    def _text(self, content):
        return " ".join(" ".join(html.fromstring(content).itertext()).split())

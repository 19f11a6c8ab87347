"""The contract on paper (chapter 3 no. 12)."""

from lxml import html

from odoo.fields import Command

from .common_contract import ContractCommon


class TestContractSheet(ContractCommon):
    """What the printed contract says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_member("Kent Paul", lang="en_US", member_number="P-1")
        cls.contract = cls._create_contract(cls.paul)

    def _text(self):
        report = self.env.ref("gym_dunning.action_report_contract")
        content, __ = report._render_qweb_html(report, self.contract.ids)
        document = html.fromstring(content)
        for style in document.xpath("//style"):
            style.getparent().remove(style)
        return " ".join(" ".join(document.itertext()).split())

    def test_what_is_agreed(self):
        """Chapter 3 no. 12: member, term, price, what comes afterwards, signature."""
        line = self.contract.subscription_ids
        text = self._text()
        for fact in (
            self.contract.name,
            "Kent Paul",
            "P-1",
            line.product_id.name,
            "12 months",
            "the same term again",
            "600.00",
            "Signature of the member",
        ):
            self.assertIn(fact, text)

    def test_price_with_tax(self):
        """Chapter 3 no. 12: consumers read prices with tax."""
        tax = self.env["account.tax"].create(
            {
                "name": "Ten",
                "amount": 10.0,
                "company_id": self.company.id,
                "country_id": self.company.account_fiscal_country_id.id,
            }
        )
        self.contract.subscription_ids.product_id.taxes_id = [Command.set(tax.ids)]
        self.assertIn("660.00", self._text())

    def test_notice_period(self):
        """Chapter 3 no. 12: the notice is that of the rules of the country."""
        self.company.country_id = self.env.ref("base.de")
        profile = self.contract.renewal_profile_id
        self.assertTrue(profile, "a contract of a consumer has rules")
        profile.cancel_months = 3
        self.assertIn("3 months before its end", self._text())
        profile.cancel_months = 1
        self.assertIn("one month before its end", self._text())
        self.contract.auto_renew = False
        self.assertIn("ends with its term", self._text())

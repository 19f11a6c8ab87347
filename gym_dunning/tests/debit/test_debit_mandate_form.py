"""The mandate on paper: what the account holder signs (chapter 3 no. 12)."""

from lxml import html

from .common_debit import CREDITOR_ID, IBAN
from .common_debit_batch import BatchCommon


class TestDebitMandateForm(BatchCommon):
    """The printed form of a mandate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_debtor("Paula Payer", mandate=False, lang="en_US")
        cls.mandate = cls._create_mandate(cls.paul)

    def _document(self, mandate=None):
        report = self.env.ref("gym_dunning.action_report_debit_mandate")
        content, __ = report._render_qweb_html(report, (mandate or self.mandate).ids)
        document = html.fromstring(content)
        for style in document.xpath("//style"):
            style.getparent().remove(style)
        return document

    def _text(self, mandate=None):
        return " ".join(" ".join(self._document(mandate).itertext()).split())

    def test_filled_in(self):
        """Chapter 3 no. 12: creditor, identifier, reference, account and the text of
        the European Payments Council."""
        text = self._text()
        grouped = " ".join(IBAN[i : i + 4] for i in range(0, len(IBAN), 4))
        for fact in (
            "SEPA Direct Debit Mandate",
            self.mandate.name,
            CREDITOR_ID,
            self.mandate.creditor_id.name,
            "Paula Payer",
            grouped,
            "within 8 weeks",
            "Signature of the account holder",
        ):
            self.assertIn(fact, text)

    def test_blank_account(self):
        """Chapter 3 no. 12: without an account there is a line to write it on."""
        member = self._create_debtor("Blank", mandate=False)
        mandate = self.env["gym.debit.mandate"].create(
            {"partner_id": member.id, "company_id": self.company.id}
        )
        document = self._document(mandate)
        [account] = document.xpath("//tr[td='IBAN']/td[2]")
        self.assertIn("blank", account.get("class"))
        self.assertFalse(account.text_content().strip())
        self.assertIn(mandate.name, document.text_content())

    def test_payer_signs(self):
        """Chapter 3 no. 12: who pays signs, and the form says for which member."""
        child = self._create_debtor("Child", mandate=False)
        child.payment_contact_id = self.paul
        mandate = self.env["gym.debit.mandate"].create(
            {
                "partner_id": child.id,
                "company_id": self.company.id,
                "partner_bank_id": self.mandate.partner_bank_id.id,
            }
        )
        text = self._text(mandate)
        self.assertIn("Name Paula Payer", text)
        self.assertIn("For the member Child", text)

    def test_swiss_schemes(self):
        """Chapter 3 no. 12: other schemes have their own title and right."""
        mandate = self.mandate.new(origin=self.mandate)
        mandate.scheme = "lsv_plus"
        self.assertEqual(mandate._form_title(), "Direct Debit Authorisation")
        self.assertIn("within 30 days", mandate._form_sentences()[1])
        mandate.scheme = "other"
        self.assertEqual(len(mandate._form_sentences()), 1)

    def test_language_of_who_signs(self):
        """Chapter 3 no. 12: in the language of who signs, whoever prints."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.paul.lang = "de_DE"
        [article] = self._document().xpath("//div[hasclass('gym_form')]")
        self.assertEqual(article.get("data-oe-lang"), "de_DE")

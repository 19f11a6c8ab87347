"""A new bank account: signed on the page, used after a look or at once."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.gym_dunning.tests.debit.common_debit import IBAN, AtParCommon

from .common_page_answer import PageAnswerCommon

NEW_IBAN = "DE02 1203 0000 0000 2020 51"


@tagged("post_install", "-at_install")
class TestPageAccount(PageAnswerCommon, AtParCommon):
    """Issue 18, 5: IBAN, holder, mandate text, name typed as signature, tick."""

    def _give(self, **data):
        values = {
            "iban": NEW_IBAN,
            "holder": "Kent Paul",
            "signature": "Paul Kent",
            "agreed": "1",
        }
        return self._send("account", values | data)

    def _mandates(self):
        return self.env["gym.debit.mandate"].search([("partner_id", "=", self.paul.id)])

    def test_after_a_look(self):
        """A draft until somebody accepts; evidence and PDF kept and mailed."""
        self.assertIn("Thank you", self._give().text)
        answer = self._answers("mandate")
        mandate = answer.mandate_id
        self.assertEqual((answer.state, mandate.state), ("new", "draft"))
        self.assertEqual(
            mandate.partner_bank_id.sanitized_acc_number, NEW_IBAN.replace(" ", "")
        )
        self.assertFalse(mandate.partner_bank_id.allow_out_payment)
        self.assertEqual(mandate.signature_date, self.today)
        self.assertIn("SEPA Direct Debit Mandate", answer.evidence_text)
        self.assertIn("within 8 weeks", answer.evidence_text)
        self.assertTrue(answer.attachment_ids)
        self.assertIn("your copy of the mandate", self._mails()[0].body)
        self.assertTrue(self._mails()[0].attachment_ids)
        self.assertEqual(answer.signature, "Paul Kent")

    def test_form_says_how_it_was_signed(self):
        """The printed mandate names the signature, moment and address."""
        self._give()
        report = self.env.ref("gym_dunning.action_report_debit_mandate")
        mandate = self._answers("mandate").mandate_id
        content, __ = report._render_qweb_html(report, mandate.ids)
        text = content.decode()
        for words in ("Signed on the member's page", "Paul Kent", "127.0.0.1"):
            self.assertIn(words, text)

    def test_real_pdf(self):
        """What is kept and mailed is a PDF, made by the real report."""
        self.env["ir.config_parameter"].sudo().set_param("report.url", self.base_url())
        answers = type(self.env["gym.member.answer"])
        form_file = answers._form_file

        def rendered(answer):
            return form_file(answer.with_context(force_report_rendering=True))

        self.patch(answers, "_form_file", rendered)
        with self.allow_pdf_render():
            self._give()
        [attachment] = self._answers("mandate").attachment_ids
        self.assertTrue(attachment.raw.startswith(b"%PDF-"))
        self.assertEqual(attachment.mimetype, "application/pdf")

    def test_old_one_ends_when_the_new_one_is_active(self):
        """The old mandate is used until then, and not after."""
        old = self._create_mandate(self.paul)
        self._give()
        self.assertEqual(old.state, "active")
        answer = self._answers("mandate")
        answer.action_done()
        self.assertEqual(answer.mandate_id.state, "active")
        self.assertEqual(old.state, "cancelled")
        self.assertEqual((answer.state, answer.outcome), ("done", "accepted"))
        self.assertEqual(answer.outcome_user_id, self.clerk)
        self.env.invalidate_all()
        self.assertFalse(answer.mandate_id.pays_otherwise)
        self.assertIn("from now on", self._mails()[0].body)

    def test_activated_on_the_mandate(self):
        """Activating the mandate itself decides the answer, and tells the member."""
        old = self._create_mandate(self.paul)
        self._give()
        answer = self._answers("mandate")
        answer.mandate_id.action_activate()
        self.assertEqual((answer.state, old.state), ("done", "cancelled"))
        self.assertIn("from now on", answer.reply_text)

    def test_at_once(self):
        """Where the policy says so it is used at once."""
        manager = self._user("manager", self.company)
        self.policy.write({"page_mandate_at_once": True, "responsible_id": manager.id})
        old = self._create_mandate(self.paul)
        self._give()
        answer = self._answers("mandate")
        self.assertEqual((answer.state, answer.mandate_id.state), ("done", "active"))
        self.assertEqual(old.state, "cancelled")
        self.assertFalse(answer.outcome_user_id)
        self.assertFalse(answer.mandate_id.pays_otherwise)

    def test_refused_then_given_again(self):
        """A refused account is nobody's; given again, it is one more answer."""
        old = self._create_mandate(self.paul)
        self._give()
        first = self._answers("mandate")
        mandate, account = first.mandate_id, first.mandate_id.partner_bank_id
        self._dialog(first, "refuse", text="Please send a copy of your card.")
        self.assertEqual((mandate.state, old.state), ("cancelled", "active"))
        self.assertFalse(account.active)
        self._give()
        again = self._answers("mandate") - first
        again.action_done()
        self.assertEqual(again.mandate_id.state, "active")
        self.assertEqual(again.mandate_id.partner_bank_id, account)
        self.assertTrue(account.active)

    def test_given_twice(self):
        """Given twice before anybody looked: the newer one counts."""
        self._give()
        self._give(iban=IBAN)
        newer, older = self._answers("mandate")
        self.assertEqual((newer.state, older.state), ("new", "refused"))
        self.assertEqual(older.mandate_id.state, "cancelled")

    def test_refused_for_good_stays_with_the_letter(self):
        """An item that the bank returned for good is not debited from the new account;
        the letter asks no more for an account."""
        self.paul.property_inbound_payment_method_line_id = self.by_debit
        self._create_mandate(self.paul)
        self._pay(self.invoice)
        self.invoice = self._owe(self.paul)
        order = self._collect_exported(
            self.invoice, day=self.today - timedelta(days=20)
        )
        self._return(order, self.ac04, self.today - timedelta(days=10))
        self._give()
        self._answers("mandate").action_done()
        plan = self.env["gym.debit.plan"]
        lines = self._items(self.invoice)
        self.assertFalse(plan._collectable(lines, self.today))
        newer = self._owe(self.paul, 40.0)
        self.assertTrue(plan._collectable(self._items(newer), self.today))

    def test_bad_input(self):
        """A wrong digit, no holder, no signature, no tick."""
        for data, words in (
            ({"iban": "DE02 1203 0000 0000 2020 52"}, "This IBAN is not right"),
            ({"iban": "hello"}, "This IBAN is not right"),
            ({"iban": "US64 SVBK US6S 3300 9586 79"}, "is not right|cannot debit"),
            ({"holder": " "}, "Enter the account holder"),
            ({"signature": ""}, "your name as a signature"),
            ({"agreed": "0"}, "Please tick"),
        ):
            with self.subTest(data):
                response = self._give(**data)
                self.assertEqual(response.status_code, 422)
                self.assertRegex(response.text, words)
        self.assertFalse(self._answers())
        self.assertFalse(self._mandates())
        self.assertFalse(self.paul.bank_ids)

    def test_not_offered(self):
        """Not where the policy forbids it or debits cannot leave the house."""
        self.policy.page_mandate = False
        self.assertNotIn("/account", self._open(self.path).text)
        self.assertIn("Please call us", self._open(f"{self.path}/account").text)
        self.policy.page_mandate = True
        self.assertIn("/account", self._open(self.path).text)
        self.company.debit_creditor_identifier = False
        self.assertNotIn("/account", self._open(self.path).text)

    def test_guardian_signs_for_the_child(self):
        """The account is the guardian's, the mandate the child's."""
        child = self._child("Kent Mini", self.paul)
        self._pay(self.invoice)
        self._owe(child)
        self._give(holder="Kent Paul")
        mandate = self._answers("mandate").mandate_id
        self.assertEqual(mandate.partner_id, child)
        self.assertEqual(mandate.partner_bank_id.partner_id, self.paul)

    def test_language(self):
        """The mandate is shown, kept and printed in the member's language."""
        self.env["res.lang"]._activate_lang("de_DE")
        self.paul.lang = "de_DE"
        self._give()
        answer = self._answers("mandate")
        self.assertIn("SEPA-Lastschriftmandat", answer.evidence_text)
        self.assertNotIn(
            "unterschrieben", answer.said or "", "the office reads its own"
        )

    def test_mandate_deleted(self):
        """Somebody deleted the draft: accepting says so, refusing works."""
        self._give()
        answer = self._answers("mandate")
        answer.mandate_id.sudo().unlink()
        with self.assertRaisesRegex(UserError, "was deleted"):
            answer.action_done()
        self._dialog(answer, "refuse", text="Please give it again.")
        self.assertEqual(answer.state, "refused")

    def test_centre_of_a_holding(self):
        """A centre's page signs for the creditor, the holding."""
        self._owe(self.paul, company=self.centre_a)
        data = {"iban": NEW_IBAN, "holder": "P", "signature": "P", "agreed": "1"}
        self._send("account", data, path=self._path(self.paul, self.centre_a))
        mandate = self._mandates()
        self.assertEqual(mandate.company_id, self.centre_a)
        self.assertEqual(mandate.creditor_id, self.holding)
        answer = self.env["gym.member.answer"].search([("kind", "=", "mandate")])
        self.assertIn(self.holding.name, answer.evidence_text)

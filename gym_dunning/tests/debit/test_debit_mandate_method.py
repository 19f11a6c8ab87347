"""An active mandate debits nothing while the contact pays in another way."""

from lxml import etree

from odoo.exceptions import UserError

from .common_debit import DebitCommon


class TestMandateMethod(DebitCommon):
    """Issue 15, L15: the mandate says so, and its button mends it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give_rate()
        cls.member = cls._create_member("Olga Open")
        cls.mandate = cls._create_mandate(cls.member)

    def _debit_state(self, invoice):
        item = self.env["gym.open.item"].search([("move_id", "=", invoice.id)])
        return item.debit_state

    def test_mandate_says_that_nothing_is_debited(self):
        """Only an active mandate of somebody who pays in another way says so."""
        self.assertTrue(self.mandate.pays_otherwise)
        draft = self.mandate.copy()
        self.assertFalse(draft.pays_otherwise)
        debtor = self._create_debtor("Dora Debit")
        self.assertFalse(debtor.debit_mandate_ids.pays_otherwise)
        arch = etree.fromstring(self.mandate.get_view(view_type="form")["arch"])
        [button] = arch.xpath("//button[@name='action_use_for_payments']")
        [bar] = button.xpath("ancestor::div[@role='alert']")
        self.assertEqual(bar.get("invisible"), "not pays_otherwise")

    def test_button_makes_it_the_payment_method(self):
        """From then on invoices are debited, open ones that name no way, too."""
        before = self._create_invoice(self.member)
        other = self.bank.inbound_payment_method_line_ids - self.by_debit
        by_hand = self._create_invoice(
            self.member, preferred_payment_method_line_id=other[:1].id
        )
        self.assertFalse(self._debit_state(before))
        self.mandate.action_use_for_payments()
        self.env.invalidate_all()
        self.assertFalse(self.mandate.pays_otherwise)
        self.assertEqual(
            self.member.property_inbound_payment_method_line_id, self.by_debit
        )
        self.assertEqual(self._debit_state(before), "waiting")
        self.assertFalse(self._debit_state(by_hand))
        self.assertEqual(
            self._debit_state(self._create_invoice(self.member)), "waiting"
        )

    def test_without_a_bank_for_debits(self):
        """The sentence names the holding and where its bank is chosen."""
        self.company.debit_journal_id = False
        with self.assertRaisesRegex(UserError, f"{self.company.name}.*Settings"):
            self.mandate.action_use_for_payments()
        self.assertFalse(self.member.property_inbound_payment_method_line_id)

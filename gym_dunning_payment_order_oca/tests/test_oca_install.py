from odoo.tests import tagged

from ..hooks import post_init_hook
from .common_oca import OcaCommon


@tagged("post_install", "-at_install")
class TestOcaInstall(OcaCommon):
    """The module comes into a database that is in use (debits 5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._create_debtor("Ines Install")
        cls.mandate = cls.env["gym.debit.mandate"].search(
            [("partner_id", "=", cls.member.id)]
        )
        cls.theirs = cls.mandate.banking_mandate_id

    def test_mandates_of_the_payment_orders(self):
        """Mandates that were there get their mirror."""
        self.mandate.unlink()
        post_init_hook(self.env)
        self.assertEqual(self.theirs.gym_mandate_ids.state, "active")

    def test_our_own_mandate_is_recognised(self):
        """Kept in both before, with the same reference and account: one from now on."""
        self.mandate.banking_mandate_id = False
        post_init_hook(self.env)
        self.assertEqual(self.theirs.gym_mandate_ids, self.mandate)

    def test_our_own_mandate_is_reviewed(self):
        """One that the payment orders do not know is not used any more."""
        self.mandate.write({"banking_mandate_id": False, "name": "OURS"})
        post_init_hook(self.env)
        self.assertEqual(self.mandate.state, "review")
        self.assertNotEqual(self.theirs.gym_mandate_ids, self.mandate)

    def test_open_documents(self):
        """Open invoices follow their payment mode from the start."""
        invoice = self._create_invoice(self.member)
        way = invoice.preferred_payment_method_line_id
        self.assertTrue(way)
        invoice.preferred_payment_method_line_id = False
        post_init_hook(self.env)
        self.assertEqual(invoice.preferred_payment_method_line_id, way)

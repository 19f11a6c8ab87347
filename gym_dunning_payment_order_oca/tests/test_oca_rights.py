from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_oca import OcaCommon


@tagged("post_install", "-at_install")
class TestOcaRights(OcaCommon):
    """Who reminds puts debits in; who keeps the payment orders sends them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.company.id, "company_ids": cls.company.ids}
        cls.clerk = new_test_user(
            cls.env, "oca_clerk", "gym_dunning.group_dunning_user", **company
        )
        cls.cashier = new_test_user(
            cls.env,
            "oca_cashier",
            "account_payment_order.group_account_payment,account.group_account_invoice",
            **company,
        )

    def test_each_does_his_part(self):
        """The clerk feeds without rights on payment orders, and cannot confirm them;
        whoever confirms them needs no rights on debits."""
        invoice = self._create_invoice(self._create_debtor("Rita Rights"))
        order = self._collect(invoice)
        order.with_user(self.clerk)._put_into_batches()
        with self.assertRaises(AccessError):
            order.payment_order_id.with_user(self.clerk).read(["name"])
        theirs = order.payment_order_id.with_user(self.cashier)
        self.env.invalidate_all()
        self._upload(theirs)
        self.assertEqual(order.state, "paid")

    def test_mandates(self):
        """Whoever enters a mandate there needs no rights on ours."""
        member = self._create_debtor("Rolf", mandate=False)
        theirs = self._create_theirs(member)
        self.env.invalidate_all()
        theirs.with_user(self.cashier).validate()
        self.assertEqual(theirs.gym_mandate_ids.state, "active")

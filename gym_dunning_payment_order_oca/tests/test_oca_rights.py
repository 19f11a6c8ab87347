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

    def test_the_clerk_sees_where_it_stands(self):
        """A clerk without rights on payment orders reads the debit with the number of
        its payment order, and is shown the debits."""
        order = self._collect(self._create_invoice(self._create_debtor("Ruth")))
        mine = order.with_user(self.clerk)
        action = mine.action_put_into_batches()
        self.assertEqual(action["res_model"], "gym.debit.order")
        self.env.invalidate_all()
        for kind in ("list", "form"):
            view = mine.get_view(view_type=kind)
            self.assertIn("payment_order_id", view["arch"])
            self.assertNotIn("action_open_payment_order", view["arch"])
        (read,) = mine.web_read({"payment_order_id": {"fields": {"display_name": {}}}})
        self.assertEqual(
            read["payment_order_id"]["display_name"], order.payment_order_id.name
        )

    def test_mandates(self):
        """Whoever enters a mandate there needs no rights on ours."""
        member = self._create_debtor("Rolf", mandate=False)
        theirs = self._create_theirs(member)
        self.env.invalidate_all()
        theirs.with_user(self.cashier).validate()
        self.assertEqual(theirs.gym_mandate_ids.state, "active")

from lxml import etree

from .common_debit_batch import BatchCommon


class TestDebitCentres(BatchCommon):
    """A holding collects for its centres: the account is its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.centre = cls._create_company(name="Centre", parent_id=cls.company.id)
        both = cls.company | cls.centre
        cls.env.user.company_ids |= both
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=both.ids))

    def _owed_to_centre(self):
        member = self._create_debtor("Centre Cora")
        self._create_invoice(
            member,
            company=self.centre,
            # the member's default is one for each company
            preferred_payment_method_line_id=self.by_debit.id,
        )
        return member

    def _holding_clerk(self):
        return self._clerk_env("holding_clerk", self.company)

    def test_centre_in_the_holdings_batch(self):
        """Rights: a centre's clerk sees his debits, not the holding's batch."""
        self._owed_to_centre()
        env = self._clerk_env("centre_clerk", self.centre)
        action = self._collect_wizard(env, company_id=self.centre.id).action_confirm()
        self.assertEqual(action["res_model"], "gym.debit.order")
        order = env["gym.debit.order"].search([])
        self.assertEqual(order.company_id, self.centre)
        self.assertFalse(env["gym.debit.batch"].search([]))
        self.assertEqual(order.sudo().batch_id.company_id, self.company)
        self.assertTrue(order.web_read({"batch_id": {"fields": {"display_name": {}}}}))

    def _credit_in_holding(self, member, amount):
        self._create_invoice(member, move_type="out_refund", amount=amount)

    def test_credit_of_the_holding_is_taken_off(self):
        """Case 11: a credit posted in the holding counts for its centre's debit."""
        member = self._owed_to_centre()
        self._credit_in_holding(member, 30)
        self.assertEqual(self._collect_due().order_ids.amount, 70.0)

    def test_credit_of_the_holding_before_the_export(self):
        """Case 11: also one that came after Collect."""
        member = self._owed_to_centre()
        batch = self._collect_due()
        self.assertEqual(batch.amount, 100.0)
        self._credit_in_holding(member, 30)
        batch.action_export()
        self.assertEqual(batch.order_ids.amount, 70.0)

    def test_credit_of_the_holding_is_used_once(self):
        """Case 11: what the member owes the holding itself takes it first."""
        member = self._owed_to_centre()
        self._create_invoice(member, amount=20)
        self._credit_in_holding(member, 30)
        orders = self._collect_due().order_ids
        self.assertEqual(orders.mapped("amount"), [90.0])
        self.assertEqual(orders.company_id, self.centre)

    def test_holding_exports_all(self):
        """Debits 3: the file has the debits of all centres, whatever is ticked."""
        self._owed_to_centre()
        self._members_who_owe(1)
        batch = self._collect_due()
        mine = batch.with_env(self._holding_clerk())
        self.assertEqual(len(mine.order_ids), 1)
        self.assertEqual(mine.order_count, 2)
        mine.action_export()
        orders = self.env["gym.debit.order"].search([("batch_id", "=", batch.id)])
        self.assertEqual(orders.mapped("state"), ["exported", "exported"])
        root = etree.fromstring(batch.attachment_id.raw)
        self.assertEqual(len(list(root.iter("{*}EndToEndId"))), 2)

    def test_holding_is_told_of_all(self):
        """Debits 3: a refused debit of a centre that is not ticked is counted, and
        hidden."""
        member = self._owed_to_centre()
        self._members_who_owe(1)
        batch = self._collect_due()
        member.debit_mandate_ids.action_cancel()
        self.assertEqual(batch.refused_ids.partner_id, member)
        mine = batch.with_env(self._holding_clerk())
        self.assertEqual(mine.refused_count, 1)
        self.assertFalse(mine.refused_ids)

    def test_paid_in_each_centre(self):
        """Debits 4: payments are booked in the centre that is owed."""
        self._owed_to_centre()
        batch = self._collect_due()
        batch.action_export()
        env = self._holding_clerk()
        env["gym.debit.paid"].create({"batch_id": batch.id}).action_confirm()
        self.assertFalse(batch.failure_ids.mapped("message"))
        self.assertEqual(batch.state, "done")
        self.assertEqual(batch.order_ids.payment_ids.company_id, self.centre)

"""The screens of direct debits, clicked through as a clerk does it."""

from datetime import timedelta

from ..base.common_tours import TourCommon
from .common_debit import AtParCommon


class TestToursDebit(TourCommon, AtParCommon):
    """Two members owe; the mandate of one is cancelled before the export."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paul = cls._create_debtor("Kent Paul")
        cls.laura = cls._create_debtor("Kent Laura")
        for member in cls.paul | cls.laura:
            mandate = member.debit_mandate_ids
            mandate.signature_date = cls.today - timedelta(days=30)
            cls._create_invoice(member, today=cls.today)

    def test_from_collect_to_paid(self):
        """Debits 1 to 3: collect, leave out, export, download, paid."""
        orders = type(self.env["gym.debit.order"])
        put_into_batches = orders._put_into_batches

        def put_and_cancel(made):
            batches = put_into_batches(made)
            laura = made.sudo().filtered(lambda one: one.partner_id == self.laura)
            laura.mandate_id.action_cancel()
            return batches

        self.patch(orders, "_put_into_batches", put_and_cancel)
        self._tour("gym_debit_batch", "/odoo/gym-debit-batches")
        batch = self.env["gym.debit.batch"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertRecordValues(batch, [{"state": "done", "amount_paid": 100.0}])
        self.assertEqual(batch.order_ids.partner_id, self.paul)
        kinds = batch.export_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds, ["file", "download"])

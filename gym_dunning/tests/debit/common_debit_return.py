from ..base.common import TODAY
from .common_debit import AtParCommon


class DebitReturnCommon(AtParCommon):
    """Debits at the bank, and the bank's files about them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # exporting asks for the day
        cls.env = cls.env(context=dict(cls.env.context, dunning_date=TODAY))

    def _exported(self, name, amount=100.0, **vals):
        """Return the debit of a new member, as if the file had gone to the bank."""
        member = self._create_debtor(name)
        return self._collect_exported(
            self._create_invoice(member, amount=amount, **vals)
        )

    def _paid_order(self, name):
        order = self._exported(name)
        order._set_paid(TODAY)
        return order

    def _entry(self, order, **values):
        """Return what the bank says of a debit, for the builders of its files."""
        return {
            "end_to_end_id": order.name,
            "amount": f"{order.amount:.2f}",
            "code": "AM04",
            "name": order.partner_id.name,
            "mandate_reference": order.mandate_id.name,
        } | values

    def _import(self, content, name="returns.xml"):
        return self.env["gym.debit.return.file"]._import(name, content, self.company)

    def _preview(self, content):
        dialog = self.env["gym.debit.return.import"].new(
            {"company_id": self.company.id}
        )
        return dialog._preview_file("returns.xml", content)

    def _row_of(self, order):
        return self.env["gym.debit.return"].search([("order_id", "=", order.id)])

    def _orders_of(self, member):
        return self.env["gym.debit.order"].search([("partner_id", "=", member.id)])

    def _files(self):
        return self.env["gym.debit.return.file"].search(
            [("company_id", "=", self.company.id)]
        )

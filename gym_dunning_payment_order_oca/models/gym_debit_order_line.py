from odoo import models


class GymDebitOrderLine(models.Model):
    """An item of a debit is a line of a payment order."""

    _inherit = "gym.debit.order.line"

    def _create_payment_lines(self, payment_order):
        self.env["account.payment.line"].create(
            [line._prepare_payment_line(payment_order) for line in self]
        )

    def _prepare_payment_line(self, payment_order):
        """Return what their line says by itself, but for what the debit fixed."""
        self.ensure_one()
        vals = self.move_line_id._prepare_payment_line_vals(payment_order)
        mandate = self.order_id.mandate_id
        document = self.move_id.payment_reference or self.move_id.name
        return vals | {
            "gym_debit_order_id": self.order_id.id,
            "amount_currency": self.amount,
            "currency_id": self.currency_id.id,
            "partner_bank_id": mandate.partner_bank_id.id,
            "mandate_id": mandate.banking_mandate_id.id,
            "communication": f"{self.order_id.name} {document}",
            # a structured one would make a payment for each line
            "communication_type": "normal",
        }

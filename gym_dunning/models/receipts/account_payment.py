from odoo import fields, models


class AccountPayment(models.Model):
    """Payments that a bank's file told of."""

    _inherit = "account.payment"

    gym_receipt_id = fields.Many2one(
        "gym.receipt",
        string="Bank Receipt",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _gym_on_statement(self):
        """Return those that are matched with a statement of the bank, or stand in one."""
        return self.filtered(
            lambda payment: (
                payment.gym_receipt_id.statement_line_id
                or any(
                    line.matched_debit_ids or line.matched_credit_ids
                    for line in payment._seek_for_lines()[0]
                )
            )
        )

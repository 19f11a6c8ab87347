from odoo import models
from odoo.exceptions import UserError

from .account_payment_method import DEBIT_CODE


class GymDebitOrder(models.Model):
    """The bank collected: payments on the items, as if registered by hand."""

    _inherit = "gym.debit.order"

    def _set_paid(self, date):
        """Book what the bank collected on `date`.

        :raise UserError: an order is not exported, or no bank journal is chosen
        """
        for order in self:
            if order.state != "exported":
                raise UserError(order._state_error("paid"))
        payments = self._create_payments(date)
        payments.action_post()
        # all at once: one by one it takes half of the time of the whole booking
        self.env["account.move.line"]._reconcile_plan(
            [lines for one in payments if (lines := self._to_reconcile(one))]
        )
        self._set_state("paid", paid_date=date)
        # now, as the clerk and in his language: left to the next savepoint, the
        # batch's history is written by whoever runs the job
        self.batch_id.flush_recordset(["state"])

    def _create_payments(self, date):
        """One payment per debit, more where its items stand on several accounts."""
        vals_list = [
            order._prepare_payment(account, lines, date)
            for order in self
            for account, lines in order.line_ids.grouped(
                lambda line: line.move_line_id.account_id
            ).items()
        ]
        # with Odoo's accountant installed a payment may have no entry; it would pay
        # no invoice, which would be collected again
        payments = self.env["account.payment"].with_context(force_payment_move=True)
        return payments.create(vals_list)

    def _prepare_payment(self, account, lines, date):
        self.ensure_one()
        method = self._payment_method_line()
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "partner_type": "customer",
            "payment_type": "inbound",
            "journal_id": method.journal_id.id,
            "payment_method_line_id": method.id,
            "destination_account_id": account.id,
            "currency_id": self.currency_id.id,
            "amount": self.currency_id.round(sum(lines.mapped("amount"))),
            "date": date,
            "memo": self.name,
            "partner_bank_id": self.mandate_id.partner_bank_id.id,
            "gym_debit_order_id": self.id,
        }

    def _payment_method_line(self):
        """Return the direct debit of the bank journal that the holding collects by."""
        creditor = self.company_id.sudo().root_id  # whose account it is
        methods = creditor.debit_journal_id.inbound_payment_method_line_ids
        method = methods.filtered(lambda one: one.code == DEBIT_CODE)[:1]
        if not method:
            raise UserError(
                self.env._(
                    "%s has no bank for direct debits. Choose one under Configuration >"
                    " Settings > Direct debits.",
                    creditor.name,
                )
            )
        return method.sudo(False)

    def _to_reconcile(self, payment):
        """Return what a payment and the items of its debit have open; a document that
        was reset to draft meanwhile leaves a credit."""
        account = payment.destination_account_id
        items = payment.gym_debit_order_id.line_ids.move_line_id
        lines = payment.move_id.line_ids | items
        return lines.filtered(
            lambda line: (
                line.account_id == account
                and not line.reconciled
                and line.parent_state == "posted"
            )
        )

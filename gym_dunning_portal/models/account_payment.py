from odoo import api, models


class AccountPayment(models.Model):
    """Payments that came online, and what goes back of them."""

    _inherit = "account.payment"

    @api.depends("payment_transaction_id.child_transaction_ids.state")
    def _compute_amount_available_for_refund(self):
        # EXTENDS account_payment: one online payment may pay for several members, and
        # Odoo counts what went back with the first of its payments
        result = super()._compute_amount_available_for_refund()
        for payment in self:
            if payment.payment_transaction_id.sudo().gym_debtor_id:  # no secret
                payment.amount_available_for_refund = min(
                    payment.amount_available_for_refund, payment._gym_refundable()
                )
        return result

    def _gym_credit(self):
        """Return the line of the entry that stands on the customer's account."""
        return self.move_id.line_ids.filtered(
            lambda line: line.account_id._gym_is_of_customers()
        )

    def _gym_refundable(self):
        """Return what has not gone back yet of a payment."""
        credit = self._gym_credit()
        gone = credit.matched_debit_ids.filtered("debit_move_id.payment_id")
        return self.amount - sum(gone.mapped("debit_amount_currency"))

    def _gym_free(self, amount):
        """Let go items that a payment pays, the youngest first, until so much is free.

        :return: the journal items
        """
        credit = self._gym_credit()
        freed = self.env["account.move.line"]
        for partial in self._gym_partials_of_items():
            if (
                credit.currency_id.compare_amounts(
                    -credit.amount_residual_currency, amount
                )
                >= 0
            ):
                break
            freed |= partial.debit_move_id
            partial.unlink()
        return freed

    def _gym_partials_of_items(self):
        """Return what reconciles a payment with items, what was cleared last first."""
        partials = self._gym_credit().matched_debit_ids.filtered(
            lambda partial: not partial.debit_move_id.payment_id
        )
        ids = partials.debit_move_id.ids
        keys = self.env["gym.open.item"].browse(ids)._clearing_keys()
        return partials.sorted(lambda one: keys[one.debit_move_id.id], reverse=True)

    def _gym_tell_rest(self, amount):
        """Say that what was paid had been paid otherwise meanwhile."""
        text = self.env._(
            "Paid in another way meanwhile: %(amount)s of this online payment stays as"
            " credit of %(member)s.",
            amount=self.currency_id.format(amount),
            member=self.partner_id.display_name,
        )
        self.message_post(body=text)
        self.partner_id.message_post(body=text)

from collections import defaultdict

from odoo import api, models


class AccountPayment(models.Model):
    """Money that pays items of the ledger, whoever told of it."""

    _inherit = "account.payment"

    @api.model
    def _gym_split(self, shares, rest, nobody):
        """Return of how much each payment is: one for each centre, debtor and
        receivable account, because Odoo reconciles within an account.

        :param shares: what each journal item gets, by item
        :param rest: what pays no item, and stays as credit with the first payment
        :param nobody: centre, debtor and account of the rest where no item is paid
        :return: pairs of (company, partner, account) and amount
        """
        amounts = defaultdict(float)
        for line, amount in shares.items():
            amounts[line.company_id, line.partner_id, line.account_id] += amount
        amounts[next(iter(amounts), nobody)] += rest
        return list(amounts.items())

    def _gym_pairs(self, items):
        """Return what is reconciled, item by item in their order: Odoo would take the
        oldest first.

        :param items: journal items that these payments pay
        """
        payments = self.filtered(lambda payment: payment.move_id.state == "posted")
        credits_ = {
            (line.company_id, line.partner_id, line.account_id): line
            for line in payments.move_id.line_ids
            if line.account_id._gym_is_of_customers() and not line.reconciled
        }
        for item in items:
            key = (item.company_id, item.partner_id, item.account_id)
            if credit := credits_.get(key):
                yield item | credit

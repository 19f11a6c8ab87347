from odoo import fields, models
from odoo.fields import Command

from ...tools import total


class GymDebitOrder(models.Model):
    """What the bank asks for a return is booked beside the payment that it took back."""

    _inherit = "gym.debit.order"

    charge_move_id = fields.Many2one(
        "account.move",
        string="Entry of the Charges",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Empty: the charges are only recorded.",
    )

    def _book_charges(self, date, charges):
        """Book what the bank asks for returns: one entry for all that a centre gets back
        in one account and currency, dated like the payments' reversals.

        Once: of many debits together, and not again when each of them is returned.
        Nothing is booked where the creditor has chosen no account, or no bank.

        :param date: day of the returns
        :param charges: dict of debit to amount, in the debit's currency
        :raise UserError: the entry cannot be posted
        """
        charged = self.filtered(lambda order: order._has_to_book(charges))
        groups = charged.grouped(lambda order: order._charge_place(date))
        groups.pop(None, None)
        for (journal, account, day, __), orders in groups.items():
            vals = {"journal_id": journal.id, "date": day}
            lines = orders._prepare_charge_lines(account, date, charges)
            # people do not edit debits
            orders.sudo().charge_move_id = orders._post_charges(vals, lines)

    def _has_to_book(self, charges):
        creditor = self.company_id.sudo().root_id  # whose account it is
        return (
            creditor.debit_charge_account_id
            and not self.charge_move_id
            and self.currency_id.compare_amounts(charges[self], 0.0) > 0
        )

    def _charge_place(self, date):
        """Return journal, account and day of the charge, and whose in which currency:
        those by which the payment was taken back, which a closed month may have moved;
        of a debit that was never paid, those that it would have got; None where no bank
        is chosen."""
        key = self.company_id, self.currency_id
        # one by one, so that all debits' are read at once
        for payment in self.payment_ids:
            if account := payment.outstanding_account_id:
                back = payment.move_id.reversal_move_ids
                days = [move.date for move in back if move.state == "posted"]
                return payment.journal_id, account, max(days, default=date), key
        if not self.company_id.sudo().root_id.debit_journal_id:  # see `_has_to_book`
            return None
        return *self._usual_charge_place(), date, key

    def _usual_charge_place(self):
        method = self._payment_method_line()
        unpaid = self.env["account.payment"].new({"company_id": self.company_id.id})
        account = method.payment_account_id or unpaid._get_outstanding_account(
            "inbound"
        )
        return method.journal_id, account

    def _post_charges(self, vals, lines):
        """Return the entry; `lines` begins with the cost."""
        invoicing = self.env["gym.invoicing"]
        move = invoicing._moves(self.company_id).create(
            vals
            | {
                "move_type": "entry",
                "company_id": self.company_id.id,
                "ref": self._describe_charges(),
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        invoicing._check_distribution(move.line_ids.filtered("debit"))
        move._post(soft=False)
        return move

    def _describe_charges(self):
        if len(self) == 1:
            return self.env._("Bank charge of the return of %s", self.name)
        return self.env._(
            "Bank charges of the returns of %(first)s and %(count)s more",
            first=self[0].name,
            count=len(self) - 1,
        )

    def _prepare_charge_lines(self, account, date, charges):
        """Return the cost, and what the bank's statement shows of each debit."""
        creditor = self.company_id.sudo().root_id  # whose rule it is
        shown = [
            # money is not analysed; Odoo would search a distribution for each
            order._prepare_charge_line(account, date, -charges[order])
            | {"analytic_distribution": False}
            for order in self
        ]
        cost = self._prepare_charge_line(creditor.debit_charge_account_id, date, 0.0)
        for name in ("amount_currency", "balance"):
            cost[name] = -total([line[name] for line in shown])
        return [cost, *shown]

    def _prepare_charge_line(self, account, date, amount):
        company, currency = self.company_id, self.currency_id
        return {
            "name": self._describe_charges(),
            "account_id": account.id,
            # neither the member's debt nor his money
            "partner_id": False,
            "currency_id": currency.id,
            "amount_currency": amount,
            "balance": currency._convert(amount, company.currency_id, company, date),
        }

from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from ..tools import total
from .gym_debit_amounts import Purse


class GymDebitOrder(models.Model):
    """A member who paid meanwhile without naming the invoice is debited the less."""

    _inherit = "gym.debit.order"

    def _debtor_key(self):
        return self.company_id, self.partner_id, self.currency_id

    def _too_much(self, date):
        """Return by how much the debits under way exceed what is owed in sum, credits
        taken off, by debtor, centre and currency; nothing where they do not."""
        rows = self._rows_of_debtors(date)
        lines = self._lines_in_flight()
        planned = defaultdict(list)
        for line in lines:
            if row := rows.get(line.move_line_id.id):
                amount = min(line.amount, row.amount_residual)
                planned[row._debtor_key()].append(amount)
        owed = self._owed(rows, set(lines.move_line_id.ids), date)
        excess = {
            key: key[-1].round(total([*amounts, -owed.get(key, 0.0)]))
            for key, amounts in planned.items()
        }
        return {key: amount for key, amount in excess.items() if amount > 0}

    def _lines_in_flight(self):
        return self.env["gym.debit.order.line"].search(
            Domain("in_flight", "=", True)
            & Domain("order_id.partner_id", "in", self.partner_id.ids)
            & Domain("order_id.company_id", "in", self.company_id.ids)
        )

    def _rows_of_debtors(self, date):
        # sudo: a credit of the holding counts for its centres, whichever are ticked
        ledger = self.env["gym.open.item"].sudo().with_context(dunning_date=date)
        companies = self.company_id.sudo()
        found = ledger.search(
            Domain("partner_id", "in", self.partner_id.ids)
            & Domain("company_id", "in", (companies | companies.parent_ids).ids)
        )
        return {row.id: row for row in found}

    def _owed(self, rows, collected, date):
        """Return what the debtors owe by now, by the same keys: what is collected or
        due, less their credits. What is disputed or at the agency does not eat up a
        credit."""
        credits_, owed = defaultdict(list), defaultdict(list)
        for row in rows.values():
            is_credit = row.amount_residual < 0 and row.hold_reason != "agency"
            is_due = row.amount_residual > 0 and row.date_maturity <= date
            due = is_due and not row._is_forbidden()
            if is_credit:
                credits_[row._debtor_key()].append(-row.amount_residual)
            elif row.id in collected or due:
                owed[row._debtor_key()].append(row.amount_residual)
        needs = {key: total(amounts) for key, amounts in owed.items()}
        used = Purse(credits_).share(needs)
        return {key: total([need, -used[key]]) for key, need in needs.items()}

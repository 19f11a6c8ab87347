from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from ...tools import total
from .amounts import Purse, less_credit


class GymDebitOrder(models.Model):
    """Bring drafts up to what is owed now, before the bank gets them."""

    _inherit = "gym.debit.order"

    def _recheck(self, date):
        """Lower or drop what was paid or held since; cancel what is left empty.

        The number of queries grows with the debits that changed only.

        :param date: as of which the ledger is read
        """
        rows = self._ledger_rows(date)
        of_debtors = self._rows_of_debtors(date)
        to_take_off = self._credit_to_take_off(of_debtors, date)
        clearing = self._clearing_keys(of_debtors, to_take_off)
        for order in self:
            amounts = order._amounts_now(rows, to_take_off, clearing)
            changes = {
                line: amount for line, amount in amounts.items() if amount < line.amount
            }
            if changes:
                order._take_changes(changes)
                order._give_up_fee_alone(rows)

    def _amounts_now(self, rows, to_take_off, clearing):
        """Return what is to be collected of each line, in the order of clearing where a
        credit is taken off.

        :param to_take_off: see `_credit_to_take_off`; what is taken off here is taken off there
        :param clearing: see `_clearing_keys`
        """
        lines = self.line_ids.sorted()
        key = self._debtor_key()
        if key not in to_take_off:
            return {line: line._still_due(rows) for line in lines}
        lines = lines.sorted(lambda line: clearing[line.move_line_id.id])
        due = {line: line._still_due(rows) for line in lines}
        left = less_credit(due, to_take_off[key])
        taken = [-amount for amount in due.values()]
        rest = total([to_take_off[key], *taken, *left.values()])
        to_take_off[key] = max(0.0, self.currency_id.round(rest))
        return {line: left.get(line, 0.0) for line in due}

    def _clearing_keys(self, of_debtors, to_take_off):
        """Return what sorts the items of which a credit is taken off, by id.

        :param of_debtors: see `_rows_of_debtors`
        """
        changed = self.filtered(lambda order: order._debtor_key() in to_take_off)
        if not changed:
            return {}
        credits_ = [row for row in of_debtors.values() if row.amount_residual < 0]
        said = self.env["gym.debit.plan"]._references(credits_, to_take_off)
        references = {
            line.move_line_id.id: said[order._debtor_key()]
            for order in changed
            for line in order.line_ids
        }
        return self.env["gym.open.item"].browse(references)._clearing_keys(references)

    def _ledger_rows(self, date):
        """Return the ledger's rows of the items, by id."""
        ledger = self.env["gym.open.item"].with_context(dunning_date=date)
        found = ledger.search([("id", "in", self.line_ids.move_line_id.ids)])
        return {row.id: row for row in found}

    def _take_changes(self, changes):
        notes = [line._note_change(amount) for line, amount in changes.items()]
        dropped = self.line_ids.browse()
        for line, amount in changes.items():
            if amount:
                line.amount = amount
            else:
                dropped |= line
        if dropped == self.line_ids:
            self._set_state("cancelled")
            notes.append(self.env._("Nothing is left to collect: cancelled."))
        else:
            self._drop(dropped)
        self.message_post(body=" ".join(notes))

    def _drop(self, lines):
        """These items may be reminded or collected again."""
        holds = self.env["gym.dunning.hold"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("move_line_id", "in", lines.move_line_id.ids),
            ]
        )
        holds.action_release()
        lines.unlink()

    # === CREDIT === #
    # A member who paid meanwhile without naming the invoice is debited the less.

    def _debtor_key(self):
        return self.company_id, self.partner_id, self.currency_id

    def _credit_to_take_off(self, rows, date):
        """Return by how much the debits under way exceed what is owed in sum, credits
        taken off, by debtor, centre and currency; nothing where they do not.

        :param rows: see `_rows_of_debtors`
        """
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

from odoo import models

from ..tools import total
from .gym_debit_amounts import less_credit


class GymDebitOrder(models.Model):
    """Bring drafts up to what is owed now, before the bank gets them."""

    _inherit = "gym.debit.order"

    def _recheck(self, date):
        """Lower or drop what was paid or held since; cancel what is left empty.

        The number of queries grows with the debits that changed only.

        :param date: as of which the ledger is read
        """
        rows = self._ledger_rows(date)
        too_much = self._too_much(date)
        for order in self:
            amounts = order._amounts_now(rows, too_much)
            changes = {
                line: amount for line, amount in amounts.items() if amount < line.amount
            }
            if changes:
                order._take_changes(changes)

    def _amounts_now(self, rows, too_much):
        """Return what is to be collected of each line, the oldest paid first.

        :param too_much: see `_too_much`; what is taken off here is taken off there
        """
        due = {line: line._still_due(rows) for line in self.line_ids.sorted()}
        key = self._debtor_key()
        left = less_credit(due, too_much.get(key, 0.0))
        if key in too_much:
            taken = [-amount for amount in due.values()]
            rest = total([too_much[key], *taken, *left.values()])
            too_much[key] = max(0.0, self.currency_id.round(rest))
        return {line: left.get(line, 0.0) for line in due}

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

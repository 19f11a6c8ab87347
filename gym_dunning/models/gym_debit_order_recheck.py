from odoo import models


class GymDebitOrder(models.Model):
    """Bring drafts up to what is owed now, before the bank gets them."""

    _inherit = "gym.debit.order"

    def _recheck(self, date):
        """Lower or drop what was paid or held since; cancel what is left empty.

        The number of queries grows with the debits that changed only.

        :param date: as of which the ledger is read
        """
        rows = self._ledger_rows(date)
        for order in self:
            changes = {
                line: amount
                for line in order.line_ids
                if (amount := line._still_due(rows)) < line.amount
            }
            if changes:
                order._take_changes(changes)

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

from odoo import models


class GymDebitOrderLine(models.Model):
    """What is still due of an item."""

    _inherit = "gym.debit.order.line"

    def _still_due(self, rows):
        """Return what may be collected of the item now, at most what was planned."""
        row = rows.get(self.move_line_id.id)
        if not row or row._is_forbidden():
            return 0.0
        left = self.currency_id.round(row.amount_residual)
        return max(0.0, min(self.amount, left))

    def _note_change(self, amount):
        names = {
            "document": self.move_id.name,
            "amount": self.currency_id.format(amount),
        }
        if amount:
            return self.env._(
                "%(document)s was paid in part: %(amount)s of it are collected.",
                **names,
            )
        return self.env._(
            "%(document)s was paid or held meanwhile: it is not collected.", **names
        )

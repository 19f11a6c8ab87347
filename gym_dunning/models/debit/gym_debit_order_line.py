from odoo import fields, models


class GymDebitOrderLine(models.Model):
    """One open item that a debit collects; never a whole plan of instalments."""

    _name = "gym.debit.order.line"
    _description = "Item of a Direct Debit"
    _order = "date_maturity, id"
    _rec_name = "move_id"

    order_id = fields.Many2one(
        "gym.debit.order", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="order_id.company_id")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Open Item",
        required=True,
        ondelete="restrict",
        index=True,
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Document")
    date_maturity = fields.Date(related="move_line_id.date_maturity", store=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    amount = fields.Monetary(required=True, help="Collected of the item.")
    in_flight = fields.Boolean(default=True)

    # Not only a check: two people at once must not debit an item twice.
    _in_flight_once = models.UniqueIndex(
        "(move_line_id) WHERE in_flight",
        "An item is collected by another direct debit already. Wait for the bank's"
        " answer or cancel that debit.",
    )
    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A direct debit collects an amount above zero."
    )

    # === RECHECK === #
    # What is still due of an item.

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
                "%(document)s was paid in part: %(amount)s is still to be collected.",
                **names,
            )
        return self.env._(
            "%(document)s has since been paid or held back: it is not collected.",
            **names,
        )

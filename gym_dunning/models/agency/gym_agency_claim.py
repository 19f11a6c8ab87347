from odoo import fields, models


class GymAgencyClaim(models.Model):
    """An open item as it was handed over; the ledger says what became of it."""

    _name = "gym.agency.claim"
    _description = "Claim at the Agency"
    _order = "line_id, id"
    _rec_name = "move_id"
    _log_access = False  # as many as items; the hand-over knows who and when

    line_id = fields.Many2one(
        "gym.agency.handover.line", required=True, ondelete="cascade", index=True
    )
    # empty once the hand-over is anonymised
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Open Item",
        ondelete="restrict",
        index="btree_not_null",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Document")
    date_maturity = fields.Date(related="move_line_id.date_maturity")
    company_id = fields.Many2one(related="line_id.company_id")
    currency_id = fields.Many2one(related="line_id.currency_id")
    amount = fields.Monetary(
        string="Handed Over", help="Open on the day, in the document's currency."
    )
    amount_residual = fields.Monetary(
        related="move_line_id.amount_residual_currency", string="Open"
    )
    # The last reconciliation of the item that was known when it was handed over;
    # a number, not a link: it may be undone and deleted.
    settled_mark = fields.Integer(readonly=True)

    def _note_settled(self):
        """Draw the line between what was settled before and what comes after.

        Dates would not do: payments are booked later, with an earlier date.
        """
        rows = self.env["account.partial.reconcile"]._read_group(
            [("debit_move_id", "in", self.move_line_id.ids)],
            ["debit_move_id"],
            ["id:max"],
        )
        marks = dict(rows)
        for claim in self:
            claim.settled_mark = marks.get(claim.move_line_id, 0)

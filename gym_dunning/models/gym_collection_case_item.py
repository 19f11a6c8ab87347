from odoo import api, fields, models


class GymCollectionCaseItem(models.Model):
    """A debt of a case: the item as it was taken; the books say what is left of it."""

    _name = "gym.collection.case.item"
    _description = "Debt of a Case"
    _order = "date_maturity, id"
    _rec_name = "move_id"

    case_id = fields.Many2one(
        "gym.collection.case",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Open Item",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Document")
    date_maturity = fields.Date(
        related="move_line_id.date_maturity", string="Due Date", store=True
    )
    partner_id = fields.Many2one(related="case_id.partner_id")
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="case_id.currency_id")
    amount = fields.Monetary(
        string="Debt", readonly=True, help="Open when it was taken into the case."
    )
    amount_open = fields.Monetary(
        string="Still Open",
        compute="_compute_amount_open",
        help="What the books show of it now.",
    )
    amount_promised = fields.Monetary(
        string="Promised", copy=False, help="Its share of the agreed amount."
    )
    status = fields.Selection(
        [
            ("open", "Open"),
            ("partial", "Partly Paid"),
            ("paid", "Paid"),
            ("unposted", "Not Posted"),
        ],
        compute="_compute_amount_open",
        help="Not posted: the document was reset to draft or cancelled, it counts for"
        " nothing until it is posted again.",
    )

    _once = models.UniqueIndex(
        "(case_id, move_line_id)", "This item stands in the case already."
    )

    @api.depends(
        "amount",
        "move_line_id.amount_residual_currency",
        "move_line_id.parent_state",
        "move_line_id.reconciled",
    )
    def _compute_amount_open(self):
        for item in self:
            # sudo: managers of cases see the debt, not the entries
            line = item.sudo().move_line_id
            posted = line.parent_state == "posted"
            item.amount_open = line.amount_residual_currency if posted else 0.0
            item.status = item._status(posted)

    def _status(self, posted):
        if not posted:
            return "unposted"
        if self.currency_id.is_zero(self.amount_open):
            return "paid"
        less = self.currency_id.compare_amounts(self.amount_open, self.amount) < 0
        return "partial" if less else "open"

    def unlink(self):
        # EXTENDS base: an item that leaves its case is free again
        self._check_unpromised()
        promised = self.filtered("amount_promised").case_id
        if not self.env.context.get("case_deleted"):  # which releases all it holds
            self._leave_case()
        result = super().unlink()
        self._spread_without(promised)  # a deleted invoice does not ask
        return result

    def _leave_case(self):
        if not self.env.su:
            self.case_id._check_open()
        self._log_removal()
        for case, items in self.grouped("case_id").items():
            case._release(items)

    def _log_removal(self):
        for case, items in self.grouped("case_id").items():
            case.message_post(
                body=self.env._(
                    "Taken out of the case: %s.",
                    ", ".join(items.move_id.mapped("display_name")),
                )
            )

    def action_open_document(self):
        """Open the document behind the debt."""
        self.ensure_one()
        return self.move_id.get_formview_action()

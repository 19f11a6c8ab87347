from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class GymContractPeriod(models.Model):
    """A term of a subscription as it was invoiced; renewing adds one (AMB-17)."""

    _name = "gym.contract.period"
    _description = "Period of a Subscription"
    _order = "date_start desc, id desc"
    _rec_name = "date_start"

    subscription_id = fields.Many2one(
        "gym.contract.subscription", required=True, ondelete="cascade", index=True
    )
    contract_id = fields.Many2one(
        related="subscription_id.contract_id", store=True, index=True
    )
    company_id = fields.Many2one(related="contract_id.company_id")
    product_id = fields.Many2one(related="subscription_id.product_id")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    date_start = fields.Date(required=True)
    date_end = fields.Date(required=True)
    price_unit = fields.Monetary()
    amount = fields.Monetary(help="Without tax.")
    price_before = fields.Monetary(
        string="Price per Term before",
        help="Of the subscription, when the term was billed; taking the term back"
        " restores it.",
    )
    is_for_cancellation = fields.Boolean(
        help="Billed because the contract was cancelled to a day after its paid term."
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        ondelete="set null",
        index="btree_not_null",
        help="Empty: invoiced before the contract was entered here.",
    )
    invoice = fields.Char(string="Invoice Number", compute="_compute_invoice")
    payment_state = fields.Selection(related="move_id.payment_state")

    _start_uniq = models.UniqueIndex(
        "(subscription_id, date_start)",
        "This subscription has a period from that day already: it was renewed.",
    )

    @api.depends("move_id.name")
    def _compute_invoice(self):
        for period in self:
            move = period.move_id
            if move:
                period.invoice = move.display_name
            else:
                period.invoice = period.amount and self.env._("Elsewhere")

    def action_open_invoice(self):
        """Open the invoice of the term."""
        self.ensure_one()
        return self.move_id._get_records_action()

    # === TAKING BACK === #

    def action_take_back(self):
        """Credit what is left of the term's invoice; the term can be billed again.

        All terms of one invoice go together.

        :raise UserError: the contract was billed for a later time, too
        """
        self.contract_id.check_access("write")
        self._check_not_cancelled()
        periods = self | self.contract_id.period_ids.filtered(
            lambda one: one.move_id and one.move_id in self.move_id
        )
        periods._take_back()

    def _check_not_cancelled(self):
        for period in self.filtered("is_for_cancellation"):
            if period.contract_id.state == "cancelled":
                raise UserError(
                    self.env._(
                        "This term of contract %s was billed because it was cancelled"
                        " to a later day. Reopen the contract; then it is credited.",
                        period.contract_id.name,
                    )
                )

    def _take_back(self):
        """Undo what billing these terms did and is still there: the invoice, the end
        and the price of the subscription, the result in the renewal."""
        if not self:
            return
        self._check_newest()
        invoicing = self.env["gym.invoicing"]
        invoicing._take_back(
            self.move_id,
            lambda move: self.env._("Term taken back, invoice %s", move.name),
        )
        self._note_taken_back()
        for subscription, periods in self.grouped("subscription_id").items():
            subscription._forget(periods)
        # sudo: periods are history; only billing and taking back write them
        self.sudo().unlink()

    def _check_newest(self):
        for subscription, periods in self.grouped("subscription_id").items():
            kept = subscription.period_ids - periods
            if any(one.date_start > min(periods.mapped("date_start")) for one in kept):
                raise UserError(
                    self.env._(
                        "%(product)s of contract %(contract)s was also billed for a "
                        "later period. Take the later term back first.",
                        product=subscription.product_id.display_name,
                        contract=subscription.contract_id.name,
                    )
                )

    def _note_taken_back(self):
        """Say so in the contract, and in the renewals that made the terms."""
        # sudo: what became of a contract is noted by the program
        lines = self.env["gym.renewal.line"].sudo()
        lines.search(
            [
                ("contract_id", "in", self.contract_id.ids),
                ("state", "=", "done"),
                ("date_end", "in", self.mapped("date_end")),
            ]
        ).write({"state": "skipped", "reason": "taken_back"})
        for contract, periods in self.grouped("contract_id").items():
            contract.message_post(
                body=self.env._(
                    "Taken back: %(start)s to %(end)s. %(invoices)s",
                    start=format_date(self.env, min(periods.mapped("date_start"))),
                    end=format_date(self.env, max(periods.mapped("date_end"))),
                    invoices=", ".join(periods.move_id.mapped("display_name")),
                )
            )

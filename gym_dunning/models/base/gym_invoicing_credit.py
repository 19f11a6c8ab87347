from odoo import api, models


class GymInvoicing(models.AbstractModel):
    """Taking invoices back: what still stands of them in the books, to the cent.

    An accountant may have credited an invoice in part or wholly meanwhile, written it
    off, set it back to draft or cancelled it. What was paid stays the customer's, as
    an open credit.
    """

    _inherit = "gym.invoicing"

    @api.model
    def _take_back(self, moves, describe):
        """Credit what is left of these invoices; one in draft is cancelled, so that
        nobody posts it later.

        :param describe: callable that returns the reference of an invoice's credit
        """
        whole = self.env["account.move"]
        for move in moves:
            if move.state == "draft":
                move.button_cancel()
            elif move.state == "posted":
                rest = self._rest_of_invoice(move)
                if not move.currency_id.compare_amounts(rest, move.amount_total):
                    whole += move
                elif rest:
                    self._credit_part(move, rest, describe)
        for company, group in whole.grouped("company_id").items():
            self._moves(company).browse(group.ids)._reverse_moves(
                [self._prepare_credit_vals(move, describe) for move in group],
                cancel=True,
            )

    def _prepare_credit_vals(self, move, describe):
        return {
            "date": move.date,
            "invoice_date": move.invoice_date,
            "ref": describe(move),
        }

    def _receivable(self, moves):
        return moves.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    # === WHAT IS LEFT === #

    def _rest_of_invoice(self, move):
        """Return what nobody credited of an invoice, in its currency."""
        lines = self._receivable(move)
        reversed_lines = self._receivable(self._reversals(move))
        return self._rest(lines, reversed_lines, move.invoice_line_ids.product_id)

    def _rest(self, lines, reversed_lines, products):
        """Return what nobody credited of receivable lines, in their currency.

        :param reversed_lines: the lines that reverse them, reconciled or not
        :param products: what was charged
        """
        credited = -sum(reversed_lines.mapped("amount_currency"))
        for partial in lines.matched_credit_ids:
            move = partial.credit_move_id.move_id
            if move not in reversed_lines.move_id:
                share = self._credited_share(move, products)
                credited += partial.debit_amount_currency * share
        owed = sum(lines.mapped("amount_currency"))
        return max(0.0, lines.currency_id[:1].round(owed - credited))

    def _reversals(self, move):
        """Return the posted reversals of a document, and theirs, which restore it."""
        found = self.env["account.move"]
        while move := move.reversal_move_ids.filtered(
            lambda one: one.state == "posted"
        ):
            found |= move
        return found

    def _credited_share(self, move, products):
        """Return which part of what a document clears is no money of the customer.

        A credit note of something else and a payment are his money. A credit note of
        what was charged, and an entry against income or loss, are not.
        """
        if move.move_type == "out_refund":
            is_of_it = not move.reversed_entry_id and (
                products & move.invoice_line_ids.product_id
            )
            return float(bool(is_of_it))
        if move.origin_payment_id or move.statement_line_id:
            return 0.0
        cleared = sum(self._receivable(move).mapped("balance"))
        lost = sum(
            move.line_ids.filtered(
                lambda line: line.account_id.internal_group in ("income", "expense")
            ).mapped("balance")
        )
        return min(1.0, max(0.0, -lost / cleared)) if cleared else 0.0

    def _release_payments(self, lines, reversals, products):
        """Give the customer back what he paid for what he does not owe."""
        lines.matched_credit_ids.filtered(
            lambda partial: (
                (move := partial.credit_move_id.move_id) not in reversals
                and not self._credited_share(move, products)
            )
        ).unlink()

    def _reconcile(self, plan):
        """Reconcile groups of lines, each for itself."""
        open_lines = [
            lines.filtered(lambda line: not line.reconciled) for lines in plan
        ]
        self.env["account.move.line"]._reconcile_plan(
            [lines for lines in open_lines if len(lines) > 1]
        )

    # === CREDIT NOTES OF A PART === #

    def _credit_part(self, move, rest, describe):
        """Credit the rest of an invoice of which a part was credited."""
        move = self._moves(move.company_id).browse(move.id)
        credit = move._reverse_moves([self._prepare_credit_vals(move, describe)])
        self._reduce_to(credit, rest)
        credit._post(soft=False)
        lines = self._receivable(move)
        products = move.invoice_line_ids.product_id
        self._release_payments(lines, self._reversals(move), products)
        self._reconcile([lines | self._receivable(credit)])

    def _reduce_to(self, credit, total):
        """Make a credit note in draft come to `total`, to the cent."""
        factor = total / credit.amount_total
        for line in credit.invoice_line_ids:
            line.price_unit = credit.currency_id.round(line.price_unit * factor)
        missing = credit.currency_id.round(total - credit.amount_total)
        if missing:
            self._round_to(credit, missing)

    def _round_to(self, credit, missing):
        """Add the cents that no price yields: to the tax, or where there is none to
        the price."""
        tax = credit.line_ids.filtered("tax_line_id")[:1]
        if tax:
            tax.amount_currency += missing
        else:
            line = credit.invoice_line_ids[:1]
            line.price_unit += missing / line.quantity

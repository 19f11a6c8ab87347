from collections import defaultdict

from odoo import api, models
from odoo.fields import Command


class GymDunningFee(models.AbstractModel):
    """Taking fees back: of each member's what still stands in the books.

    Between booking and cancelling an accountant may have credited a fee in part or
    wholly, written it off, set it back to draft or cancelled it. What was paid stays
    the member's, as an open credit.
    """

    _inherit = "gym.dunning.fee"

    @api.model
    def _credit(self, reminders):
        """Take back what is left of these reminders' fees, and of no others'."""
        whole = self.env["account.move"]
        for move, group in reminders.grouped("fee_move_id").items():
            if move.state == "draft":
                self._drop_drafts(move, group)
            elif move.state == "posted" and not move.is_invoice():
                self._credit_lines(move, group)
            elif move.state == "posted":
                rest = self._rest(group)
                if not move.currency_id.compare_amounts(rest, move.amount_total):
                    whole += move
                elif rest:
                    self._credit_part(group, rest)
        self._credit_whole(whole)

    def _credit_whole(self, moves):
        """Credit invoices of which nothing was credited yet, many at once."""
        for company, group in moves.grouped("company_id").items():
            self._in_company(group, company)._reverse_moves(
                [self._prepare_credit_vals(move) for move in group], cancel=True
            )

    def _in_company(self, moves, company):
        return self.env["gym.invoicing"]._moves(company).browse(moves.ids)

    def _prepare_credit_vals(self, move):
        return {
            "date": move.date,
            "invoice_date": move.invoice_date,
            "ref": self.env._("Credit of reminder fee %s", move.name),
        }

    # === WHAT IS LEFT === #

    @api.model
    def _lines(self, reminder):
        """Return the receivable lines of a reminder's fee, also in a shared entry,
        where each carries the number of its reminder."""
        lines = self._receivable(reminder.fee_move_id)
        if reminder.fee_move_id.is_invoice():
            return lines
        named = lines.filtered(lambda line: line.name == reminder.name)
        return named or lines.filtered(
            lambda line: line.partner_id == reminder.partner_id
        )

    def _lines_reversed(self, reversals, lines):
        """Return the lines that reverse these lines of a fee."""
        names = lines.mapped("name")
        return self._receivable(reversals).filtered(
            lambda line: (
                line.move_id.is_invoice()
                or (line.name in names and line.partner_id == lines.partner_id)
            )
        )

    def _rest(self, reminder):
        """Return what nobody credited of a reminder's fee, in its currency."""
        lines = self._lines(reminder)
        reversals = self._reversals(reminder.fee_move_id)
        reversed_lines = self._lines_reversed(reversals, lines)
        credited = -sum(reversed_lines.mapped("amount_currency"))
        for partial in lines.matched_credit_ids:
            move = partial.credit_move_id.move_id
            if move not in reversals:
                share = self._credited_share(move, reminder)
                credited += partial.debit_amount_currency * share
        owed = sum(lines.mapped("amount_currency"))
        return max(0.0, reminder.currency_id.round(owed - credited))

    def _reversals(self, move):
        """Return the posted reversals of a document, and theirs, which restore it."""
        found = self.env["account.move"]
        while move := move.reversal_move_ids.filtered(
            lambda one: one.state == "posted"
        ):
            found |= move
        return found

    def _credited_share(self, move, reminder):
        """Return which part of what a document clears is no money of the member.

        A credit note of something else and a payment are his money. A credit note of
        the fee, and an entry against income or loss, are not.
        """
        if move.move_type == "out_refund":
            product = reminder.level_id.fee_product_id
            is_of_fee = not move.reversed_entry_id and (
                product in move.invoice_line_ids.product_id
            )
            return float(is_of_fee)
        if move.origin_payment_id or move.statement_line_id:
            return 0.0
        cleared = self._balance(
            move, lambda line: line.account_type == "asset_receivable"
        )
        results = ("income", "expense")
        lost = self._balance(
            move, lambda line: line.account_id.internal_group in results
        )
        return min(1.0, max(0.0, -lost / cleared)) if cleared else 0.0

    def _balance(self, move, condition):
        return sum(move.line_ids.filtered(condition).mapped("balance"))

    def _receivable(self, moves):
        return moves.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    # === INVOICES === #

    def _credit_part(self, reminder, rest):
        """Credit the rest of an invoice of which a part was credited."""
        move = reminder.fee_move_id
        move = self._in_company(move, move.company_id)
        credit = move._reverse_moves([self._prepare_credit_vals(move)])
        self._reduce_to(credit, rest)
        credit._post(soft=False)
        self._release_payments(reminder)
        self._reconcile([self._lines(reminder) | self._receivable(credit)])

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

    def _release_payments(self, reminder):
        """Give the member back what he paid for a fee that he does not owe."""
        reversals = self._reversals(reminder.fee_move_id)
        self._lines(reminder).matched_credit_ids.filtered(
            lambda partial: (
                (move := partial.credit_move_id.move_id) not in reversals
                and not self._credited_share(move, reminder)
            )
        ).unlink()

    def _reconcile(self, plan):
        open_lines = [
            lines.filtered(lambda line: not line.reconciled) for lines in plan
        ]
        self.env["account.move.line"]._reconcile_plan(
            [lines for lines in open_lines if len(lines) > 1]
        )

    # === SHARED ENTRIES === #

    def _credit_lines(self, move, reminders):
        """Reverse these members' lines of an entry by an entry of their own.

        The lines of the others, and how they were paid, are not touched.
        """
        rests = {reminder: self._rest(reminder) for reminder in reminders}
        rests = {reminder: rest for reminder, rest in rests.items() if rest}
        if not rests:
            return
        entry = (
            self.env["gym.invoicing"]
            ._moves(move.company_id)
            .create(self._prepare_entry_credit_vals(move, rests))
        )
        entry._post(soft=False)
        # not before: Odoo would reconcile all lines of the account with each other,
        # one member's fee with another's credit
        entry.reversed_entry_id = move
        plan = []
        for reminder in rests:
            lines = self._lines(reminder)
            self._release_payments(reminder)
            plan.append(lines | self._lines_reversed(entry, lines))
        self._reconcile(plan)

    def _prepare_entry_credit_vals(self, move, rests):
        lines, income = [], {}
        for reminder, rest in rests.items():
            vals = self._prepare_line_credit_vals(reminder, rest)
            lines.append(vals)
            line = self._income_line(move, reminder)
            taken = income.setdefault(line, self._prepare_income_credit_vals(line))
            taken["amount_currency"] -= vals["amount_currency"]
            taken["balance"] -= vals["balance"]
        return self._prepare_credit_vals(move) | {
            "move_type": "entry",
            "company_id": move.company_id.id,
            "journal_id": move.journal_id.id,
            "line_ids": [Command.create(vals) for vals in [*lines, *income.values()]],
        }

    def _prepare_line_credit_vals(self, reminder, rest):
        line = self._lines(reminder)[:1]
        share = rest / line.amount_currency
        return {
            "name": line.name,
            "partner_id": line.partner_id.id,
            "account_id": line.account_id.id,
            "date_maturity": line.date_maturity,
            "currency_id": line.currency_id.id,
            "amount_currency": -rest,
            "balance": -line.company_currency_id.round(line.balance * share),
            "analytic_distribution": False,
            "no_followup": False,
        }

    def _income_line(self, move, reminder):
        """Return the line of the entry in which the fee was earned."""
        earned = move.line_ids.filtered(
            lambda line: line.account_type != "asset_receivable"
        )
        product = reminder.level_id.fee_product_id
        names = (product.display_name, product.with_context(lang=None).display_name)
        same = earned.filtered(lambda line: line.product_id == product)
        return (same or earned.filtered(lambda line: line.name in names) or earned)[:1]

    def _prepare_income_credit_vals(self, line):
        return {
            "name": line.name,
            "product_id": line.product_id.id,
            "account_id": line.account_id.id,
            "currency_id": line.currency_id.id,
            "amount_currency": 0.0,
            "balance": 0.0,
            "analytic_distribution": line.analytic_distribution,
        }

    # === SET BACK TO DRAFT === #

    def _drop_drafts(self, move, reminders):
        """Take the fees out of a document that an accountant set back to draft, so
        that nobody posts them later."""
        dropped = {reminder: self._lines(reminder) for reminder in reminders}
        lines = self.env["account.move.line"].union(*dropped.values())
        if move.is_invoice() or not self._receivable(move) - lines:
            move.button_cancel()
            return
        left = {}
        for reminder, own in dropped.items():
            line = self._income_line(move, reminder)
            vals = left.setdefault(line, line.read(["amount_currency", "balance"])[0])
            for name in ("amount_currency", "balance"):
                vals[name] += sum(own.mapped(name))
        move.line_ids = [
            *(Command.delete(line.id) for line in lines),
            *(
                Command.update(
                    line.id,
                    {name: vals[name] for name in ("amount_currency", "balance")},
                )
                for line, vals in left.items()
            ),
        ]

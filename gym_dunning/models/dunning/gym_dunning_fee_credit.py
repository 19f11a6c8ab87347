from odoo import api, models
from odoo.fields import Command


class GymDunningFee(models.AbstractModel):
    """Taking fees back: of each member's what still stands in the books."""

    _inherit = "gym.dunning.fee"

    @api.model
    def _credit(self, reminders):
        """Take back what is left of these reminders' fees, and of no others'."""
        invoices = reminders.fee_move_id.filtered(lambda move: move.is_invoice())
        self.env["gym.invoicing"]._take_back(invoices, self._describe_credit)
        shared = reminders.filtered(lambda one: one.fee_move_id not in invoices)
        for entry, group in shared.grouped("fee_move_id").items():
            if entry.state == "draft":
                self._drop_lines(entry, group)
            elif entry.state == "posted":
                self._credit_lines(entry, group)

    def _describe_credit(self, move):
        return self.env._("Credit of reminder fee %s", move.name)

    # === LINES === #

    @api.model
    def _lines(self, reminder):
        """Return the receivable lines of a reminder's fee, also in a shared entry,
        where each carries the number of its reminder."""
        lines = self.env["gym.invoicing"]._receivable(reminder.fee_move_id)
        if reminder.fee_move_id.is_invoice():
            return lines
        named = lines.filtered(lambda line: line.name == reminder.name)
        return named or lines.filtered(
            lambda line: line.partner_id == reminder.partner_id
        )

    def _lines_reversed(self, reversals, lines):
        """Return the lines that reverse these lines of a shared entry."""
        names = lines.mapped("name")
        return (
            self.env["gym.invoicing"]
            ._receivable(reversals)
            .filtered(
                lambda line: line.name in names and line.partner_id == lines.partner_id
            )
        )

    def _income_lines(self, entry, reminder, vals):
        """Return the lines of the entry in which the costs were earned, and what part
        of an amount each has: (line, amount in currency, balance)."""
        earned = entry.line_ids - self.env["gym.invoicing"]._receivable(entry)
        return [
            (self._line_of(earned, product), *amounts)
            for product, *amounts in self._shares(reminder, vals)
        ]

    def _line_of(self, earned, product):
        names = product.display_name, product.with_context(lang=None).display_name
        same = earned.filtered(lambda line: line.product_id == product)
        return (same or earned.filtered(lambda line: line.name in names) or earned)[:1]

    def _products(self, reminder):
        """Return the articles by which the costs were charged."""
        products = [part.product for part in self._parts(reminder)]
        return self.env["product.product"].union(*products)

    # === POSTED ENTRIES === #

    def _credit_lines(self, entry, reminders):
        """Reverse these members' lines by an entry of their own.

        The lines of the others, and how they were paid, are not touched.
        """
        invoicing = self.env["gym.invoicing"]
        rests = {one: self._rest_of_line(entry, one) for one in reminders}
        rests = {reminder: rest for reminder, rest in rests.items() if rest}
        if not rests:
            return
        credit = invoicing._moves(entry.company_id).create(
            self._prepare_entry_credit_vals(entry, rests)
        )
        credit._post(soft=False)
        # not before: Odoo would reconcile all lines of the account with each other,
        # one member's fee with another's credit
        credit.reversed_entry_id = entry
        plan = []
        for reminder in rests:
            lines = self._lines(reminder)
            products = self._products(reminder)
            invoicing._release_payments(lines, invoicing._reversals(entry), products)
            plan.append(lines | self._lines_reversed(credit, lines))
        invoicing._reconcile(plan)

    def _rest_of_line(self, entry, reminder):
        invoicing = self.env["gym.invoicing"]
        lines = self._lines(reminder)
        reversed_lines = self._lines_reversed(invoicing._reversals(entry), lines)
        return invoicing._rest(lines, reversed_lines, self._products(reminder))

    def _prepare_entry_credit_vals(self, entry, rests):
        credits, income = [], {}
        for reminder, rest in rests.items():
            vals = self._prepare_line_credit_vals(reminder, rest)
            credits.append(vals)
            for line, amount, balance in self._income_lines(entry, reminder, vals):
                taken = income.setdefault(line, self._prepare_income_credit_vals(line))
                taken["amount_currency"] -= amount
                taken["balance"] -= balance
        return {
            "move_type": "entry",
            "company_id": entry.company_id.id,
            "journal_id": entry.journal_id.id,
            "date": entry.date,
            "ref": self._describe_credit(entry),
            "line_ids": [Command.create(vals) for vals in [*credits, *income.values()]],
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

    # === ENTRIES SET BACK TO DRAFT === #

    def _drop_lines(self, entry, reminders):
        """Take the fees out of an entry that an accountant set back to draft, so
        that nobody charges them later."""
        dropped = {reminder: self._lines(reminder) for reminder in reminders}
        lines = self.env["account.move.line"].union(*dropped.values())
        if not self.env["gym.invoicing"]._receivable(entry) - lines:
            entry.button_cancel()
            return
        amounts = ("amount_currency", "balance")
        left = {}
        for reminder, own in dropped.items():
            gone = {name: sum(own.mapped(name)) for name in amounts}
            for earned, *shares in self._income_lines(entry, reminder, gone):
                vals = left.setdefault(earned, {name: earned[name] for name in amounts})
                for name, share in zip(amounts, shares, strict=True):
                    vals[name] += share
        entry.line_ids = [
            *(Command.delete(line.id) for line in lines),
            *(Command.update(earned.id, vals) for earned, vals in left.items()),
        ]

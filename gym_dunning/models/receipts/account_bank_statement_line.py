from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ...tools import exact
from .numbers import references_in
from .same_money import pairs_of


class AccountBankStatementLine(models.Model):
    """Money that another module imported from the bank, or that somebody entered."""

    _inherit = "account.bank.statement.line"

    gym_receipt_ids = fields.One2many(
        "gym.receipt", "statement_line_id", string="Bank Receipts", readonly=True
    )
    gym_is_in_receipts = fields.Boolean(
        string="In Bank Receipts",
        compute="_compute_gym_is_in_receipts",
        search="_search_gym_is_in_receipts",
        help="The same money was booked as a bank receipt, or waits there.",
    )

    @api.depends("gym_receipt_ids.state")
    def _compute_gym_is_in_receipts(self):
        for line in self:
            # sudo: whether there are any, of whatever centre
            states = line.sudo().gym_receipt_ids.mapped("state")
            line.gym_is_in_receipts = any(state != "ignored" for state in states)

    def _search_gym_is_in_receipts(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: see `_compute_gym_is_in_receipts`
        receipts = self.env["gym.receipt"].sudo()
        found = receipts._search(
            Domain("statement_line_id", "!=", False) & Domain("state", "!=", "ignored")
        )
        inside = Domain("id", "in", found.subselect("statement_line_id"))
        return Domain.OR(inside if wanted else ~inside for wanted in value)

    def unlink(self):
        # sudo: a receipt belongs to the centre of its items
        aside = self.sudo().gym_receipt_ids._lose_statement()
        result = super().unlink()
        aside._come_back()
        return result

    def _gym_is_settled(self):
        """Tell whether the line is matched for good: not if what it was matched with,
        a payment, was undone in the books."""
        __, __, others = self._seek_for_lines()
        return self.is_reconciled and not any(
            line.account_id.reconcile
            and not line.account_id._gym_is_of_customers()
            and not line.reconciled
            for line in others
        )

    # === THE SAME MONEY === #

    def _gym_clue(self):
        """Return what the statement says of the payer, as `gym.receipt` keeps it."""
        self.ensure_one()
        # structured ones alone: a narration may hold any numbers
        written = references_in(html2plaintext(self.narration or ""))
        given = "".join((self.ref or "").split())
        return {
            "key": f"{self.id}",
            "booking_key": False,
            "is_part": False,
            "booking_date": self.date,
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "debtor_name": self.partner_name or self.partner_id.name,
            "debtor_iban": "".join((self.account_number or "").split()).upper(),
            "end_to_end_id": False,
            "reference": " ".join(filter(None, dict.fromkeys([given, *written]))),
            "text": self.payment_ref or False,
            "doubt": False,
            "is_taken_back": False,
        }

    @api.model
    def _gym_lines_like(self, traces, journal):
        """Return lines of as much money of these days, that no receipt is of yet."""
        days = {trace.day for trace in traces}
        amounts = {float(trace.amount) for trace in traces}
        # sudo: whoever imports must not book twice
        return self.sudo().search(
            Domain("journal_id", "=", journal.id)
            & Domain("gym_receipt_ids", "=", False)
            & Domain("state", "=", "posted")
            & Domain("date", "in", list(days))
            & Domain("amount", "in", list(amounts)),
            order="id",
        )

    def _gym_find_receipts(self):
        """Note which receipts are the same money as these lines."""
        credits = self.filtered(lambda line: line.amount > 0 and line.date)
        for journal, lines in credits.grouped("journal_id").items():
            if journal.type == "bank":
                lines._gym_find_receipts_of(journal)

    def _gym_find_receipts_of(self, journal):
        receipts = self.env["gym.receipt"]
        # sudo: see `unlink`
        new = self.filtered(lambda line: not line.sudo().gym_receipt_ids)
        found = receipts._receipts_of_days(new.mapped("date"), journal)
        if not found:
            return
        traces = {line: receipts._trace(line._gym_clue()) for line in new}
        pairs = pairs_of(traces, {one: one._trace(one._clue()) for one in found})
        for line, receipt in pairs.items():
            receipt._stand_on(line)
        (found - receipts.union(*pairs.values()))._find_sums()

    # === SUMS === #

    @api.model
    def _gym_sums_like(self, days, journal):
        """Return lines of these days that name no payer: they may be sums."""
        # sudo: see `_gym_lines_like`
        return self.sudo().search(
            Domain("journal_id", "=", journal.id)
            & Domain("gym_receipt_ids", "=", False)
            & Domain("state", "=", "posted")
            & Domain("date", "in", list(set(days)))
            & Domain("amount", ">", 0)
            & Domain("partner_name", "in", (False, ""))
            & Domain("account_number", "in", (False, "")),
            order="id",
        )

    def _gym_note_sums(self, parts):
        """Note at the parts of a booking which of these lines has their sum. Of several
        bookings of one sum each gets a line; one that has got one keeps it."""
        sums = parts._sums()
        noted = self & parts.statement_line_id
        for line in noted + (self - noted):
            bookings = sums[line.date, line.currency_id.id, exact(line.amount)]
            own = [one for one in bookings if line in one.statement_line_id]
            if found := (own or bookings)[:1]:
                bookings.remove(found[0])
                # what a person has put aside is of the sum, and stays aside
                found[0]._not_aside()._stand_on(line)

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools import exact, names_of, total
from .gym_receipt import OPEN
from .numbers import references_in
from .same_money import Trace, joined, pairs_of


class GymReceipt(models.Model):
    """The same money in a bank's statement, which another module imported or somebody
    entered: it is booked there or here, and never twice."""

    _inherit = "gym.receipt"

    statement_line_id = fields.Many2one(
        "account.bank.statement.line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The same money in the bank's statement.",
    )

    # === NEW RECEIPTS === #

    @api.model
    def _note_statement_lines(self, vals_list, journal):
        """Put aside, among the values of new receipts, what stands in a statement of
        the bank already."""
        wanted = {
            vals["key"]: self._trace(vals)
            for vals in vals_list
            if vals["booking_date"] and not vals["is_taken_back"]
        }
        lines = self.env["account.bank.statement.line"]._gym_lines_like(
            wanted.values(), journal
        )
        traces = {line: self._trace(line._gym_clue()) for line in lines}
        pairs = pairs_of(wanted, traces)
        for vals in vals_list:
            if line := pairs.get(vals["key"]):
                vals |= {
                    "state": "ignored",
                    "note": self._on_statement_sentence(line),
                    "doubt": False,
                    "statement_line_id": line.id,
                }

    @api.model
    def _trace(self, vals):
        """Return what a payment is recognised by.

        :param vals: what the bank says of it, as in `_prepare_vals`
        """
        # a name of one word is a firm's
        names = {*names_of(vals["debtor_name"]), joined(vals["debtor_name"])}
        given = {joined(one) for one in (vals["reference"] or "").split()}
        numbers = {*given, joined(vals["end_to_end_id"])}
        if not vals["is_part"]:  # else it is the number of all the parts
            numbers.add(vals["booking_key"] or "")
        return Trace(
            vals["booking_date"],
            exact(vals["amount"]),
            vals["currency_id"],
            joined(vals["debtor_iban"]),
            frozenset(names - {""}),
            frozenset(numbers - {""}),
            frozenset(one for one in given if one in references_in(one)),
            joined(vals["text"]),
        )

    @api.model
    def _on_statement_sentence(self, line):
        return self.env._(
            "It stands in the bank's statement of %(day)s (%(line)s); it is matched"
            " there.",
            day=format_date(self.env, line.date),
            line=line.move_id.name or line.payment_ref,
        )

    # === NEW STATEMENT LINES === #

    @api.model
    def _receipts_of_days(self, days, journal):
        """Return the receipts of these days that no statement has yet."""
        # sudo: a receipt belongs to the centre of its items, the statement to the bank's
        return self.sudo().search(
            Domain("journal_id", "=", journal.id)
            & Domain("statement_line_id", "=", False)
            & Domain("booking_date", "in", list(set(days)))
            & Domain("state", "!=", "ignored")
            & Domain("is_taken_back", "=", False),
            order="id",
        )

    def _stand_on(self, line):
        """Note the statement line that has the same money; what is not booked yet is
        matched there."""
        self.statement_line_id = line
        self._leave_to_statement()

    def _leave_to_statement(self):
        for receipt in self:
            if receipt.state in OPEN and receipt.statement_line_id:
                note = self._on_statement_sentence(receipt.statement_line_id)
                receipt._set_state("ignored", note=note, message=False)

    def _lose_statement(self):
        """The statement line was deleted: what was put aside for it comes back."""
        aside = self.filtered(lambda receipt: receipt.state == "ignored")
        aside._restore()
        aside._match_again()

    def _restore(self):
        # EXTENDS: who takes it up again says that it is other money
        self.statement_line_id = False
        return super()._restore()

    def _take_back(self):
        # EXTENDS: the statement pays the items from now on
        result = super()._take_back()
        self._leave_to_statement()
        return result

    # === SUMS === #
    # A statement may show one sum where an advice has the payments.

    def _find_sums(self):
        """Note, at the parts of a booking, the statement line that has their sum."""
        parts = self.filtered(
            lambda one: one.is_part and one.booking_key and not one.statement_line_id
        )
        for journal, rows in parts.grouped("journal_id").items():
            lines = self.env["account.bank.statement.line"]
            lines._gym_sums_like(rows.mapped("booking_date"), journal)._gym_note_sums(
                rows
            )

    def _sums(self):
        """Return the parts of each booking, by day and sum."""
        groups = self.grouped(
            lambda one: (one.booking_date, one.currency_id, one.booking_key)
        )
        return {
            (day, currency.id, exact(total(parts.mapped("amount")))): parts
            for (day, currency, __), parts in groups.items()
        }

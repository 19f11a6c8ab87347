from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools import exact, names_of
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
            if vals["booking_date"]
            and not vals["is_taken_back"]
            and vals.get("state") != "ignored"
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
            if receipt.state in OPEN and receipt._is_the_statements():
                note = self._on_statement_sentence(receipt.statement_line_id)
                receipt._set_state("ignored", note=note, message=False)

    def _is_the_statements(self):
        """Tell whether the money is matched in the statement: a part of a sum stays
        here, because it knows its payer, until somebody has matched the sum."""
        line = self.statement_line_id
        return bool(line) and (not self._is_of_sum() or line._gym_is_settled())

    def _is_of_sum(self):
        """Tell whether the statement line has more than this money."""
        line = self.statement_line_id
        return bool(line) and exact(line.amount) != exact(self.amount)

    def _put_aside(self, note):
        # EXTENDS: a person says what it is, whatever becomes of the line
        result = super()._put_aside(note)
        self.sudo().statement_line_id = False  # sudo: see `action_book`
        return result

    def _restore(self):
        # EXTENDS: who takes it up again says that it is other money; what a person had
        # put aside is of the sum again, as the other parts of its booking
        aside = self.filtered("statement_line_id")
        aside.filtered(lambda one: one._is_the_statements()).statement_line_id = False
        result = super()._restore()
        (self - aside)._find_sums(is_open=True)
        return result

    def _take_back(self):
        # EXTENDS: the statement pays the items from now on
        result = super()._take_back()
        self._leave_to_statement()
        return result

    def _check_bookable(self):
        # EXTENDS: a sum may have been matched meanwhile, with whatever its parts pay
        result = super()._check_bookable()
        for receipt in self:
            line = receipt.statement_line_id
            if line and line._gym_is_settled():
                raise UserError(receipt._matched_sentence())
        return result

    def _matched_sentence(self):
        return self.env._(
            "%(receipt)s stands in the bank's statement of %(day)s (%(line)s), and that"
            " line is matched. Put the receipt aside, or undo that match first.",
            receipt=self.display_name,
            day=format_date(self.env, self.statement_line_id.date),
            line=self.statement_line_id.move_id.name,
        )

    # === LOST STATEMENT LINES === #

    def _lose_statement(self):
        """The statement line is going: forget it.

        :return: the receipts that were put aside for it; see `_come_back`
        """
        aside = self.filtered(lambda receipt: receipt.state == "ignored")
        self.statement_line_id = False
        return aside

    def _come_back(self):
        """Take up what was put aside for a statement line, once that is gone and what
        it had paid is open."""
        self._restore()
        self._look_in_statements()
        back = self.filtered(lambda receipt: receipt.state in OPEN)
        back._match_again()
        # where all parts were put aside, nothing but the whole tells of the money
        back.filtered(
            lambda one: one.is_part or one._parts()._not_aside()
        )._settle_collective()

    def _look_in_statements(self):
        """Note the lines that are there of the same money: of a statement that was
        imported twice, one is deleted."""
        lines = self.env["account.bank.statement.line"]
        for journal, receipts in self.grouped("journal_id").items():
            traces = [receipt._trace(receipt._clue()) for receipt in receipts]
            lines._gym_lines_like(traces, journal)._gym_find_receipts()
        self._find_sums()

import re

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date, html2plaintext

from odoo.addons.gym_dunning.models.receipts.gym_receipt import OPEN
from odoo.addons.gym_dunning.models.receipts.same_money import joined, likeness
from odoo.addons.gym_dunning.tools import exact, total
from odoo.addons.gym_dunning.tools.bank_file import booking_key

from .finding import Finding

# How the OCA's reader of camt notes what has no field of its own; the words before
# the bracket are translated.
NOTED = re.compile(
    r"\((RmtInf/Ustrd|Refs/EndToEndId|Refs/AcctSvcrRef|RtrInf/Rsn/Cd)\): *([^\n]*)"
)


class AccountBankStatementLine(models.Model):
    """Whose money is it? The matching of *Gym Dunning* is asked, for all lines at once."""

    _inherit = "account.bank.statement.line"

    def _gym_look(self):
        """Return a `Finding` for each credit that waits, by its line; the number of
        queries does not depend on how many there are."""
        looked = {}
        waiting = self.filtered(lambda line: line._gym_is_waiting())
        for journal, lines in waiting.grouped("journal_id").items():
            # what was booked is known by its receipt, whatever stands elsewhere
            looked |= lines._gym_booked_before()
            looked |= lines._gym_new(looked)._gym_come_again()
            looked |= lines._gym_new(looked)._gym_match(journal)
        return looked

    def _gym_new(self, looked):
        return self.filtered(lambda line: line not in looked)

    def _gym_is_waiting(self):
        return (
            self.amount > 0
            and self.date
            and not self.is_reconciled
            and not self.foreign_currency_id
            and self.journal_id.type == "bank"
        )

    def _gym_clue(self):
        # EXTENDS gym_dunning: what the OCA's reader notes
        clue = super()._gym_clue()
        noted = self._gym_noted()
        texts = {
            joined(text): text for text in (noted.get("RmtInf/Ustrd"), clue["text"])
        }
        account = self.journal_id.bank_account_id.sanitized_acc_number or ""
        servicer = noted.get("Refs/AcctSvcrRef")
        return clue | {
            "text": " ".join(filter(None, texts.values())) or False,
            "end_to_end_id": noted.get("Refs/EndToEndId") or False,
            "booking_key": servicer and booking_key(account.upper(), servicer),
        }

    def _gym_noted(self):
        text = html2plaintext(self.narration or "")
        return {name: value.strip() for name, value in NOTED.findall(text)}

    # === WHAT THE PAYER NAMES === #

    def _gym_match(self, journal):
        clues = [line._gym_clue() for line in self]
        matches = self.env["gym.receipt.matching"]._match_vals(
            clues, journal, on_statement=True
        )
        return {
            line: line._gym_finding(match)
            for line, match in zip(self, matches, strict=True)
        }

    def _gym_finding(self, match):
        if match.twin_id:
            # sudo: whoever made it, the money is the same
            twin = self.env["account.payment"].sudo().browse(match.twin_id)
            straight = self._gym_straight_sentence(twin)
            return self._gym_paid_by(twin, match.reason, straight, match.message)
        is_sure = match.state == "matched"
        return Finding(
            # with a message it names something of ours, and a person has to look
            is_known=is_sure or bool(match.message),
            is_sure=is_sure,
            reason=match.reason,
            hint=match.message,
            partner_id=match.partner_id,
            shares=match.shares,
        )

    # === WHAT WAS BOOKED BEFORE === #

    def _gym_booked_before(self):
        """Find the lines whose money was booked with Receipts: their payments wait."""
        found = {}
        for line in self:
            # sudo: a receipt belongs to the centre of its items
            receipts = line._origin.sudo().gym_receipt_ids
            if finding := line._gym_of_receipts(receipts):
                found[line] = finding
        return found

    def _gym_of_receipts(self, receipts):
        """Return what its receipts make of the line; None: nothing, they stand aside."""
        if waiting := receipts.filtered(lambda one: one.state in OPEN):
            return Finding(True, hint=self._gym_parts_sentence(waiting))
        booked = receipts.filtered(lambda one: one.state == "booked")
        later = booked._taken_back_by()
        kept = booked - later.reversed_id
        if standing := kept.filtered(lambda one: one.payment_id or one.move_id):
            return self._gym_paid_by_receipts(standing)
        if later:
            return Finding(True, hint=self._gym_taken_back_sentence(later))
        return None

    def _gym_parts_sentence(self, receipts):
        return self.env._(
            "It is the sum of several payments, %(count)s of which are not booked yet."
            " Book them in Receipts, then match this line with their payments.",
            count=len(receipts),
        )

    def _gym_paid_by_receipts(self, receipts):
        """Match the line with the payments of its receipts, instead of their items."""
        straight = self.env._(
            "It was booked with Receipts already, straight on the account of the bank."
            " Take back the receipt %(receipt)s: then this line pays what it has paid.",
            receipt=receipts[0].display_name,
        )
        payments = receipts._standing_payments()
        reason = self.env._("Booked with Receipts")
        finding = self._gym_paid_by(payments, reason, straight)
        return finding._replace(is_sure=bool(finding.shares))

    def _gym_taken_back_sentence(self, later):
        return self.env._(
            "The bank took this money back on %(day)s. Match this line with the line of"
            " that day which takes it away.",
            day=format_date(self.env, max(later.mapped("booking_date"))),
        )

    def _gym_paid_by(self, payments, reason, straight, hint=""):
        """Match the line with payments that wait for a statement.

        :param straight: what to say if none of them waits
        :param hint: what to say beside the payments
        """
        waiting = self._gym_waiting_for(payments)
        if not waiting:
            return Finding(True, False, reason, straight)
        shares = tuple((line.id, line.amount_residual_currency) for line in waiting)
        paid = total(amount for __, amount in shares)
        if exact(paid) != exact(self.amount):
            return Finding(True, False, reason, self._gym_other_sum_sentence(paid))
        partner = payments.partner_id
        debtor = partner.id if len(partner) == 1 else False
        return Finding(True, False, reason, hint, debtor, shares)

    def _gym_waiting_for(self, payments):
        """Return the journal items of payments that wait for a statement."""
        lines = (
            self.browse()
            .move_id.line_ids.sudo()
            .union(*(payment._seek_for_lines()[0] for payment in payments))
        )
        bank = self.journal_id.default_account_id
        return lines.filtered(
            lambda line: (
                line.account_id.reconcile
                and line.account_id != bank
                and not line.reconciled
            )
        )

    def _gym_straight_sentence(self, payment):
        return self.env._(
            "It was booked already, as %(payment)s, straight on the account of the bank."
            " Cancel that payment: then this line pays what it has paid.",
            payment=payment.display_name,
        )

    def _gym_other_sum_sentence(self, paid):
        return self.env._(
            "Payments of %(paid)s wait for a statement, and this line has %(amount)s."
            " Match it with them, and the rest with what else it is.",
            paid=self.currency_id.format(paid),
            amount=self.currency_id.format(self.amount),
        )

    # === WHAT CAME BEFORE === #

    def _gym_come_again(self):
        """Find the lines whose money stands in another statement: camt.053 after
        camt.054, or a file that was imported twice."""
        receipts = self.env["gym.receipt"]
        traces = {line: receipts._trace(line._gym_clue()) for line in self}
        others = self._gym_beside(traces.values())
        if not others:
            return {}
        known = {line: receipts._trace(line._gym_clue()) for line in others}
        by_money = others.grouped(lambda line: known[line].money())
        found = {}
        for line, trace in traces.items():
            alike = by_money.get(trace.money(), others.browse()).filtered(
                lambda other, trace=trace: likeness(trace, known[other])
            )
            if before := line._gym_before(alike):
                found[line] = Finding(True, hint=line._gym_again_sentence(before))
        return found

    def _gym_beside(self, traces):
        """Return the lines that are as much money on the same days, these among them;
        nothing if there is no other statement."""
        days = {trace.day for trace in traces}
        amounts = {float(trace.amount) for trace in traces}
        # sudo: as the lines themselves, whoever imported the others
        lines = self.sudo().search(
            Domain("journal_id", "in", self.journal_id.ids)
            & Domain("state", "=", "posted")
            & Domain("date", "in", list(days))
            & Domain("amount", "in", list(amounts))
        )
        is_one = len(lines.statement_id) == 1 and all(
            line.statement_id for line in lines
        )
        return lines.browse() if is_one else lines

    def _gym_before(self, alike):
        """Return the line of another statement that has the money of this one: of equal
        payments, as many as stand there."""
        earlier = alike.filtered(lambda line: line.id < (self._origin.id or 0)).sorted(
            "id"
        )
        mates = earlier.filtered(
            lambda line: line.statement_id and line.statement_id == self.statement_id
        )
        return (earlier - mates)[len(mates) :][:1]

    def _gym_again_sentence(self, before):
        return self.env._(
            "The same money stands in the bank's statement already, as %(line)s of"
            " %(day)s. If it was imported twice, delete this line.",
            line=before.move_id.name or before.payment_ref,
            day=format_date(self.env, before.date),
        )

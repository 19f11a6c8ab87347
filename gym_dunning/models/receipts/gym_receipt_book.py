from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date, split_every

from .gym_receipt import BATCH, OPEN
from .matching import Item, shares_of


class GymReceipt(models.Model):
    """Booking what came in: a payment of each debtor, reconciled with what it pays."""

    _inherit = "gym.receipt"

    def _book(self):
        """Book; one that cannot be booked says why, and stops no other."""
        for ids in split_every(BATCH, self.ids):
            part = self.browse(ids)
            failures = self.env["gym.process"]._apply_halving(
                part, lambda rows: rows._book_each()
            )
            for receipt, sentence in failures:
                receipt.message = sentence

    def _book_each(self):
        """Book these receipts together: posting them one by one costs far more.

        :raise UserError: one of them was booked meanwhile, or has nobody to book for
        """
        self._check_bookable()
        taken_back = self.filtered("reversed_id")
        for receipt in taken_back:
            receipt._book_taken_back()
        received = self - taken_back
        received._share_anew()
        received._set_state("booked", message=False)
        payments = received._create_payments()
        payments.action_post()
        plan = [pair for receipt in received for pair in receipt._pairs()]
        self.env["account.move.line"]._reconcile_plan(plan)

    def _check_bookable(self):
        for receipt in self:
            if receipt.state not in OPEN:
                raise UserError(receipt._state_error())
            if receipt.is_taken_back and not receipt.reversed_id:
                raise UserError(
                    self.env._(
                        "%s: the bank takes this money back. Take back the receipt that"
                        " it is of, then put this one aside.",
                        receipt.display_name,
                    )
                )
            if receipt.doubt:
                raise UserError(receipt.doubt)
            if not receipt.booking_date:
                raise UserError(
                    self.env._(
                        "%s has no day. Book it by hand, and put it aside here.",
                        receipt.display_name,
                    )
                )

    # === SHARES === #

    def _share_anew(self):
        """Share the money once more: items may have been paid since it was matched."""
        for receipt in self:
            lines = receipt.line_ids.move_line_id.filtered(
                lambda line: (
                    line.parent_state == "posted" and line.amount_residual_currency > 0
                )
            )
            shares = {line.move_line_id.id: line.amount for line in receipt.line_ids}
            wanted = {line.id: line.amount_residual_currency for line in lines}
            if all(shares[id] <= left for id, left in wanted.items()) and len(
                wanted
            ) == len(shares):
                continue
            receipt._share_over(lines)

    def _share_over(self, lines):
        """Share the receipt's amount over journal items, in the order of clearing."""
        self.ensure_one()
        ledger = self.env["gym.open.item"].browse(lines.ids)
        keys = ledger._clearing_keys(dict.fromkeys(lines.ids, self._memo()))
        unit = self.currency_id.rounding
        items = [
            Item(
                line.id,
                round(line.amount_residual_currency / unit),
                line.partner_id.id,
                keys[line.id],
            )
            for line in lines
        ]
        shares, __ = shares_of(round(self.amount / unit), items)
        self.line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "move_line_id": id,
                        "amount": self.currency_id.round(units * unit),
                    }
                )
                for id, units in shares.items()
            ),
        ]

    # === PAYMENTS === #

    def _create_payments(self):
        """A payment for each debtor and account; what is left is the first one's."""
        vals_list = [vals for receipt in self for vals in receipt._prepare_payments()]
        # with Odoo's accountant installed a payment may have no entry, and pay nothing
        payments = self.env["account.payment"].with_context(force_payment_move=True)
        return payments.create(vals_list)

    def _prepare_payments(self):
        self.ensure_one()
        rest = self.amount_rest
        groups = self.line_ids.grouped(
            lambda line: (
                line.move_line_id.company_id,
                line.partner_id,
                line.move_line_id.account_id,
            )
        )
        if not groups:
            account = self.partner_id.with_company(
                self.company_id
            ).property_account_receivable_id
            groups = {(self.company_id, self.partner_id, account): self.line_ids}
        for (company, partner, account), lines in groups.items():
            amount = sum(lines.mapped("amount")) + rest
            rest = 0.0
            yield self._prepare_payment(company, partner, account, amount)

    def _prepare_payment(self, company, partner, account, amount):
        return {
            "company_id": company.id,
            "partner_id": partner.id,
            "partner_type": "customer",
            "payment_type": "inbound",
            "journal_id": self.journal_id.id,
            "destination_account_id": account.id,
            "currency_id": self.currency_id.id,
            "amount": self.currency_id.round(amount),
            "date": self._open_day(company),
            "memo": self._memo(),
            "gym_receipt_id": self.id,
        }

    def _memo(self):
        """Return what the payer wrote: the books are cleared by it."""
        texts = (self.reference, self.text, self.end_to_end_id)
        return " ".join(filter(None, dict.fromkeys(texts))) or self.debtor_name or ""

    def _open_day(self, company):
        """Return the bank's day, or the first after it that the books are open."""
        locked = company._get_user_fiscal_lock_date(self.journal_id)
        return max(self.booking_date, locked + timedelta(days=1))

    def _pairs(self):
        """Return what is reconciled, item by item in the order of the shares: Odoo
        would take the oldest first."""
        payments = self.payment_ids.filtered(
            lambda payment: payment.move_id.state == "posted"
        )
        credits = {
            (line.partner_id, line.account_id): line
            for line in payments.move_id.line_ids
            if line.account_id._gym_is_of_customers() and not line.reconciled
        }
        for line in self.line_ids:
            item = line.move_line_id
            if credit := credits.get((item.partner_id, item.account_id)):
                yield item | credit

    # === TAKING BACK === #

    def action_take_back(self):
        """Undo the booking: the items are open again, the receipt waits in the list.

        :raise UserError: a payment is matched with a bank statement, or locked
        """
        self.check_access("read")
        self._check_clerk()
        # sudo: see `action_book`
        for receipt in self.sudo():
            if receipt.state != "booked":
                raise UserError(receipt._state_error())
            receipt._take_back()

    def _take_back(self):
        self.ensure_one()
        if later := self._taken_back_by():
            raise UserError(
                self.env._(
                    "The bank has taken back %(receipt)s itself on %(day)s. Take back"
                    " that entry first.",
                    receipt=self.display_name,
                    day=format_date(self.env, later[0].booking_date),
                )
            )
        self._undo_moves(self._standing_payments().move_id | self.move_id)
        if self.learned_bank_id:
            self.learned_bank_id.unlink()
        self._set_state("proposed", move_id=False)

    def _taken_back_by(self):
        return self.search(
            Domain("reversed_id", "=", self.id) & Domain("state", "=", "booked")
        )

    def _undo_moves(self, moves):
        """Reverse entries on their own day, or on the first one that is open; what was
        reconciled with them is free again.

        Reversed, not deleted: the numbers of the journal have no gap.
        """
        for move in moves:
            self._check_not_on_statement(move)
        (moves.line_ids).remove_move_reconcile()
        reversals = moves._reverse_moves(
            [
                {
                    "date": max(move.date, self._open_day(move.company_id)),
                    "ref": self.env._("Taken back: %s", self.display_name),
                }
                for move in moves
            ],
            cancel=True,
        )
        return reversals

    def _check_not_on_statement(self, move):
        """What an accountant matched with a statement is his to undo."""
        liquid = move.line_ids.filtered(
            lambda line: (
                line.account_id.reconcile
                and line.account_id.account_type != "asset_receivable"
            )
        )
        if liquid.filtered("reconciled"):
            raise UserError(
                self.env._(
                    "The payment %s is matched with the bank's statement. Undo that"
                    " first, then take back the receipt.",
                    move.name,
                )
            )

    def _book_taken_back(self):
        """Book that the bank took money back: the items of the receipt are open."""
        receipt = self.reversed_id
        if receipt.state != "booked":
            raise UserError(
                self.env._(
                    "%s is not booked any more. Put this entry aside.",
                    receipt.display_name,
                )
            )
        moves = receipt._standing_payments().move_id
        moves.line_ids.remove_move_reconcile()
        moves._reverse_moves(
            [
                {
                    "date": self._open_day(move.company_id),
                    "ref": self.env._("Taken back by the bank: %s", self._memo()),
                }
                for move in moves
            ],
            cancel=True,
        )
        self._set_state("booked", message=False)

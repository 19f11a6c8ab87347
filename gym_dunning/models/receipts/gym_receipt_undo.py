from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date


class GymReceipt(models.Model):
    """Taking a booking back: by a clerk, or because the bank took the money away."""

    _inherit = "gym.receipt"

    def action_take_back(self):
        """Undo the booking: the items are open again, the receipt waits in the list.

        What the bank took back stands again, once its entry is taken back.

        :raise UserError: it is not booked, the bank has taken it back itself, or an
            accountant has matched it with a statement
        """
        self.check_access("read")
        self._check_clerk()
        # sudo: see `action_book`
        for receipt in self.sudo():
            if receipt.state != "booked":
                raise UserError(receipt._state_error())
            receipt._check_not_taken_back()
            receipt._take_back()

    def _check_not_taken_back(self):
        if later := self._taken_back_by():
            raise UserError(
                self.env._(
                    "The bank has taken back %(receipt)s itself on %(day)s. Take back"
                    " that entry first.",
                    receipt=self.display_name,
                    day=format_date(self.env, later[0].booking_date),
                )
            )

    def _take_back(self):
        self.ensure_one()
        if self.reversed_id:
            self._set_state("proposed")
            self.reversed_id._stand_again()
            return
        moves = self._moves_to_undo()
        locked = moves.filtered(
            lambda move: (
                move.state == "posted"
                and move._get_violated_lock_dates(move.date, False)
            )
        )
        # the accounting's own way back, where the books are open
        (moves - locked).button_cancel()
        self._reverse(locked, self.env._("Taken back: %s", self.display_name))
        self._forget_account()
        self._set_state("proposed", move_id=False)
        self.line_ids.move_line_id._gym_follow_reopened()

    def _stand_again(self):
        """Book once more what the bank took back, and did not: on its own day, or on
        the first that is open."""
        entry, note = self.move_id, self.note
        self._set_state("proposed", move_id=False)
        if entry:
            account = entry.line_ids.account_id - self.journal_id.default_account_id
            self._book_to(account, note)
        else:
            self._book_each()

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
        moves = receipt._moves_to_undo()
        drafts = moves.filtered(lambda move: move.state == "draft")
        drafts.button_cancel()
        text = self.env._("Taken back by the bank: %s", self._memo())
        self._reverse(moves - drafts, text)
        self._set_state("booked", message=False)
        receipt.line_ids.move_line_id._gym_follow_reopened()

    # === ENTRIES === #

    def _moves_to_undo(self):
        """Return the entries that stand, and those that an accountant set to draft.

        :raise UserError: one is matched with the bank's statement
        """
        payments = self.payment_ids.filtered(
            lambda one: one._gym_is_standing() or one.move_id.state == "draft"
        )
        moves = payments.move_id | self.move_id
        for move in moves:
            self._check_not_on_statement(move)
        return moves

    def _check_not_on_statement(self, move):
        """What an accountant matched with a statement is theirs to undo."""
        matched = move.line_ids.filtered(
            lambda line: (
                not line.account_id._gym_is_of_customers()
                and (line.matched_debit_ids or line.matched_credit_ids)
            )
        )
        if matched:
            raise UserError(
                self.env._(
                    "The payment %s is matched with the bank's statement. Undo that"
                    " first, then take back the receipt.",
                    move.name,
                )
            )

    def _reverse(self, moves, text):
        """Reverse entries on this receipt's day, or on the first one that is open."""
        moves.line_ids.remove_move_reconcile()
        moves._reverse_moves(
            [
                {"date": max(move.date, self._open_day(move.company_id)), "ref": text}
                for move in moves
            ],
            cancel=True,
        )

    # === ACCOUNT LEARNED === #

    def _forget_account(self):
        """Forget the account that was noted by assigning, unless others use it now."""
        account = self.learned_bank_id
        if account and not self._is_used(account):
            account.unlink()

    def _is_used(self, record):
        """Tell whether a record cannot be deleted because others name it."""
        links = self.env["ir.model.fields"].search(
            Domain("relation", "=", record._name)
            & Domain("ttype", "=", "many2one")
            & Domain("store", "=", True)
            & Domain("on_delete", "=", "restrict")
        )
        everybody = self.with_context(active_test=False).env
        return any(
            everybody[link.model].search_count([(link.name, "=", record.id)], limit=1)
            for link in links
            # rows of their own: neither what others inherit nor a view
            if link.model in everybody and everybody[link.model]._auto
        )

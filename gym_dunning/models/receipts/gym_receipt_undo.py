from odoo import api, models
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
        self._check_not_on_statement(moves)
        kept = moves.filtered(lambda move: self._is_kept(move))
        # the accounting's own way back, where the books are open
        (moves - kept).button_cancel()
        self._reverse(kept, self.env._("Taken back: %s", self.display_name))
        self._forget_account()
        self._set_state("proposed", move_id=False)

    def _stand_again(self):
        """Book once more what the bank took back, and did not: on its own day, or on
        the first that is open."""
        if self._standing_moves():  # an accountant was first
            return
        entry = self.move_id
        self._set_state("proposed", move_id=False)
        line = self.statement_line_id
        if line and line._gym_is_settled():
            self._leave_to_statement()  # it pays there
        elif entry:
            # as it stood: an accountant may have shared it over several accounts
            again = entry.copy(
                {"date": self._open_day(entry.company_id), "ref": entry.ref}
            )
            again.action_post()
            self._set_state("booked", move_id=again.id)
        else:
            self._book_each()

    def _book_taken_back(self):
        """Book that the bank took money back: the items of the receipt are open.

        The bank's word stands, even over an accountant's matching with a statement,
        which stays.
        """
        receipt = self.reversed_id
        self._check_to_take_back(receipt)
        moves = receipt._moves_to_undo()
        items = moves._gym_items_paid()
        drafts = moves.filtered(lambda move: move.state == "draft")
        drafts.button_cancel()
        text = self.env._("Taken back by the bank: %s", self._memo())
        self._reverse(moves - drafts, text)
        self._set_state("booked", message=False)
        items._gym_follow_bank("taken_back")

    def _check_to_take_back(self, receipt):
        if receipt.state != "booked":
            raise UserError(
                self.env._(
                    "%s is not booked any more. Put this entry aside.",
                    receipt.display_name,
                )
            )
        if known := receipt._taken_back_by() - self:
            raise UserError(
                self.env._(
                    "The bank has taken back %(receipt)s on %(day)s already. Match this"
                    " entry again, or book it to an account.",
                    receipt=receipt.display_name,
                    day=format_date(self.env, known[0].booking_date),
                )
            )

    # === ENTRIES === #

    def _moves_to_undo(self):
        """Return the entries that stand, and those that an accountant set to draft."""
        return self._moves().filtered(
            lambda move: move.state == "draft" or move._gym_is_standing()
        )

    def _check_not_on_statement(self, moves):
        """What an accountant matched with a statement is theirs to undo.

        :raise UserError: one is
        """
        for move in moves:
            others = move.line_ids.filtered(
                lambda line: not line.account_id._gym_is_of_customers()
            )
            if others.matched_debit_ids or others.matched_credit_ids:
                raise UserError(
                    self.env._(
                        "The payment %s is matched with the bank's statement. Undo that"
                        " first, then take back the receipt.",
                        move.name,
                    )
                )

    @api.model
    def _is_kept(self, move):
        """Tell whether an entry cannot be cancelled any more: its day is locked, or it
        is secured against changes."""
        return move.state == "posted" and (
            move.inalterable_hash or move._get_violated_lock_dates(move.date, False)
        )

    def _reverse(self, moves, text):
        """Reverse entries on this receipt's day, or on the first one that is open."""
        moves._gym_reverse(
            [
                {"date": max(move.date, self._open_day(move.company_id)), "ref": text}
                for move in moves
            ]
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

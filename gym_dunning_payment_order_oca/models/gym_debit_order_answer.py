from odoo import models
from odoo.exceptions import UserError


class GymDebitOrder(models.Model):
    """Debits follow their payment order: what is booked is booked there."""

    _inherit = "gym.debit.order"

    # === WHAT THE PAYMENT ORDER DOES === #

    def _follow_confirmed(self):
        """From here on the payments exist: nothing is added or taken out."""
        self.filtered(lambda order: order.state == "draft")._set_state("exported")

    def _follow_uploaded(self):
        """The payments are booked. Without entries (no outstanding account) the debit
        waits until the bank's statement pays the documents."""
        for order in self.filtered(lambda order: order.state == "exported"):
            if order._is_booked():
                order._set_paid(order.payment_line_ids[:1].date)

    def _follow_cancelled(self):
        """What was not booked waits for another payment order; what was is given up,
        so that the next run collects it again."""
        # the payments are void: a later return has nothing to do with them
        self.payment_ids.gym_debit_order_id = False
        self.filtered(lambda order: order.state == "exported")._set_state("draft")
        self.filtered(lambda order: order.state == "paid")._set_state(
            "cancelled", paid_date=False
        )

    def _is_booked(self):
        moves = self.payment_ids.move_id
        return bool(moves) and all(move.state == "posted" for move in moves)

    # === WHAT THE BANK ANSWERS === #

    def _create_payments(self, date):
        # EXTENDS gym_dunning: those of the payment orders are there already
        theirs = self.filtered("payment_order_id")
        theirs._check_uploaded()
        return super(GymDebitOrder, self - theirs)._create_payments(date)

    def _set_returned(self, code, date, note=False, charges=0.0):
        # EXTENDS gym_dunning
        self._check_uploaded()
        return super()._set_returned(code, date, note=note, charges=charges)

    def _take_payments_back(self, date):
        # EXTENDS gym_dunning: a payment without an entry has nothing to reverse
        result = super()._take_payments_back(date)
        self.payment_ids.filtered(lambda one: not one.move_id).action_cancel()
        return result

    def _check_uploaded(self):
        for order in self:
            theirs = order.payment_order_id
            if theirs and theirs.state != "uploaded":
                raise UserError(
                    self.env._(
                        "The payments of the direct debit %(name)s are not booked yet."
                        " Mark the payment order %(payment_order)s as uploaded first,"
                        " or cancel it if the bank rejected its file.",
                        name=order.name,
                        payment_order=theirs.name,
                    )
                )

    def _stop_mandate(self, state):
        # EXTENDS gym_dunning: it is cancelled where it is kept
        # sudo: the bank's answer decides, whoever brings it
        theirs = self.mandate_id.sudo().banking_mandate_id
        if state == "cancelled" and theirs.state == "valid":
            return theirs.cancel()
        return super()._stop_mandate(state)

    # === CHANGES BEFORE IT IS CONFIRMED === #

    def _set_state(self, state, **vals):
        # EXTENDS gym_dunning: a debit that is given up is not collected
        result = super()._set_state(state, **vals)
        if state == "cancelled":
            self._waiting_payment_lines().unlink()
        return result

    def _take_changes(self, changes):
        # EXTENDS gym_dunning: the payment order collects what is left
        result = super()._take_changes(changes)
        lines = self._waiting_payment_lines()
        if payment_order := lines.order_id:
            lines.unlink()
            self.sudo().line_ids._create_payment_lines(payment_order)
        return result

    def _waiting_payment_lines(self):
        # sudo: as they were put in
        return self.sudo().payment_line_ids.filtered(lambda line: line.state == "draft")

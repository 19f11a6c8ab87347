from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date


class GymDebitOrder(models.Model):
    """Taking Paid back: the bank had not credited the debit, or on another day."""

    _inherit = "gym.debit.order"

    def _undo_paid(self):
        """Cancel the payments: the items are open again and wait for the bank's answer,
        and who was unblocked by them is blocked as before.

        :raise UserError: the next step has happened to one of them
        """
        for order in self:
            if refusal := order._unpaid_refusal():
                raise UserError(refusal)
        # the accounting's own way back; its refusals name what is in the way
        self.payment_ids.filtered(
            lambda one: one._gym_is_standing() or one.move_id.state == "draft"
        ).move_id.button_cancel()
        self._set_state("exported", paid_date=False)
        self.batch_id.flush_recordset(["state"])  # see `_set_paid`

    def _unpaid_refusal(self):
        """Return why Paid cannot be taken back, or None."""
        self.ensure_one()
        if self.state != "paid":
            return self._state_error("exported")
        standing = self.payment_ids.filtered(lambda one: one._gym_is_standing())
        if line := standing.reconciled_statement_line_ids[:1]:
            return self.env._(
                "The direct debit %(name)s of %(member)s is matched with the bank"
                " statement line '%(line)s' of %(date)s. Undo that reconciliation first.",
                name=self.name,
                member=self.partner_id.display_name,
                line=line.payment_ref or line.display_name,
                date=format_date(self.env, line.date),
            )
        for move in standing.move_id:
            if locks := move._get_violated_lock_dates(move.date, False):
                return self.env._(
                    "The direct debit %(name)s of %(member)s was booked on %(date)s,"
                    " which is locked (%(locks)s). Book what the bank returned instead.",
                    name=self.name,
                    member=self.partner_id.display_name,
                    date=format_date(self.env, move.date),
                    locks=self.env["res.company"]._format_lock_dates(locks),
                )
        return None

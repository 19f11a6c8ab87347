from odoo import models
from odoo.exceptions import UserError

FOLLOW = {
    "open": "_follow_confirmed",
    "uploaded": "_follow_uploaded",
    "cancel": "_follow_cancelled",
}


class AccountPaymentOrder(models.Model):
    """Its debits follow its state."""

    _inherit = "account.payment.order"

    def _debits(self):
        # sudo: the debits follow, whoever confirms
        return self.sudo().payment_line_ids.gym_debit_order_id

    def write(self, vals):
        result = super().write(vals)
        if follow := FOLLOW.get(vals.get("state")):
            getattr(self._debits(), follow)()
        return result

    def unlink(self):
        debits = self._debits()
        result = super().unlink()
        debits._follow_cancelled()
        return result

    def draft2open(self):
        # EXTENDS account_payment_order: what was paid or held meanwhile is left out
        debits = self._debits().filtered(lambda debit: debit.state == "draft")
        debits._recheck(self.env["gym.debit.plan"]._today())
        return super().draft2open()

    def action_cancel(self):
        # EXTENDS account_payment_order
        returned = self._debits().filtered(lambda debit: debit.state == "returned")
        if returned:
            raise UserError(
                self.env._(
                    "The bank returned %(debits)s of this payment order: it was"
                    " collected and cannot be cancelled any more.",
                    debits=", ".join(returned.mapped("name")),
                )
            )
        return super().action_cancel()

from odoo import models
from odoo.fields import Command

from .account_payment_method import DEBIT_CODE


class AccountJournal(models.Model):
    """A bank journal that direct debits are credited to."""

    _inherit = "account.journal"

    def _allow_direct_debits(self):
        """Give the journal the payment method, unless it has it.

        :return: the payment method line
        """
        self.ensure_one()
        lines = self.inbound_payment_method_line_ids
        if not lines.filtered(lambda line: line.code == DEBIT_CODE):
            method = self.env.ref("gym_dunning.payment_method_direct_debit")
            vals = {"payment_method_id": method.id}
            self.inbound_payment_method_line_ids = [Command.create(vals)]
        return self.inbound_payment_method_line_ids.filtered(
            lambda line: line.code == DEBIT_CODE
        )[:1]

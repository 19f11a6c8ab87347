from odoo import api, models
from odoo.fields import Domain

from odoo.addons.gym_dunning.models.debit.gym_debit_return import RETURNABLE


class GymDebitReturn(models.Model):
    """In the files of payment orders the end-to-end id is the number of a payment."""

    _inherit = "gym.debit.return"

    @api.model
    def _debits_by_number(self, numbers, references, creditor):
        # EXTENDS gym_dunning
        debits = super()._debits_by_number(numbers, references, creditor)
        return self._debits_by_payment(numbers, creditor) | debits

    @api.model
    def _debits_by_payment(self, numbers, creditor):
        """Return the creditor's debits by the number of their payment.

        A debit of several payments came back in part only: it is matched by hand.
        """
        numbers = [int(number) for number in numbers if _is_id(number)]
        # sudo: as the debits that they collected
        payments = (
            self.env["account.payment"]
            .sudo()
            .search(
                Domain("id", "in", numbers)
                & Domain("gym_debit_order_id", "!=", False)
                & Domain("company_id", "child_of", creditor.ids)
            )
        )
        return {
            str(payment.id): payment.gym_debit_order_id
            for payment in payments
            if payment.gym_debit_order_id.payment_ids == payment
        }

    def _orders_of_whole(self, entry, creditor):
        # EXTENDS gym_dunning: a rejected file is a payment order's
        found = super()._orders_of_whole(entry, creditor)
        if entry.whole != "file":
            return found  # a block has no name here: matched by hand
        # sudo: as the others
        theirs = self.env["account.payment.order"].sudo()
        orders = theirs.search(
            Domain("name", "in", self._batch_names(entry))
            & Domain("company_id", "child_of", creditor.ids)
        )
        return found | orders.payment_line_ids.gym_debit_order_id.filtered(
            lambda debit: debit.state in RETURNABLE
        )


def _is_id(text):
    """Tell whether a bank's text can be the number of a record."""
    return bool(text) and text.isascii() and text.isdigit() and len(text) < 10

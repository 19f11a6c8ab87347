from odoo import api, models
from odoo.fields import Domain


class GymDebitPlan(models.AbstractModel):
    """Fees that go along with a member's next debit, where a centre wants that.

    A fee is never collected alone then: the bank would ask more for it.
    """

    _inherit = "gym.debit.plan"

    @api.model
    def _fees_along_domain(self, companies):
        """Return the fees that no payment method sends to the bank, such as those that
        are booked as entries."""
        willing = companies.filtered(lambda one: one.dunning_lonely_fee == "debit")
        if not willing:
            return Domain.FALSE
        return Domain("company_id", "in", willing.ids) & Domain(
            "is_dunning_fee", "=", True
        )

    def _fees_along(self, fees, due, date):
        """Return those of the fees that go along with what is due: by the mandate of
        their own debtor, unless held, or returned by the bank before.

        :param fees: rows of the ledger without a payment method of debits
        :param due: rows that are collected
        """
        debtors = {row._debtor_key() for row in due}
        free = fees.filtered(
            lambda row: (
                row.amount_residual > 0
                and row._debtor_key() in debtors
                and not row._why_not_collected()
            )
        )
        if not free:
            return free
        mandates = self._mandates(free.move_line_id, date, refused=True)
        returned = self._history(free.move_line_id)
        return free.filtered(lambda row: row.id in mandates and row.id not in returned)

    def _take_out_fees_alone(self, planned, due):
        """Take out of the plan what would collect nothing but fees.

        :param planned: dict of key to list of `Debit`, which is changed
        :return: the rows that wait
        """
        fees = due.filtered(
            lambda row: (
                row.is_dunning_fee and row.company_id.dunning_lonely_fee == "debit"
            )
        )
        ids = set(fees.ids)
        waiting = set()
        for key, debits in list(planned.items()) if ids else ():
            kept = [
                debit for debit in debits if {one.id for one in debit.amounts} - ids
            ]
            waiting.update(
                item.id
                for debit in debits
                if debit not in kept
                for item in debit.amounts
            )
            planned[key] = kept
            if not kept:
                del planned[key]
        return fees.filtered(lambda row: row.id in waiting)

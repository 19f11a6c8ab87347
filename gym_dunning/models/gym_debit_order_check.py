from odoo import api, fields, models

from ..reports import debit_file
from .gym_debit_reasons import OF_DEBIT


class GymDebitOrder(models.Model):
    """Why a draft cannot go to the bank."""

    _inherit = "gym.debit.order"

    refusal = fields.Text(
        string="Why Not",
        compute="_compute_refusal",
        compute_sudo=True,
        help="Why the debit cannot be exported; empty: it can.",
    )

    @api.depends(
        "batch_id", "state", "mandate_id.state", "mandate_id.partner_bank_id.active"
    )
    @api.depends_context("dunning_date", "lang")
    def _compute_refusal(self):
        for batch, orders in self.grouped("batch_id").items():
            # these only: a page of a large batch does not read the whole file
            drafts = orders.filtered(lambda one: one.state == "draft").sorted("id")
            refused = batch._refusals(drafts)[1] if batch.state == "draft" else {}
            for order in orders:
                order.refusal = "\n".join(refused.get(order, []))

    def _own_reasons(self):
        """Return what we know against exporting the debit, before any writer asks.

        :return: list of `Reason`
        """
        self.ensure_one()
        mandate = self.mandate_id
        codes = []
        if mandate.state != "active":
            codes.append("mandate_not_active")
        # Odoo archives the accounts that somebody deletes
        if not mandate.partner_bank_id.active:
            codes.append("mandate_without_account")
        if mandate.lapse_date and mandate.lapse_date <= self.execution_date:
            codes.append("mandate_lapsed")
        return [debit_file.Reason(code, self.name) for code in codes]

    def _can_be_promised(self):
        """Tell whether a letter may say that the bank collects it."""
        self.ensure_one()
        if self.state == "draft":
            return not self._own_reasons()
        return self.state in ("exported", "paid")

    def _sentence(self, reason):
        """Say a reason in words."""
        known = {
            "member": self.partner_id.display_name,
            "order": self.name,
            "mandate": self.mandate_id.name,
        }
        return self.env._(OF_DEBIT[reason.code]) % (reason.params | known)

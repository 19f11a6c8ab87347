from odoo import api, fields, models
from odoo.fields import Domain


class AccountPaymentMode(models.Model):
    """How a centre collects: which payment orders take its debits."""

    _inherit = "account.payment.mode"

    # a centre collects through the holding's bank; the list showed its own only
    fixed_journal_id = fields.Many2one(
        domain="[('company_id', 'parent_of', company_id),"
        " ('type', 'in', ('bank', 'cash'))]"
    )

    def _payment_method_line(self):
        """Return what Odoo itself calls this way to pay, if anything."""
        self.ensure_one()
        journals = self.fixed_journal_id or self.variable_journal_ids
        lines = journals.inbound_payment_method_line_ids
        return lines.filtered(
            lambda line: line.payment_method_id == self.payment_method_id
        )[:1]

    @api.model
    def _by_mandate_domain(self):
        """Return which modes collect by mandates in payment orders."""
        return (
            Domain("payment_order_ok", "=", True)
            & Domain("payment_type", "=", "inbound")
            & Domain("payment_method_id.mandate_required", "=", True)
        )

    def _draft_payment_order(self, day):
        """Return the draft that collects on a day, a new one if there is none."""
        self.ensure_one()
        orders = self.env["account.payment.order"]
        found = orders.search(
            Domain("payment_mode_id", "=", self.id)
            & Domain("state", "=", "draft")
            & Domain("date_prefered", "=", "fixed")
            & Domain("date_scheduled", "=", day),
            limit=1,
        )
        return found or orders.create(self._prepare_payment_order(day))

    def _prepare_payment_order(self, day):
        vals = {
            "payment_mode_id": self.id,
            "date_prefered": "fixed",
            "date_scheduled": day,
        }
        if self.bank_account_link == "variable":
            bank = self.company_id.root_id.debit_journal_id
            journals = self.variable_journal_ids
            vals["journal_id"] = (journals & bank or journals[:1]).id
        return vals

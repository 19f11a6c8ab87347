from odoo import api, fields, models
from odoo.fields import Domain


class GymDebitMandate(models.Model):
    """A mandate permits; the payment method of the contact asks for it."""

    _inherit = "gym.debit.mandate"

    pays_otherwise = fields.Boolean(
        string="Pays in Another Way",
        compute="_compute_pays_otherwise",
        compute_sudo=True,
        help="The mandate is active, but direct debit is not the contact's payment"
        " method: nothing is debited.",
    )

    @api.depends("state", "partner_id", "company_id")
    def _compute_pays_otherwise(self):
        for mandate in self:
            mandate.pays_otherwise = mandate.state == "active" and not any(
                mandate._is_method_in(centre) for centre in mandate._centres()
            )

    def _centres(self):
        """Return the mandate's centre and those below, which may use it, too."""
        # sudo: which centres there are
        companies = self.env["res.company"].sudo()
        return companies.search([("id", "child_of", self.company_id.id)])

    def _is_method_in(self, centre):
        method = self.partner_id.with_company(centre)
        method = method.property_inbound_payment_method_line_id
        return method.code in method.payment_method_id._get_sdd_payment_method_code()

    def action_use_for_payments(self):
        """Make direct debit the contact's payment method in the centres of the mandate,
        and of its open invoices that name none.

        :raise UserError: the holding has no bank for direct debits
        """
        for mandate in self.filtered("pays_otherwise"):
            method = mandate.company_id._debit_method()
            centres = mandate._centres() & self.env.user.company_ids
            for centre in centres:
                mandate.partner_id.with_company(
                    centre
                ).property_inbound_payment_method_line_id = method
            mandate._open_invoices(centres).preferred_payment_method_line_id = method
            mandate.message_post(
                body=self.env._(
                    "Direct debit is now the payment method of %(member)s.",
                    member=mandate.partner_id.display_name,
                )
            )

    def _open_invoices(self, centres):
        """Return the contact's invoices that nobody said how they are paid."""
        return self.env["account.move"].search(
            Domain("partner_id", "=", self.partner_id.id)
            & Domain("company_id", "in", centres.ids)
            & Domain("state", "=", "posted")
            & Domain("move_type", "=", "out_invoice")
            & Domain("payment_state", "in", ("not_paid", "partial"))
            & Domain("preferred_payment_method_line_id", "=", False)
        )

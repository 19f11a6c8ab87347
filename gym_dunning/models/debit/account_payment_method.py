from odoo import api, models

DEBIT_CODE = "gym_direct_debit"


class AccountPaymentMethod(models.Model):
    """Direct debit is a payment method of bank journals, as in Odoo's own banking."""

    _inherit = "account.payment.method"

    @api.model
    def _get_payment_method_information(self):
        # EXTENDS account
        methods = super()._get_payment_method_information()
        return methods | {DEBIT_CODE: {"mode": "multi", "type": ("bank",)}}

    @api.model
    def _get_sdd_payment_method_code(self):
        # EXTENDS account: the codes by which Odoo knows who pays by direct debit
        return [*super()._get_sdd_payment_method_code(), DEBIT_CODE]


class AccountPaymentMethodLine(models.Model):
    """A centre collects through the holding's bank, as it may use its journal.

    Odoo says so of journals, but not of their payment methods, and would refuse
    the holding's direct debit on a member of a centre as a crossover of companies.
    """

    _inherit = "account.payment.method.line"
    _check_company_domain = models.check_company_domain_parent_of

from odoo import models


class AccountPaymentMethodLine(models.Model):
    """A centre collects through the holding's bank, as it may use its journal.

    Odoo says so of journals, but not of their payment methods, and would refuse
    the holding's direct debit on a member of a centre as a crossover of companies.
    """

    _inherit = "account.payment.method.line"
    _check_company_domain = models.check_company_domain_parent_of

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class AccountAccount(models.Model):
    """On which accounts customers' debts stand; everybody who asks, asks here.

    Odoo's charts mark receivables from tax offices and landlords as "Non Trade":
    they are of the receivable type, and no customer owes them.
    """

    _inherit = "account.account"

    @api.model
    def _customer_domain(self):
        return Domain("account_type", "=", "asset_receivable") & Domain(
            "non_trade", "=", False
        )

    @api.model
    def _gym_customer_sql(self):
        """Return the ids of these accounts, as a subquery without correlation."""
        return SQL(
            """(SELECT id FROM account_account
                 WHERE account_type = 'asset_receivable' AND non_trade IS NOT TRUE)"""
        )

    def _gym_is_of_customers(self):
        """Tell whether customers' debts stand on this account."""
        return self.account_type == "asset_receivable" and not self.non_trade

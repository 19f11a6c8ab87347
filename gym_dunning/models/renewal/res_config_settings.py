from odoo import fields, models
from odoo.exceptions import UserError


class ResConfigSettings(models.TransientModel):
    """Settings of renewals and of access by contract."""

    _inherit = "res.config.settings"

    group_use_contracts = fields.Boolean(
        string="Contracts",
        implied_group="gym_dunning.group_use_contracts",
    )

    renewal_skip_blocked = fields.Boolean(
        related="company_id.root_id.renewal_skip_blocked", readonly=False
    )
    renewal_auto = fields.Boolean(related="company_id.renewal_auto", readonly=False)
    renewal_days_before = fields.Integer(
        related="company_id.renewal_days_before", readonly=False
    )
    renewal_responsible_id = fields.Many2one(
        related="company_id.renewal_responsible_id", readonly=False
    )
    access_needs_contract = fields.Boolean(
        related="company_id.root_id.access_needs_contract", readonly=False
    )

    def set_values(self):
        # EXTENDS base: nobody finds closed doors whose reason no screen shows
        if not self.group_use_contracts:
            self._check_access_without_contracts()
        return super().set_values()

    def _check_access_without_contracts(self):
        # sudo: the doors of every centre, whoever of them is in sight
        asking = self.env["res.company"].sudo()
        asking = asking.search([("access_needs_contract", "=", True)], limit=1)
        if asking:
            raise UserError(
                self.env._(
                    "Members of %s pass the turnstile only with a running contract."
                    " Untick 'Access Needs a Running Contract' before you switch"
                    " contracts off.",
                    asking.name,
                )
            )

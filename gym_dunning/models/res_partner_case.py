from odoo import fields, models


class ResPartner(models.Model):
    """Who works the customer's debts."""

    _inherit = "res.partner"

    debt_manager_id = fields.Many2one("res.users", domain=[("share", "=", False)])

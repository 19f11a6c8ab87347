from odoo import fields, models


class GymClientStatus(models.Model):
    """Say how a client is billed and chased (E-18 to E-21, AMB-12)."""

    _name = "gym.client.status"
    _description = "Client Status"
    _inherit = ["gym.built.in"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    stops_reminders = fields.Boolean(
        help="Clients with this status get no reminders.",
    )
    stops_invoicing = fields.Boolean(
        help="Clients with this status get no new invoices and no renewal.",
    )
    at_agency = fields.Boolean(
        string="At the Agency",
        help="Clients with this status have been sent to debt enforcement.",
    )
    active = fields.Boolean(default=True)

from odoo import fields, models


class GymMemberStatus(models.Model):
    """Say whether a member may enter the centre (E-15)."""

    _name = "gym.member.status"
    _description = "Member Status"
    _inherit = ["gym.built.in"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    allows_access = fields.Boolean(
        default=True,
        help="Members with this status pass the turnstile.",
    )
    active = fields.Boolean(default=True)

from odoo import fields, models


class ResUsers(models.Model):
    """The teams that make a user a debt manager (G-19)."""

    _inherit = "res.users"

    collection_team_ids = fields.Many2many(
        "gym.collection.team",
        relation="gym_collection_team_user_rel",
        column1="user_id",
        column2="team_id",
        string="Collection Teams",
        copy=False,  # copied with the rights of whoever duplicates the user
        groups="gym_dunning.group_debt_manager",
    )

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class GymCollectionTeam(models.Model):
    """A department of debt managers (G-14 to G-19): a tree, its members are users."""

    _name = "gym.collection.team"
    _description = "Collection Team"
    _parent_store = True
    _order = "complete_name, id"
    _rec_name = "complete_name"
    _check_company_auto = True
    # a team of the holding is one of its centres too
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        string="Full Name",
        compute="_compute_complete_name",
        recursive=True,
        store=True,
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        default=lambda self: self.env.company,
        help="The team of this company and of the branches below it; empty: of all.",
    )
    parent_id = fields.Many2one(
        "gym.collection.team",
        string="Part of",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("gym.collection.team", "parent_id", string="Teams")
    member_ids = fields.Many2many(
        "res.users",
        relation="gym_collection_team_user_rel",
        column1="team_id",
        column2="user_id",
        string="Debt Managers",
        domain=[("share", "=", False)],
        help="Only members of a team can be chosen as somebody's debt manager.",
    )

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for team in self:
            names = (team.parent_id.complete_name, team.name)
            team.complete_name = " / ".join(name for name in names if name)

    @api.constrains("member_ids")
    def _check_members(self):
        for team in self:
            outsiders = team.sudo().member_ids.filtered("share")
            if outsiders:
                raise ValidationError(
                    self.env._(
                        "%(names)s cannot be debt managers of %(team)s: only users of"
                        " the company can, not those of the portal.",
                        names=", ".join(outsiders.mapped("name")),
                        team=team.name,
                    )
                )

    def write(self, vals):
        if vals.get("parent_id"):
            self._check_parent(vals["parent_id"])
        return super().write(vals)

    def _check_parent(self, parent_id):
        """Refuse a circle in words: Odoo's own message names nothing."""
        below = self.with_context(active_test=False).search(
            [("id", "child_of", self.ids)]
        )
        if parent_id in below.ids:
            raise ValidationError(
                self.env._(
                    "%(parent)s is part of %(team)s, so %(team)s cannot be part of "
                    "it. Choose another team.",
                    parent=self.browse(parent_id).name,
                    team=", ".join(self.mapped("name")),
                )
            )

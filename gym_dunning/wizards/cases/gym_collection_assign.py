from odoo import fields, models
from odoo.exceptions import UserError

from ...models.cases.res_company import PARTICIPATION


class GymCollectionAssign(models.TransientModel):
    """Set for many customers at once how they take part in collections (G-10)."""

    _name = "gym.collection.assign"
    _description = "Set Collections"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    collection_participation = fields.Selection(
        PARTICIPATION,
        string="Takes Part in Collections",
        help="Empty: each keeps what it has.",
    )
    debt_manager_id = fields.Many2one(
        "res.users",
        domain=[("collection_team_ids", "!=", False), ("share", "=", False)],
        help="Empty: each keeps the one it has.",
    )

    def action_confirm(self):
        """Write what was chosen on all the customers.

        :raise UserError: nothing was chosen
        """
        self.ensure_one()
        chosen = {
            "collection_participation": self.collection_participation,
            "debt_manager_id": self.debt_manager_id.id,
        }
        vals = {name: value for name, value in chosen.items() if value}
        if not vals:
            raise UserError(
                self.env._(
                    "Choose whether they take part in collections, or choose a debt "
                    "manager."
                )
            )
        self.partner_ids.write(vals)
        return {"type": "ir.actions.act_window_close"}

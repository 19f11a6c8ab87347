from odoo import api, models
from odoo.exceptions import UserError


class GymBuiltIn(models.AbstractModel):
    """A list of which the module brought entries that its buttons look for by name."""

    _name = "gym.built.in"
    _description = "List with Built-In Entries"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_built_in(self):
        # sudo: few people may read where records come from
        names = self.env["ir.model.data"].sudo()
        ours = names.search(
            [
                ("module", "=", "gym_dunning"),
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
            ]
        )
        if ours:
            raise UserError(
                self.env._(
                    "%(entry)s came with the module and is used by its buttons: it"
                    " cannot be deleted. Rename it, or archive it instead.",
                    entry=self.browse(ours[0].res_id).display_name,
                )
            )

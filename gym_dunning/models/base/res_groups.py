from odoo import api, models


class ResGroups(models.Model):
    """Which parts of the program a gym uses, by groups that its roles imply."""

    _inherit = "res.groups"

    @api.model
    def _gym_uses(self, group):
        """Tell whether the gym uses a part, for what no person does: scheduled
        actions, and rules that are the same for everybody.

        Screens ask the user's own groups, by the attribute `groups`.

        :param group: the external id of the part's group
        """
        # sudo: which groups there are is the administrator's to read
        return bool(self.env.ref(group).sudo().implied_by_ids)

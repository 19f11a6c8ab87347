from odoo import api, models


class GymCached(models.AbstractModel):
    """Set-up that is read all the time and changed once a year: what is kept of it by
    `ormcache` is forgotten after each change."""

    _name = "gym.cached"
    _description = "Set-Up Kept in the Cache"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS base
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        # EXTENDS base
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        # EXTENDS base
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

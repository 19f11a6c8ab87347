from odoo import api, models


class GymDunningOutcome(models.Model):
    """What reminders by SMS cost."""

    _inherit = "gym.dunning.outcome"
    _depends = {"res.company": ["dunning_cost_sms"]}

    @api.model
    def _channel_costs(self):
        # EXTENDS gym_dunning
        return super()._channel_costs() | {"sms": "dunning_cost_sms"}

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class GymDunningPolicy(models.Model):
    """What a reply to a reminder does."""

    _inherit = "gym.dunning.policy"

    answer_holds = fields.Boolean(
        string="A Reply Stops Reminders",
        default=True,
        help="An e-mail that answers a reminder keeps its items back until somebody"
        " decides. Automatic replies do not.",
    )
    answer_hold_days = fields.Integer(
        string="Days to Decide",
        default=7,
        help="After so many days without a decision reminders go on by themselves.",
    )

    @api.constrains("answer_hold_days")
    def _check_answer_hold_days(self):
        for policy in self:
            if policy.answer_hold_days < 1:
                raise ValidationError(
                    self.env._(
                        "%s: give at least one day to decide about an answer, or let"
                        " replies stop nothing.",
                        policy.name,
                    )
                )

from odoo import api, fields, models
from odoo.exceptions import ValidationError

CASE_STATES = [
    ("not_started", "Not Started"),
    ("in_progress", "In Progress"),
    ("promise", "Promise"),
    ("completed", "Completed"),
]


class MailActivityType(models.Model):
    """Types of activities that take part in collection cases (G-30 to G-41)."""

    _inherit = "mail.activity.type"

    collection_case = fields.Boolean(
        string="Takes Part in Collection Cases",
        help="Collection cases offer activities of these types only.",
    )
    collection_state = fields.Selection(
        CASE_STATES,
        string="State of the Case",
        help="The state of the case after such an activity is done; empty: it does "
        "not change.",
    )
    status_ids = fields.One2many(
        "gym.activity.status", "activity_type_id", string="Statuses", copy=False
    )

    @api.constrains("collection_case", "collection_state")
    def _check_collection_state(self):
        for one in self:
            if one.collection_state and not one.collection_case:
                raise ValidationError(
                    self.env._(
                        "%s changes the state of cases but is not available in them. "
                        "Tick 'Takes Part in Collection Cases', or clear the state.",
                        one.name,
                    )
                )

    def _gym_default_status(self):
        """Return the status of new activities: the default, else the first."""
        self.ensure_one()
        return self.status_ids.filtered("is_default") or self.status_ids[:1]

    def _gym_done_status(self):
        """Return the status of activities carried out; empty when there is none."""
        self.ensure_one()
        return self.status_ids.filtered("is_done")[:1]

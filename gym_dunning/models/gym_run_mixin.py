from odoo import fields, models


class GymRunMixin(models.AbstractModel):
    """A run that is over when its work is done."""

    _name = "gym.run.mixin"
    _description = "Run with an End"
    _inherit = ["gym.run.base"]

    state = fields.Selection(
        [
            ("estimated", "Estimated"),
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="estimated",
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
        index=True,
    )

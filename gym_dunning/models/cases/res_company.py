from odoo import api, fields, models

PARTICIPATION = [
    ("no", "No"),
    ("yes", "Yes"),
    ("branch", "Per Branch"),
]


class ResCompany(models.Model):
    """How collection cases are numbered, and their promises treated."""

    _inherit = "res.company"

    case_code_typed = fields.Boolean(
        string="Type the Codes of Cases",
        help="Off: cases are numbered automatically.",
    )
    promise_split = fields.Selection(
        [
            ("oldest", "Oldest First"),
            ("pro_rata", "In Proportion to What Is Open"),
        ],
        string="Spread Promises",
        default="oldest",
        help="Over the debts of a case. Oldest first is how a payment without "
        "instructions is used.",
    )
    promise_tolerance_days = fields.Integer(
        string="Tolerance of Promises",
        default=3,
        help="How many days after its end a promise still counts as kept.",
    )
    _promise_tolerance_positive = models.Constraint(
        "CHECK (promise_tolerance_days >= 0)",
        "A promise cannot be over before its end: the tolerance is 0 days or more.",
    )
    collection_participation = fields.Selection(
        PARTICIPATION,
        string="New Members Take Part in Collections",
        default="yes",
        help="Of the holding, for all its centres.",
    )

    @api.model
    def _gym_never_empty(self):
        # EXTENDS base: a promise is spread in one of the two ways
        return [*super()._gym_never_empty(), "promise_split"]

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# A link of years ago is nobody's any more.
MOST_DAYS = 3650


class GymDunningPolicy(models.Model):
    """What members may do on their page, and for how long its links hold."""

    _inherit = "gym.dunning.policy"

    page_pay = fields.Boolean(
        string="Pay Online",
        default=True,
        help="Members pay on their page, by the providers that the centre has enabled.",
    )
    page_promise = fields.Boolean(
        string="Promise a Day",
        default=True,
        help="Members say on which day they pay; reminders wait for it. One promise at a"
        " time.",
    )
    page_promise_days = fields.Integer(
        string="Promise at Most (Days)",
        default=14,
        help="The latest day that a member may promise, counted from today.",
    )
    page_promise_level = fields.Integer(
        string="Not after Level",
        default=2,
        help="Items above this level cannot be promised any more; 0 means no limit.",
    )
    page_dispute = fields.Boolean(
        string="Dispute an Item",
        default=True,
        help="Members say that an item is not right; it is held until somebody answers.",
    )
    page_mandate = fields.Boolean(
        string="Give a New Account",
        default=True,
        help="Members give a new bank account and sign the mandate for direct debits.",
    )
    page_mandate_at_once = fields.Boolean(
        string="Use the New Account at Once",
        help="Off: somebody looks at a new mandate first.",
    )
    page_days = fields.Integer(
        string="Links Hold (Days)",
        default=60,
        help="A link opens the page for so many days, and for as long as something is"
        " open that was there by then.",
    )

    @api.constrains("page_days", "page_promise_days", "page_promise_level")
    def _check_page_limits(self):
        for policy in self:
            if not 1 <= policy.page_days <= MOST_DAYS:
                raise ValidationError(
                    self.env._(
                        "%(policy)s: links to the member's page hold for 1 to %(most)s"
                        " days.",
                        policy=policy.name,
                        most=MOST_DAYS,
                    )
                )
            if not 0 <= policy.page_promise_days <= MOST_DAYS:
                raise ValidationError(
                    self.env._(
                        "%(policy)s: members may promise a day within 0 to %(most)s"
                        " days.",
                        policy=policy.name,
                        most=MOST_DAYS,
                    )
                )
            if policy.page_promise_level < 0:
                raise ValidationError(
                    self.env._(
                        "%s: the level after which nobody promises cannot be negative."
                        " Enter 0 for no limit.",
                        policy.name,
                    )
                )

from odoo import api, fields, models

CASE = "gym.collection.case"


class MailActivity(models.Model):
    """What an activity of a collection case says besides Odoo's own (G-57)."""

    _inherit = "mail.activity"

    date_start = fields.Datetime(string="Start", help="When it takes place (G-64).")
    date_end = fields.Date(string="End", help="Of a promise: until when (G-66).")
    amount = fields.Monetary(
        help="The value of the case when the activity was entered (AMB-32)."
    )
    agreed_amount = fields.Monetary(help="What the debtor promised to pay (G-66).")
    promise_state = fields.Selection(
        [
            ("running", "Running"),
            ("kept", "Kept"),
            ("partial", "Partly Kept"),
            ("broken", "Broken"),
            ("replaced", "Replaced"),
        ],
        readonly=True,
        index="btree_not_null",
    )
    contact_id = fields.Many2one(
        "res.partner", string="Spoken to", index="btree_not_null"
    )
    status_id = fields.Many2one(
        "gym.activity.status",
        index="btree_not_null",
        domain="[('activity_type_id', '=', activity_type_id)]",
        ondelete="restrict",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")

    @api.depends("res_model", "res_id")
    def _compute_currency_id(self):
        of_cases = self.filtered(lambda activity: activity.res_model == CASE)
        for activity in of_cases:
            # sudo: the currency of a case is no secret to who reads its activity
            case = self.env[CASE].sudo().browse(activity.res_id)
            activity.currency_id = case.currency_id
        (self - of_cases).currency_id = False

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        for activity, vals in zip(activities, vals_list, strict=True):
            if activity.res_model == CASE:
                activity._take_case_values(vals)
        return activities

    def _take_case_values(self, given):
        """Fill in what was not given: the dates, and the value of the case (G-65)."""
        case = self.env[CASE].browse(self.res_id)
        proposed = {
            "date_start": fields.Datetime.now(),
            "date_end": self.date_deadline,
            "amount": case.amount_case,
        }
        self.write({key: proposed[key] for key in proposed.keys() - given.keys()})

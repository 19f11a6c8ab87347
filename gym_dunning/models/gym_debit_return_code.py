from odoo import fields, models


class GymDebitReturnCode(models.Model):
    """Why a bank returns a debit, and what follows from it."""

    _name = "gym.debit.return.code"
    _description = "Return Reason of Direct Debits"
    _inherit = ["gym.built.in"]
    _order = "name"

    name = fields.Char(string="Code", required=True, help="As the bank sends it: AM04")
    description = fields.Char(string="Meaning", required=True, translate=True)
    active = fields.Boolean(default=True)
    return_class = fields.Selection(
        [
            ("soft", "Try Again"),
            ("contact", "Ask the Member"),
            ("hard", "Never Again"),
            ("ours", "Our Mistake"),
            ("stop", "Stop Everything"),
        ],
        string="Class",
        required=True,
        default="hard",
        help="Try again: the next run with direct debits collects once more.\n"
        "Ask the member: no further debit, somebody talks to the member.\n"
        "Never again: the account or mandate cannot be used.\n"
        "Our mistake: no further debit until somebody corrected the data.\n"
        "Stop everything: neither debits nor reminders.",
    )
    hard_when_exhausted = fields.Boolean(
        string="Believed Once",
        help="The bank hides the reason: after the last attempt it counts as"
        " 'Never Again'.",
    )
    mandate_action = fields.Selection(
        [("review", "Review It"), ("cancel", "Cancel It")],
        string="Mandate",
        help="What becomes of the mandate.",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="Activity",
        ondelete="set null",
        domain="[('res_model', 'in', (False, 'res.partner'))]",
        help="Planned on the member, for whoever answers for the reminders.",
    )
    client_status_id = fields.Many2one(
        "gym.client.status",
        ondelete="restrict",
        help="Given to the member; one that stops reminders stops them at once.",
    )

    _name_uniq = models.UniqueIndex("(name)", "Each return code is listed once.")

    def _compute_display_name(self):
        for code in self:
            code.display_name = f"{code.name} {code.description}"

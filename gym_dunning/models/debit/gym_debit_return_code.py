from odoo import api, fields, models

# The account is closed or wrong, or no bank may debit it: only another one helps.
WITHOUT_ACCOUNT = (
    *("AC01", "AC02", "AC04", "AC05", "AC06"),
    *("AG01", "AG03", "DNOR", "RC01"),
)
# The banks, or a file of ours that came late: class `soft`, and no member's fault. Nor
# is a debit without a valid mandate.
NO_FAULT_OF_MEMBER = ("ED05", "MD01", "TM01")


def _xml_id(name):
    return f"gym_dunning.debit_return_{name.lower()}"


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
        string="Final after the Last Attempt",
        help="For reasons that hide the real one: after the last attempt, it counts "
        "as 'Never Again'.",
    )
    mandate_action = fields.Selection(
        [("review", "Review It"), ("cancel", "Cancel It")],
        string="Mandate",
        help="What happens to the mandate.",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="Activity",
        ondelete="set null",
        domain="[('res_model', 'in', (False, 'res.partner'))]",
        help="Planned on the member, for whoever is responsible for reminders.",
    )
    client_status_id = fields.Many2one(
        "gym.client.status",
        ondelete="restrict",
        help="Assigned to the member; one that stops reminders takes effect at once.",
    )

    asks_new_account = fields.Boolean(
        string="Ask for a New Account",
        compute="_compute_asks_new_account",
        store=True,
        readonly=False,
        precompute=True,
        help="The account is closed or wrong: reminders of the returned items ask the "
        "member for a new one.",
    )

    charge_claimed = fields.Boolean(
        string="Pass on the Charge",
        compute="_compute_charge_claimed",
        store=True,
        readonly=False,
        precompute=True,
        help="The next letter claims from the member what the bank charged for the "
        "return. Off if it was our fault or the bank's.",
    )

    _name_uniq = models.UniqueIndex("(name)", "Each return code is listed once.")

    @api.model
    def _adopt_by_name(self, names):
        """Take reasons that somebody entered by hand for those that come with the
        module now: each code is listed once."""
        known = {name: self.env.ref(_xml_id(name), False) for name in names}
        missing = [name for name, code in known.items() if not code]
        codes = self.with_context(active_test=False).search([("name", "in", missing)])
        self.env["ir.model.data"]._update_xmlids(
            [
                {"xml_id": _xml_id(code.name), "record": code, "noupdate": True}
                for code in codes
            ]
        )

    @api.depends("name")
    def _compute_asks_new_account(self):
        for code in self:
            code.asks_new_account = code.name in WITHOUT_ACCOUNT

    @api.depends("name", "return_class")
    def _compute_charge_claimed(self):
        for code in self:
            code.charge_claimed = (
                code.return_class != "ours" and code.name not in NO_FAULT_OF_MEMBER
            )

    def _compute_display_name(self):
        for code in self:
            code.display_name = f"{code.name} {code.description}"

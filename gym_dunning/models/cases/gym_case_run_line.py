from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

ACTIONS = [
    ("create", "New Case"),
    ("refresh", "Refreshed"),
    ("replace", "Replaced"),
    ("complete", "Completed"),
]
REASONS = [
    ("paid", "Nothing Open Any More"),
    ("taken", "Reserved Meanwhile"),
    ("no", "Takes No Part Any More"),
    ("changed", "Case Changed Meanwhile"),
]
# A person may still choose.
PLANNED = ("proposed", "unchosen")
# What is said of an open item before it goes into a case, by column of the ledger.
CAUTIONS = {
    "hold_reason": ("dispute", "promise", "online", "manual", "answer"),
    "stopped_by": ("client_paused",),
}


class GymCaseRunLine(models.Model):
    """One case of a mass creation: what becomes of it, or why nothing does."""

    _name = "gym.case.run.line"
    _description = "Case of a Mass Creation"
    _order = "run_id desc, id"
    _rec_name = "partner_id"
    _log_access = False  # as many as customers; the run knows who and when

    run_id = fields.Many2one(
        "gym.case.run",
        string="Mass Creation",
        required=True,
        ondelete="cascade",
        index=True,
    )
    action = fields.Selection(ACTIONS, required=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, ondelete="cascade", index=True
    )
    member_number = fields.Char(related="partner_id.member_number")
    branch_partner_id = fields.Many2one(
        "res.partner",
        string="Branch of the Customer",
        ondelete="cascade",
        index="btree_not_null",
    )
    company_id = fields.Many2one("res.company", string="Centre", required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    case_id = fields.Many2one(
        "gym.collection.case", ondelete="set null", index="btree_not_null"
    )
    item_count = fields.Integer(string="Items")
    amount = fields.Monetary(
        help="What is open; for completed cases, what they were worth."
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount_company = fields.Monetary(
        string="Amount in Company Currency",
        currency_field="company_currency_id",
        help="Open in the books; nothing for completed cases.",
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("unchosen", "Left Out"),
            ("done", "Done"),
            ("skipped", "Skipped"),
        ],
        required=True,
        default="proposed",
    )
    reason = fields.Selection(REASONS, string="Why Skipped")
    explanation = fields.Char(compute="_compute_explanation")
    caution = fields.Char(
        string="To Check",
        compute="_compute_caution",
        help="Of the customer's items; as long as nothing was made.",
    )

    _run_state_idx = models.Index("(run_id, state)")

    @api.depends("reason")
    def _compute_explanation(self):
        texts = {
            "paid": self.env._("All of it has been paid or reset since the summary."),
            "taken": self.env._(
                "Somebody has since added the items to another case or handed them "
                "over to the agency."
            ),
            "no": self.env._("The customer no longer takes part in collections."),
            "changed": self.env._(
                "Somebody has since started, completed or deleted the case, or one of "
                "its items is open again."
            ),
        }
        for line in self:
            line.explanation = texts.get(line.reason, False)

    @api.depends("partner_id", "company_id", "currency_id", "state")
    def _compute_caution(self):
        """Say what speaks against a case: items that are disputed or held, a customer
        who is paused."""
        planned = self.filtered(lambda line: line.state in PLANNED)
        found = defaultdict(list)
        for column in ("hold_reason", "stopped_by"):
            labels = dict(
                self.env["gym.open.item"]
                ._fields[column]
                ._description_selection(self.env)
            )
            for *debtor, value in planned._group_items(column):
                found[tuple(debtor)].append(labels[value])
        for line in self:
            debtor = (line.partner_id, line.company_id, line.currency_id)
            texts = found[debtor] if line in planned else ()
            line.caution = ", ".join(dict.fromkeys(texts))

    def _group_items(self, column):
        """Return customer, centre, currency and what stands in this column of their
        open items."""
        items = self.env["gym.open.item"]
        domain = (
            Domain("partner_id", "in", self.partner_id.ids)
            & Domain("company_id", "in", self.company_id.ids)
            & Domain("amount_residual", ">", 0)
            & Domain(column, "in", list(CAUTIONS[column]))
        )
        return items._read_group(
            domain, ["partner_id", "company_id", "currency_id", column]
        )

    def action_leave_out(self):
        """Make no case of these lines; what there is stays as it is.

        :raise UserError: the run was started
        """
        return self._plan("unchosen")

    def action_take_in(self):
        """Make the cases of these lines after all.

        :raise UserError: the run was started
        """
        return self._plan("proposed")

    def _plan(self, state):
        self.run_id.check_access("write")
        self.run_id._check_state("estimated")
        # sudo: people choose lines of their run, they do not write them
        self.sudo().filtered(lambda line: line.state in PLANNED).state = state
        # a button without an answer would close the dialog
        in_dialog = self.env.context.get("case_run_in_dialog")
        return self.run_id._summary_dialog() if in_dialog else None

    def action_open_case(self):
        """Open the case; as long as there is none, the customer."""
        self.ensure_one()
        return self._to_mend()._get_records_action()

    def _to_mend(self):
        """Return what a person opens when the case could not be made."""
        return self.case_id or self.partner_id

    def _debtor(self):
        """Return what makes one case of open items, as ids."""
        return (
            self.partner_id.id,
            self.branch_partner_id.id,
            self.company_id.id,
            self.currency_id.id,
        )

    def _skip(self, reason):
        self.write({"state": "skipped", "reason": reason})

    def _note_figures(self, open_now):
        """Say what the case got in the end.

        :param open_now: what is open of each item, see `OpenNow`
        """
        self.item_count = len(open_now)
        self.amount = sum(one.amount for one in open_now)
        self.amount_company = sum(one.amount_company for one in open_now)

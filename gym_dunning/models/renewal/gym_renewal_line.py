from odoo import api, fields, models
from odoo.exceptions import UserError

REASONS = [
    ("cancelled", "Terminated"),
    ("outside", "Ended before the Range"),
    ("not_auto_renew", "Not on Automatic Renewal"),
    ("not_renewable", "No Renewable Subscription"),
    ("archived", "Member or Payer Archived"),
    ("client_stopped", "Client Status Stops Invoices"),
    ("member_blocked", "Member Blocked"),
    ("changed", "Changed since the Estimate"),
    ("by_hand", "Left Out by Hand"),
    ("taken_back", "Taken Back"),
]


class GymRenewalLine(models.Model):
    """A contract in a renewal: what it will be, what became of it, or why not."""

    _name = "gym.renewal.line"
    _description = "Renewal of a Contract"
    _order = "run_id desc, partner_id, id"
    _rec_name = "contract_id"
    _log_access = False  # as many as contracts; the run knows who and when

    run_id = fields.Many2one(
        "gym.renewal.run",
        string="Renewal",
        required=True,
        ondelete="cascade",
        index=True,
    )
    contract_id = fields.Many2one(
        "gym.contract", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one("res.partner", string="Member", ondelete="cascade")
    member_number = fields.Char(related="partner_id.member_number")
    company_id = fields.Many2one("res.company", string="Centre")
    date_end_before = fields.Date(string="Ends on")
    date_end = fields.Date(string="New End")
    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary(help="Without tax, in the contract's currency.")
    amount_before = fields.Monetary(
        string="At Present Prices", help="What it would be without the price change."
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount_company = fields.Monetary(
        compute="_compute_amount_company",
        store=True,
        currency_field="company_currency_id",
        string="Amount in Company Currency",
    )
    warning = fields.Text(help="What to check; it does not prevent anything.")
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("done", "Renewed"),
            ("skipped", "Skipped"),
            ("left_out", "Left Out"),
        ],
        required=True,
        default="proposed",
    )
    outcome = fields.Selection(
        selection=lambda self: (
            self._fields["state"]._description_selection(self.env)
            + [("failed", self.env._("Failed"))]
        ),
        compute="_compute_outcome",
    )
    reason = fields.Selection(REASONS)
    explanation = fields.Char(compute="_compute_explanation")
    move_id = fields.Many2one("account.move", string="Invoice", ondelete="set null")

    _run_state_idx = models.Index("(run_id, state)")

    @api.depends("amount", "currency_id", "company_id")
    def _compute_amount_company(self):
        for line in self:
            company = line.company_id
            line.amount_company = (
                line.currency_id._convert(
                    line.amount, company.currency_id, company, line.run_id.date
                )
                if line.currency_id and company
                else line.amount
            )

    @api.depends("state", "run_id.process_ids.failure_ids.retried")
    def _compute_outcome(self):
        """A proposal that failed stays one, to be tried again: it is shown as failed."""
        failed = self.run_id.failure_ids.filtered(
            lambda failure: failure.res_model == self._name and not failure.retried
        )
        failed_ids = set(failed.mapped("res_id"))
        for line in self:
            is_failed = line.state == "proposed" and line.id in failed_ids
            line.outcome = "failed" if is_failed else line.state

    @api.depends("reason")
    def _compute_explanation(self):
        for line in self:
            line.explanation = line._explain()

    def _explain(self):
        """Say in words why the contract is not renewed, and what would change it."""
        texts = {
            "cancelled": self.env._("The contract was cancelled; reopen it to renew."),
            "outside": self.env._(
                "Its term ended before the range: renew with an earlier first day, or"
                " end the contract."
            ),
            "not_auto_renew": self.env._("Automatic renewal is off on this contract."),
            "not_renewable": self.env._(
                "None of the subscriptions that end then may be renewed."
            ),
            "archived": self.env._(
                "Member or payer is archived: restore the contact, or cancel or end"
                " the contract."
            ),
            "client_stopped": self.env._(
                "The client status of member or payer stops new invoices."
            ),
            "member_blocked": self.env._(
                "The member is blocked, and the settings do not renew blocked members."
            ),
            "changed": self.env._(
                "The contract was changed or renewed elsewhere after the estimate."
            ),
            "by_hand": self.env._("Taken out of the estimate by hand."),
            "taken_back": self.env._(
                "The renewal was taken back in the contract; the next one finds it"
                " again."
            ),
        }
        return texts.get(self.reason, False)

    def action_exclude(self):
        """Take contracts out of the estimate by hand."""
        self.run_id._check_state("estimated")
        if any(line.state != "proposed" for line in self):
            raise UserError(self.env._("Only proposals can be left out."))
        self.run_id.check_access("write")
        # sudo: the estimate is the clerk's, its rows are written by the run
        self.sudo().write({"state": "left_out", "reason": "by_hand"})

    def action_take_back(self):
        """Put contracts left out by hand back into the estimate."""
        mine = self.filtered(lambda line: line.reason == "by_hand")
        mine.run_id._check_state("estimated")
        mine.run_id.check_access("write")
        # sudo: as for leaving out
        mine.sudo().write({"state": "proposed", "reason": False})

    def action_open_contract(self):
        """Open the contract."""
        self.ensure_one()
        return self.contract_id._get_records_action()

    def _to_mend(self):
        """Return what a person opens when the renewal failed: the contact who cannot be
        invoiced, else the contract."""
        debtor = self.contract_id._debtor().commercial_partner_id
        is_refused = debtor._gym_account_error(self.company_id)
        return debtor if is_refused else self.contract_id

    def _skip(self):
        self.write({"state": "skipped", "reason": "changed"})

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

# Posting an invoice costs 25 ms, so a batch stays below ten seconds.
BATCH_SIZE = 200


class GymRenewalRun(models.Model):
    """One renewal: the contracts that end in a range, renewed with their invoices."""

    _name = "gym.renewal.run"
    _description = "Renewal"
    _inherit = ["gym.run.mixin"]
    _list_action = "gym_dunning.gym_contract_action"

    date = fields.Date(
        string="Invoice Date", help="The invoices carry it, whenever they are made."
    )
    date_from = fields.Date(string="Ends from", required=True, readonly=True)
    date_to = fields.Date(string="Ends to", required=True, readonly=True)
    price_change = fields.Selection(
        [
            ("keep", "Same price"),
            ("percent", "By a percentage"),
            ("list", "Today's price of the article"),
        ],
        string="Price",
        default="keep",
        required=True,
        readonly=True,
    )
    price_percent = fields.Float(string="Change in %", readonly=True)
    is_automatic = fields.Boolean(
        string="Made by the Scheduled Action", readonly=True, copy=False
    )
    line_ids = fields.One2many(
        "gym.renewal.line",
        "run_id",
        string="Renewals",
        domain=[("state", "!=", "left_out")],
    )
    left_out_ids = fields.One2many(
        "gym.renewal.line",
        "run_id",
        domain=[("state", "=", "left_out")],
        readonly=True,
    )
    line_count = fields.Integer(compute="_compute_counts", string="Contracts")
    left_out_count = fields.Integer(compute="_compute_counts", string="Not Renewed")
    renewed_count = fields.Integer(compute="_compute_counts", string="Renewed")
    invoice_count = fields.Integer(compute="_compute_counts", string="Invoices")
    amount_total = fields.Monetary(
        compute="_compute_counts",
        string="Amount",
        help="Without tax, in the company's currency.",
    )
    contract_ids = fields.Many2many(
        "gym.contract",
        string="Only These Contracts",
        readonly=True,
        help="Empty: all contracts that end in the range.",
    )

    # === COMPUTES === #

    @api.depends("state", "line_ids.state", "line_ids.amount_company", "left_out_ids")
    def _compute_counts(self):
        rows = self.env["gym.renewal.line"]._read_group(
            [("run_id", "in", self.ids)],
            ["run_id", "state"],
            ["__count", "amount_company:sum", "move_id:count_distinct"],
        )
        for run in self:
            mine = {
                state: (n, total) for one, state, n, total, __ in rows if one == run
            }
            run.invoice_count = sum(moves for one, *__, moves in rows if one == run)
            run.left_out_count = mine.pop("left_out", (0, 0.0))[0]
            run.renewed_count = mine.get("done", (0, 0.0))[0]
            run.line_count = sum(n for n, __ in mine.values())
            mine.pop("skipped", None)
            if run.state not in ("estimated", "running"):
                mine.pop("proposed", None)  # it failed, or was left undone
            run.amount_total = sum(total for __, total in mine.values())

    # === CRUD === #

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded
        guarded = {"date_from", "date_to", "price_change", "price_percent"}
        return super()._guarded_fields() | guarded | {"is_automatic", "contract_ids"}

    @api.model
    def _guarded_on_create(self):
        # EXTENDS gym.guarded: only the scheduled action makes automatic runs
        return super()._guarded_on_create() | {"is_automatic"}

    def _has_results(self):
        # EXTENDS gym.run.base
        return super()._has_results() or bool(self.renewed_count)

    # === CONSTRAINTS === #

    @api.constrains("date_from", "date_to", "price_percent")
    def _check_range(self):
        for run in self:
            if run.date_from > run.date_to:
                raise ValidationError(
                    self.env._(
                        "The range of end dates is reversed: %(start)s is after"
                        " %(end)s.",
                        start=format_date(self.env, run.date_from),
                        end=format_date(self.env, run.date_to),
                    )
                )
            if run.price_percent < -100:
                raise ValidationError(
                    self.env._("A price cannot fall by more than 100 %.")
                )

    # === ESTIMATE === #

    def _estimate(self):
        """Store a line for every contract of the range, and of those before it."""
        self.ensure_one()
        self.check_access("write")
        lines = self.env["gym.renewal.line"].sudo()  # the run's own rows
        lines.search([("run_id", "=", self.id)]).unlink()
        lines.create([self._prepare_line_vals(one) for one in self._candidates()])
        self.invalidate_recordset()

    def _candidates(self):
        """Contracts whose term ends in the range, and active ones ended before it."""
        here = Domain("company_id", "in", self.company_ids.ids)
        ending = Domain("date_end", ">=", self.date_from) & Domain(
            "state", "in", ("active", "cancelled")
        )
        earlier = Domain("date_end", "<", self.date_from) & Domain(
            "state", "=", "active"
        )
        chosen = (
            Domain("id", "in", self.contract_ids.ids)
            if self.contract_ids
            else Domain.TRUE
        )
        return self.env["gym.contract"].search(
            here & chosen & Domain("date_end", "<=", self.date_to) & (ending | earlier)
        )

    def _prepare_line_vals(self, contract):
        reason = self._reason(contract)
        terms = [] if reason else self._terms(contract)
        return {
            "run_id": self.id,
            "contract_id": contract.id,
            "partner_id": contract.partner_id.id,
            "company_id": contract.company_id.id,
            "date_end_before": contract.date_end,
            "date_end": max((term["date_end"] for term in terms), default=False),
            "currency_id": contract.currency_id.id,
            "amount": sum(term["amount"] for term in terms),
            "amount_before": self._amount_before(contract, reason),
            "state": "left_out" if reason else "proposed",
            "reason": reason,
            "warning": not reason and self._warnings(contract),
        }

    def _warnings(self, contract):
        """Say what of this renewal should be checked, as if its window were over."""
        after = fields.Date.add(contract.date_end, days=1)
        return contract.renewal_profile_id._warnings(contract, after)

    def _reason(self, contract):
        """Return the code of what speaks against a renewal, the first that applies."""
        if contract.state != "active":
            return "cancelled"
        if contract.date_end < self.date_from:
            return "outside"
        if not contract.auto_renew:
            return "not_auto_renew"
        if not contract._due_subscriptions():
            return "not_renewable"
        if not (contract.partner_id.active and contract._debtor().active):
            return "archived"
        if self._is_client_stopped(contract):
            return "client_stopped"
        if self._is_blocked(contract):
            return "member_blocked"
        return False

    def _is_client_stopped(self, contract):
        for client in contract.partner_id | contract._debtor():
            status = client.client_status_id
            until = client.client_status_until
            if status.stops_invoicing and (not until or until >= self.date):
                return True
        return False

    def _is_blocked(self, contract):
        company = contract.company_id.sudo()  # a setting, not data
        status = contract.partner_id.member_status_id
        return company.root_id.renewal_skip_blocked and not status.allows_access

    def _terms(self, contract):
        """Return the values of the periods that a renewal adds."""
        return [
            subscription._prepare_next_period_vals(self._price(subscription))
            for subscription in contract._due_subscriptions()
        ]

    def _amount_before(self, contract, reason):
        """Return what the renewal would cost without a change of prices."""
        if reason or self.price_change == "keep":
            return 0.0
        subscriptions = contract._due_subscriptions()
        return sum(one._prepare_next_period_vals()["amount"] for one in subscriptions)

    def _price(self, subscription):
        """Return the price per term from this renewal on."""
        price = subscription.price_unit
        if self.price_change == "percent":
            price *= 1 + self.price_percent / 100
        elif self.price_change == "list":
            product = subscription.product_id.with_company(subscription.company_id)
            price = product.currency_id._convert(
                product.lst_price,
                subscription.currency_id,
                subscription.company_id,
                self.date,
            )
        return subscription.currency_id.round(price)

    def _has_proposals(self):
        return bool(self.line_ids)

    def _nobody_message(self):
        """Say that no contract is renewed, and why those left out are not (E-67)."""
        reasons = self.left_out_ids._fields["reason"]._description_selection(self.env)
        rows = self.env["gym.renewal.line"]._read_group(
            [("run_id", "=", self.id)], ["reason"], ["__count"]
        )
        if not rows:
            return self.env._(
                "No contract ends between %(start)s and %(end)s.",
                start=format_date(self.env, self.date_from),
                end=format_date(self.env, self.date_to),
            )
        labels = dict(reasons)
        return self.env._(
            "No contract is to be renewed. Left out:\n%s",
            "\n".join(f"- {labels[reason]}: {count}" for reason, count in rows),
        )

    # === ACTIONS === #

    def action_change_filters(self):
        """Go back to the wizard with this run's filters."""
        self.ensure_one()
        self._check_state("estimated")
        wizards = self.env["gym.renewal.generate"]
        vals = {name: self[name] for name in wizards._run_fields()}
        wizard = wizards.create(
            vals
            | {
                "run_id": self.id,
                "company_id": self.company_id.id,
                "contract_ids": self.contract_ids.ids,
            }
        )
        return wizard._action_open()

    def action_open_contracts(self):
        """List the contracts that were renewed."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_contract_action"
        )
        contracts = self.line_ids.contract_id
        return dict(action, domain=[("id", "in", contracts.ids)], context={})

    def action_open_invoices(self):
        """List exactly the invoices of this renewal (E-70b)."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        return dict(
            action,
            domain=[("id", "in", self._moves().ids)],
            context={"default_move_type": "out_invoice"},
        )

    def _moves(self):
        return self.line_ids.move_id.sorted("id")

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

SUMMARY = "gym_dunning.debit_generate_summary"


class GymDebitGenerate(models.TransientModel):
    """Collect what is due by direct debit and not collected yet."""

    _name = "gym.debit.generate"
    _description = "Collect by Direct Debit"
    _inherit = ["gym.centre.wizard"]

    date_until = fields.Date(
        string="Due until",
        required=True,
        default=lambda self: self._today(),
        help="What is due later waits.",
    )
    execution_date = fields.Date(
        string="Day of Execution",
        required=True,
        compute="_compute_execution_date",
        store=True,
        precompute=True,
        readonly=False,
        help="The bank collects on that day. The first attempt counts as announced by"
        " the invoice; a further one never comes before its pause is over.",
    )
    include_retries = fields.Boolean(
        string="Include Returned Debits",
        help="Returned debits are tried again as often as the settings allow. They "
        "are not announced: prefer a run of reminders with direct debits, whose "
        "letters announce them.",
    )
    order_count = fields.Integer(string="Debits", compute="_compute_summary")
    amount_total = fields.Char(string="Total", compute="_compute_summary")
    summary = fields.Html(compute="_compute_summary", sanitize=False)
    warning = fields.Text(compute="_compute_warning")

    @api.depends("company_id", "execution_date")
    @api.depends_context("lang")
    def _compute_warning(self):
        for wizard in self:
            company, day = wizard.company_id, wizard.execution_date
            sentences = company._debit_warning(), company._holiday_warning(day)
            wizard.warning = "\n".join(filter(None, sentences)) or False

    @api.depends("company_id")
    def _compute_execution_date(self):
        for wizard in self:
            wizard.execution_date = wizard.company_id._debit_date(self._today())

    @api.depends("company_id", "date_until", "execution_date", "include_retries")
    def _compute_summary(self):
        for wizard in self:
            debits, left_out = wizard._plan()
            wizard.order_count = len(debits)
            wizard.amount_total = self._in_words(
                (debit.currency, debit.amount) for debit in debits
            )
            rows = [self._row(reason, items) for reason, items in left_out.items()]
            wizard.summary = self.env["ir.qweb"]._render(SUMMARY, {"rows": rows})

    def _today(self):
        return self.env["gym.debit.plan"]._today()

    def _plan(self):
        self.ensure_one()
        if not (self.company_id and self.date_until and self.execution_date):
            return [], {}
        return self.env["gym.debit.plan"]._plan_due(
            self.company_id._ticked_centres(),
            self.date_until,
            self.execution_date,
            self._today(),
            retries=self.include_retries,
        )

    # === WORDS === #

    def _row(self, reason, items):
        return {
            "reason": self._reason_labels()[reason],
            "members": len(items.partner_id),
            "items": len(items),
            "amount": self._in_words(
                (item.currency_id, item.amount_residual) for item in items
            ),
        }

    def _reason_labels(self):
        fields_ = self.env["gym.open.item"]._fields
        return {
            **dict(fields_["hold_reason"]._description_selection(self.env)),
            **dict(fields_["debit_state"]._description_selection(self.env)),
            "no_followup": self.env._("No Follow-Up"),
            "client_status": self.env._("Stopped by the client status"),
            "in_credit": self.env._("Covered by a credit"),
            "fee_alone": self.env._("Only a fee: it waits for the next debit"),
        }

    def _in_words(self, amounts):
        """Return sums by currency."""
        sums = {}
        for currency, amount in amounts:
            sums[currency] = sums.get(currency, 0.0) + amount
        return " + ".join(
            currency.format(currency.round(amount)) for currency, amount in sums.items()
        )

    # === ACTIONS === #

    def action_confirm(self):
        """Make the debits and put them into batches.

        :return: the action that shows the batches
        :raise UserError: the day has passed, or nothing is to be collected
        """
        self.ensure_one()
        if self.execution_date < self._today():
            raise UserError(
                self.env._("The day of execution has passed: choose a later one.")
            )
        debits, __ = self._plan()
        if not debits:
            raise UserError(
                self.env._(
                    "Nothing is to be collected until %(date)s: see the reasons in the"
                    " list, or choose a later day.",
                    date=format_date(self.env, self.date_until),
                )
            )
        orders, problems = self.env["gym.debit.plan"]._make_each(debits)
        if not orders:
            raise UserError("\n".join(problems))
        action = orders._show_batches(orders._put_into_batches())
        return self._told(problems, action) if problems else action

    def _told(self, problems, action):
        """Say of whom no debit could be made, and go on to the batches."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": "\n".join(problems),
                "next": action,
            },
        }

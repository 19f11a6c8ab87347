from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date, formatLang


class GymDunningActivate(models.TransientModel):
    """What activating a cell would mean, before it is done (S-21 to S-23)."""

    _name = "gym.dunning.activate"
    _description = "Activate Reminders"
    _inherit = ["gym.dialog"]

    activation_id = fields.Many2one(
        "gym.dunning.activation",
        string="Activate",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    policy_id = fields.Many2one(related="activation_id.policy_id")
    currency_id = fields.Many2one(related="activation_id.company_id.currency_id")
    date = fields.Date(
        string="As of",
        required=True,
        default=fields.Date.context_today,
        help="What is overdue is counted as of this day.",
    )
    overdue_count = fields.Integer(
        string="Overdue Items", compute="_compute_overdue", compute_sudo=False
    )
    member_count = fields.Integer(
        string="Members", compute="_compute_overdue", compute_sudo=False
    )
    overdue_amount = fields.Monetary(
        string="Overdue", compute="_compute_overdue", compute_sudo=False
    )
    date_oldest = fields.Date(
        string="Oldest Due Date", compute="_compute_overdue", compute_sudo=False
    )
    ignore_due_before = fields.Date(
        string="Leave Out Everything Due Before",
        compute="_compute_ignore_due_before",
        store=True,
        readonly=False,
        precompute=True,
        help="Items due before this day get no reminder, now and later. Empty:"
        " nothing is left out.",
    )
    keep_reminded = fields.Boolean(
        string="Go On with What Was Reminded",
        compute="_compute_keep_reminded",
        store=True,
        readonly=False,
        precompute=True,
        help="Items due before that day go on to their next level where they have one"
        " already. Off: they are left out, half-way.",
    )
    uncovered_centres = fields.Char(
        string="Reminded No Longer",
        compute="_compute_uncovered_centres",
        help="Centres of this policy that none of its lines reminds, by hand either.",
    )
    remaining_count = fields.Integer(
        string="Remaining Items", compute="_compute_remaining", compute_sudo=False
    )
    remaining_member_count = fields.Integer(
        string="Remaining Members", compute="_compute_remaining", compute_sudo=False
    )
    remaining_amount = fields.Monetary(
        string="Remaining", compute="_compute_remaining", compute_sudo=False
    )
    auto_send = fields.Boolean(
        compute="_compute_auto_send",
        store=True,
        readonly=False,
        precompute=True,
        string="Send Automatically",
        help="Off: somebody generates and sends the reminders by hand.",
    )

    @api.depends("activation_id", "date")
    def _compute_overdue(self):
        for wizard in self:
            count, members, amount, oldest = wizard._figures(Domain.TRUE)
            wizard.overdue_count = count
            wizard.member_count = members
            wizard.overdue_amount = amount
            wizard.date_oldest = oldest

    @api.depends("activation_id", "date", "ignore_due_before", "keep_reminded")
    def _compute_remaining(self):
        for wizard in self:
            count, members, amount, __ = wizard._figures(wizard._kept_domain())
            wizard.remaining_count = count
            wizard.remaining_member_count = members
            wizard.remaining_amount = amount

    @api.depends("activation_id", "date")
    def _compute_ignore_due_before(self):
        for wizard in self:
            # what takes part already is being reminded: nothing of it is dropped
            cell = wizard.activation_id
            wizard.ignore_due_before = (
                cell.ignore_due_before if cell.active else wizard.date
            )

    @api.depends("activation_id")
    def _compute_keep_reminded(self):
        for wizard in self:
            cell = wizard.activation_id
            wizard.keep_reminded = cell.keep_reminded or not cell.active

    @api.depends("activation_id")
    def _compute_uncovered_centres(self):
        for wizard in self:
            cell = wizard.activation_id
            centres = cell.policy_id._uncovered_centres(activating=cell)
            wizard.uncovered_centres = ", ".join(centres.mapped("name"))

    @api.depends("activation_id")
    def _compute_auto_send(self):
        for wizard in self:
            wizard.auto_send = wizard.activation_id.auto_send

    # === ACTIONS === #

    def action_open_items(self):
        """List the overdue items, to deal with or cancel before (S-22, S-23)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_open_item_action"
        )
        name = self.env._("Overdue: %s", self.activation_id.display_name)
        return dict(
            action,
            name=name,
            display_name=name,
            domain=list(self.activation_id._overdue_domain(self.date)),
            context={"dunning_date": fields.Date.to_string(self.date)},
        )

    def action_confirm(self):
        """Activate the cell as chosen, and note who did it with what figures.

        :raise AccessError: only a manager may activate
        """
        self.ensure_one()
        note = self._note()
        self.activation_id.write(
            {
                "active": True,
                "ignore_due_before": self.ignore_due_before,
                "keep_reminded": self.keep_reminded,
                "auto_send": self.auto_send,
            }
        )
        self.policy_id._post_note(note)
        return {"type": "ir.actions.act_window_close"}

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Activate Reminders"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            # for who makes the dialog anew from the action
            "context": {"default_activation_id": self.activation_id.id},
        }

    # === FIGURES === #

    def _figures(self, domain):
        """Return number, members, sum and oldest due date of what is overdue.

        Read as the user: nobody learns about centres that he may not see.
        """
        if not (self.activation_id and self.date):
            return 0, 0, 0.0, False
        items = self.env["gym.open.item"].with_context(dunning_date=self.date)
        [row] = items._read_group(
            self.activation_id._overdue_domain(self.date) & domain,
            [],
            [
                "__count",
                "partner_id:count_distinct",
                "amount_residual_company:sum",
                "date_maturity:min",
            ],
        )
        return row

    def _kept_domain(self):
        if not self.ignore_due_before:
            return Domain.TRUE
        kept = Domain("date_maturity", ">=", self.ignore_due_before)
        return kept | Domain("level_id", "!=", False) if self.keep_reminded else kept

    def _note(self):
        """Return the line that the policy's chatter keeps of this decision."""
        self.ensure_one()
        how = (
            self.env._("sent automatically")
            if self.auto_send
            else self.env._("sent by hand")
        )
        left_out = (
            self.env._(
                "everything due before %s is left out",
                format_date(self.env, self.ignore_due_before),
            )
            if self.ignore_due_before
            else self.env._("nothing is left out")
        )
        return self.env._(
            "%(cell)s was activated, %(how)s. Overdue on %(date)s: %(count)s items of"
            " %(members)s members, %(amount)s; %(left_out)s, %(remaining)s items"
            " remain.",
            cell=self.activation_id.display_name,
            how=how,
            date=format_date(self.env, self.date),
            count=self.overdue_count,
            members=self.member_count,
            amount=formatLang(
                self.env, self.overdue_amount, currency_obj=self.currency_id
            ),
            left_out=left_out,
            remaining=self.remaining_count,
        )

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# Runs and deliveries write them, with superuser rights; people do not.
GUARDED = frozenset(
    {
        "name",
        "run_id",
        "partner_id",
        "member_id",
        "addressee_id",
        "company_id",
        "currency_id",
        "level_id",
        "is_last_level",
        "date",
        "date_due",
        "line_ids",
        "amount_open",
        "amount_credit",
        "amount_fee",
        "amount_total",
        "fee_move_id",
        "state",
        "delivery_state",
        "delivery_channel",
        "delivery_date",
        "delivery_message",
        "warning",
        "member_status_before_id",
        "client_status_before_id",
        "has_changed_client_status",
    }
)


class GymDunningReminder(models.Model):
    """A demand to one debtor of one creditor in one currency.

    `proposed` in an estimate, `issued` by a run, `cancelled` with it. Amounts are
    in `currency_id`, as of `date`.
    """

    _name = "gym.dunning.reminder"
    _description = "Reminder"
    _inherit = ["gym.guarded"]
    _order = "date desc, id desc"

    name = fields.Char(string="Number", copy=False, readonly=True)
    run_id = fields.Many2one("gym.dunning.run", readonly=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    member_id = fields.Many2one(
        "res.partner",
        string="About",
        readonly=True,
        ondelete="restrict",
        index=True,
        help="The person this letter is about: a member who was invoiced as a contact"
        " of a company or a parent, else the debtor.",
    )
    member_number = fields.Char(related="member_id.member_number")
    addressee_id = fields.Many2one(
        "res.partner",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="Guardian, payment contact, invoice address or the member.",
    )
    company_id = fields.Many2one(
        "res.company", string="Centre", required=True, readonly=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    level_id = fields.Many2one(
        "gym.dunning.level", required=True, readonly=True, ondelete="restrict"
    )
    is_last_level = fields.Boolean(readonly=True)
    date = fields.Date(required=True, readonly=True)
    date_due = fields.Date(string="Deadline", required=True, readonly=True)
    line_ids = fields.One2many(
        "gym.dunning.reminder.line", "reminder_id", readonly=True
    )
    amount_open = fields.Monetary(string="Open", readonly=True)
    amount_credit = fields.Monetary(string="Credits", readonly=True)
    amount_fee = fields.Monetary(string="Fee", readonly=True, help="Tax included.")
    amount_total = fields.Monetary(string="Total", readonly=True)
    fee_move_id = fields.Many2one(
        "account.move",
        string="Fee Document",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    state = fields.Selection(
        [("proposed", "Proposed"), ("issued", "Issued"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="proposed",
    )
    delivery_state = fields.Selection(
        [
            ("none", "No Document"),
            ("pending", "To Deliver"),
            ("sent", "Sent"),
            ("printed", "Printed"),
            ("failed", "Failed"),
        ],
        string="Delivery",
        required=True,
        readonly=True,
        default="none",
    )
    warning = fields.Text(readonly=True)
    # access, at the last level
    block_access = fields.Boolean(
        help="Take the member's access away when the selection is confirmed."
    )
    access_granted = fields.Boolean(related="partner_id.access_granted")
    member_status_id = fields.Many2one(related="partner_id.member_status_id")
    member_status_before_id = fields.Many2one(
        "gym.member.status",
        readonly=True,
        help="What the member had before this reminder took the access away.",
    )
    client_status_before_id = fields.Many2one("gym.client.status", readonly=True)
    has_changed_client_status = fields.Boolean(readonly=True)
    payment_reference = fields.Char(compute="_compute_payment_reference")

    # Also for the run alone: every further index is paid for by each of the
    # thousands of rows of an estimate.
    _run_state_idx = models.Index("(run_id, state)")
    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "A reminder number was given twice. Check the sequence of reminders.",
    )

    def _init_column(self, column_name):
        # EXTENDS base: earlier letters were all about their debtor
        if column_name == "member_id":
            self.env.cr.execute(
                SQL("UPDATE gym_dunning_reminder SET member_id = partner_id")
            )
        else:
            super()._init_column(column_name)

    @api.depends("name", "level_id", "state")
    def _compute_display_name(self):
        for reminder in self:
            reminder.display_name = reminder.name or self.env._(
                "%(level)s for %(member)s",
                level=reminder.level_id.name,
                member=reminder.partner_id.display_name,
            )

    @api.depends("name")
    def _compute_payment_reference(self):
        payment = self.env["gym.dunning.payment"]
        for reminder in self:
            reminder.payment_reference = payment._printed_reference(reminder)

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded
        return super()._guarded_fields() | GUARDED

    @api.model
    def _guarded_on_create(self):
        # EXTENDS gym.guarded: runs make reminders, nobody else
        return super()._guarded_on_create() | GUARDED

    @api.model
    def _guarded_hint(self):
        # EXTENDS gym.guarded
        return self.env._("Cancel its run instead.")

    def unlink(self):
        """Thinning out leaves a trace; discarding the whole run does not."""
        if any(reminder.state != "proposed" for reminder in self):
            raise UserError(
                self.env._(
                    "Issued reminders are not deleted. Cancel their run instead."
                )
            )
        self.run_id._check_state("estimated")
        self.run_id._log_by_hand(self)
        return super().unlink()

    def _drop(self):
        """Delete proposals with their run, which tells nothing of them."""
        return super().unlink()

    # === ACTIONS === #

    def action_exclude(self):
        """Take members out of the estimate by hand (thin out)."""
        self.unlink()

    def action_print(self):
        """Print these letters as one PDF; returns the download."""
        return self.env["gym.dunning.letter"]._print_action(self)

    def action_open_partner(self):
        """Open the member."""
        self.ensure_one()
        return self.partner_id._get_records_action(name=self.partner_id.display_name)

    def action_open_document(self):
        """Open the PDF as it was issued; opening it is not delivering it."""
        self.ensure_one()
        # sudo: the layout of a letter is set-up, not data
        return self.level_id.report_id.sudo().report_action(self, config=False)

    # === ACCESS === #

    def _block(self):
        """Take access away from the members of these reminders."""
        for reminder in self:
            status = reminder.run_id.policy_id.last_member_status_id
            partner = reminder.partner_id
            if partner.member_status_id == status:
                continue
            # sudo: the clerk blocks, what stood before is noted by the program
            reminder.sudo().member_status_before_id = partner.member_status_id
            partner._set_member_status(
                status,
                self.env._("Blocked after reminder %s.", reminder.display_name),
            )

    def _set_last_client_status(self):
        """Give all who reached the last level the policy's client status (AMB-12)."""
        for reminder in self.filtered("is_last_level"):
            status = reminder.run_id.policy_id.last_client_status_id
            partner = reminder.partner_id
            if not status or partner.client_status_id == status:
                continue
            # sudo: as for the status of the member
            reminder.sudo().write(
                {
                    "client_status_before_id": partner.client_status_id.id,
                    "has_changed_client_status": True,
                }
            )
            partner.write({"client_status_id": status.id, "client_status_until": False})

    def _restore_statuses(self):
        """Undo the statuses that these reminders set, if they still stand."""
        for reminder in self:
            policy = reminder.run_id.policy_id
            partner = reminder.partner_id
            reason = self.env._("Reminder %s was cancelled.", reminder.display_name)
            if (
                reminder.has_changed_client_status
                and partner.client_status_id == policy.last_client_status_id
            ):
                partner.client_status_id = reminder.client_status_before_id
            before = reminder.member_status_before_id
            if before and partner.member_status_id == policy.last_member_status_id:
                partner._set_member_status(before, reason)

    @api.model
    def _blocking_reminders(self, partners):
        """Return the latest reminder that took access from each blocked member."""
        blocked = partners.filtered(
            lambda partner: partner.member_status_id and not partner.access_granted
        )
        domain = (
            Domain("partner_id", "in", blocked.ids)
            & Domain("member_status_before_id", "!=", False)
            & Domain("state", "=", "issued")
        )
        latest = self.browse()
        for reminder in self.search(domain, order="date desc, id desc"):
            if reminder.partner_id not in latest.partner_id:
                latest |= reminder
        return latest

    def _has_overdue_items(self):
        """Tell whether the member still owes anything late in this gym."""
        self.ensure_one()
        overdue = self.env["gym.open.item"]._read_group(
            Domain("partner_id", "=", self.partner_id.id)
            & Domain("company_id", "child_of", self.company_id.root_id.id)
            & (Domain("days_overdue", ">", 0) | Domain("amount_residual", "<", 0)),
            [],
            ["amount_residual_company:sum"],
        )
        return self.company_id.currency_id.compare_amounts(overdue[0][0] or 0.0, 0) > 0

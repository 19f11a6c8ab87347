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
        "consequence_ids",
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
    consequence_ids = fields.One2many(
        "gym.dunning.consequence",
        "reminder_id",
        string="Statuses Changed",
        readonly=True,
    )
    blocking_member_ids = fields.Many2many(
        "res.partner",
        string="Members Who May Be Blocked",
        compute="_compute_blocking_member_ids",
        compute_sudo=True,  # a centre blocks members whom another registered
        help="Whom the items at the last level are about; who pays for others and is"
        " no member is not among them.",
    )
    blocking_names = fields.Char(
        string="Members",
        compute="_compute_blocking_member_ids",
        compute_sudo=True,
    )
    is_blocking = fields.Boolean(
        compute="_compute_blocking_member_ids",
        search="_search_is_blocking",
        compute_sudo=True,
        help="There is somebody whose access can be taken away.",
    )
    blocking_statuses = fields.Char(
        string="Member Status",
        compute="_compute_access_granted",
        compute_sudo=True,
    )
    access_granted = fields.Boolean(
        compute="_compute_access_granted",
        compute_sudo=True,
        help="One of the members at least still passes the turnstile.",
    )
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
        if column_name != "member_id":
            return super()._init_column(column_name)
        self.env.cr.execute(
            SQL("UPDATE gym_dunning_reminder SET member_id = partner_id")
        )
        return None

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

    # not on the members' statuses: a change of one would look for lines by member
    @api.depends("is_last_level", "line_ids.level_id", "line_ids.member_id")
    def _compute_blocking_member_ids(self):
        for reminder in self:
            at_level = reminder._members_at_level() if reminder.is_last_level else ()
            members = reminder.partner_id.browse(
                [member.id for member in at_level if member.member_status_id]
            )
            reminder.blocking_member_ids = members
            reminder.blocking_names = ", ".join(sorted(members.mapped("display_name")))
            reminder.is_blocking = bool(members)

    @api.model
    def _search_is_blocking(self, operator, value):
        if operator != "in":
            return NotImplemented
        blocking = Domain("is_last_level", "=", True) & Domain(
            "id",
            "in",
            SQL(
                """(SELECT line.reminder_id
                      FROM gym_dunning_reminder_line line
                      JOIN gym_dunning_reminder reminder
                        ON reminder.id = line.reminder_id
                       AND reminder.level_id = line.level_id
                      JOIN res_partner member ON member.id = line.member_id
                     WHERE reminder.is_last_level
                       AND member.member_status_id IS NOT NULL)"""
            ),
        )
        return Domain.OR(blocking if wanted else ~blocking for wanted in value)

    @api.depends("blocking_member_ids")
    def _compute_access_granted(self):
        for reminder in self:
            members = reminder.blocking_member_ids
            reminder.access_granted = any(members.mapped("access_granted"))
            statuses = members.member_status_id.mapped("name")
            reminder.blocking_statuses = ", ".join(statuses)

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

    def _members_at_level(self):
        """Return whom the items that reach the reminder's level are about."""
        reaching = self.line_ids.filtered(
            lambda line: line.level_id == line.reminder_id.level_id
        )
        return reaching.member_id

    def _members_to_block(self):
        """Return who may lose access by these reminders and did not yet."""
        blocked = self.consequence_ids.filtered("member_status_id").member_id
        return (self.blocking_member_ids - blocked).filtered(
            lambda member: (
                member.member_status_id != self.run_id.policy_id.last_member_status_id
            )
        )

    def _block(self, members=None):
        """Take access away from the members whom these reminders are about.

        Who pays without being a member keeps what he or she has.

        :param members: only these of them; None: all
        """
        changes = {}
        for reminder in self.filtered(lambda one: one.state == "issued"):
            status = reminder.run_id.policy_id.last_member_status_id
            reason = self.env._("Blocked after reminder %s.", reminder.display_name)
            for member in reminder._members_to_block():
                if members is None or member in members:
                    changes[reminder, member] = {
                        "member_status_id": status.id,
                        "member_status_before_id": member.member_status_id.id,
                    }
                    member._set_member_status(status, reason)
        self.env["gym.dunning.consequence"]._note(changes)

    def _set_last_client_status(self):
        """Give all who reached the last level the policy's client status (AMB-12)."""
        changes = {}
        for reminder in self.filtered("is_last_level"):
            status = reminder.run_id.policy_id.last_client_status_id
            for member in reminder._members_at_level() if status else ():
                if not member._has_client_status(status, reminder.date):
                    changes[reminder, member] = {
                        "client_status_id": status.id,
                        "client_status_before_id": member.client_status_id.id,
                        "client_status_until_before": member.client_status_until,
                    }
                    member.write(
                        {"client_status_id": status.id, "client_status_until": False}
                    )
        self.env["gym.dunning.consequence"]._note(changes)

    def _restore_statuses(self):
        """Undo the statuses that these reminders set, if they still stand."""
        for reminder in self:
            reason = self.env._("Reminder %s was cancelled.", reminder.display_name)
            reminder.consequence_ids._give_client_status_back()
            reminder.consequence_ids._give_access_back(reason)

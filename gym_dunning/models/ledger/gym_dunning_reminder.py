from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import total

# The program writes them, with superuser rights; people do not.
GUARDED = frozenset(
    {
        "name",
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
        "amount_interest",
        "amount_charges",
        "amount_total",
        "fee_move_id",
        "state",
        "delivery_state",
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
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        readonly=True,
        ondelete="restrict",
        # no index: letters are looked for by whom they are about, and each index is
        # paid for by the thousands of rows of an estimate
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
    amount_fee = fields.Monetary(
        string="Fee",
        readonly=True,
        help="Tax included; for companies the lump sum that takes its place.",
    )
    amount_interest = fields.Monetary(string="Interest", readonly=True)
    amount_charges = fields.Monetary(
        string="Bank Charges",
        readonly=True,
        help="What the bank charged for returned debits.",
    )
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
        # EXTENDS base
        self._check_proposed()
        return super().unlink()

    def _check_proposed(self):
        if any(reminder.state != "proposed" for reminder in self):
            raise UserError(
                self.env._(
                    "Issued reminders cannot be deleted. Cancel their run instead."
                )
            )

    def _costs(self):
        """Return what the reminder claims besides the items, in its currency."""
        self.ensure_one()
        return total([self.amount_fee, self.amount_interest, self.amount_charges])

    def _has_costs(self):
        """Tell whether it claims anything besides; of thousands most do not."""
        return bool(self.amount_fee or self.amount_interest or self.amount_charges)

    def _clearing_names(self):
        """Return the names by which a debtor may pay this reminder; a room that makes
        references of payment adds them."""
        self.ensure_one()
        return [self.name] if self.name else []

    # === ACTIONS === #

    def action_open_partner(self):
        """Open the member."""
        self.ensure_one()
        return self.partner_id._get_records_action(name=self.partner_id.display_name)

    def action_open_document(self):
        """Open the PDF as it was issued; opening it is not delivering it."""
        self.ensure_one()
        # sudo: the layout of a letter is set-up, not data
        return self.level_id.report_id.sudo().report_action(self, config=False)

    def _members_at_level(self):
        """Return whom the items that reach the reminder's level are about."""
        reaching = self.line_ids.filtered(
            lambda line: line.level_id == line.reminder_id.level_id
        )
        return reaching.member_id

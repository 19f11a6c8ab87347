from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_amount

# The dialog gives them to a new hand-over; nobody changes them afterwards.
GIVEN = {"agency_id", "any_level", "company_id", "company_ids", "date", "partner_ids"}
# They follow from the preview, the delivery and the agency's answers.
FOLLOWING = {"message", "name", "state"}
# Lines that are written at once: each takes its holds and its client status.
BATCH_SIZE = 200


class GymAgencyHandover(models.Model):
    """Members handed to a collection agency in one go (M-11 to M-23)."""

    _name = "gym.agency.handover"
    _description = "Hand-Over to the Agency"
    _inherit = ["gym.run.base", "gym.guarded"]
    _list_action = "gym_dunning.gym_agency_handover_action"

    name = fields.Char(string="Posting Number")
    date = fields.Date(string="Hand-Over Date")
    agency_id = fields.Many2one(
        "gym.collection.agency", required=True, readonly=True, ondelete="restrict"
    )
    delivery = fields.Selection(related="agency_id.delivery")
    state = fields.Selection(
        [
            ("estimated", "Preview"),
            ("in_progress", "In Progress"),
            ("done", "Successfully Handed Over"),
            ("partial", "Partly Handed Over"),
            ("failed", "Failed"),
            ("withdrawn", "Taken Back"),
        ],
        default="estimated",
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
        index=True,
    )
    any_level = fields.Boolean(
        string="Regardless of Level",
        readonly=True,
        help="Chosen member by member: late items count even if the last level has "
        "not been reached.",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Only Members",
        readonly=True,
        help="Empty: everybody who passed the last level.",
    )
    line_ids = fields.One2many("gym.agency.handover.line", "handover_id")
    is_waiting = fields.Boolean(
        string="Waits for an Answer",
        compute="_compute_is_waiting",
        help="A line has not been answered by the agency yet.",
    )
    member_count = fields.Integer(compute="_compute_figures", string="Members")
    amount_total = fields.Monetary(
        compute="_compute_figures",
        string="Amount",
        help="Handed over, in the company's currency.",
    )
    amount_recovered = fields.Monetary(
        compute="_compute_now",
        string="Paid to the Agency",
        help="As the agency reports it, in the company's currency.",
    )
    amount_at_agency = fields.Monetary(
        compute="_compute_now",
        string="Still at the Agency",
        help="Excluding what is paid, refused, taken back or written off, in the "
        "company's currency.",
    )
    now_message = fields.Char(compute="_compute_now", string="At the Agency Now")
    message = fields.Text(
        string="Why It Failed", readonly=True, help="What the agency's system said."
    )

    # === COMPUTES === #

    @api.depends("state", "line_ids.selected", "line_ids.amount_company")
    def _compute_figures(self):
        rows = self.env["gym.agency.handover.line"]._read_group(
            Domain("handover_id", "in", self.ids) & Domain("selected", "=", True),
            ["handover_id"],
            ["partner_id:count_distinct", "amount_company:sum", "__count"],
        )
        figures = {handover: rest for handover, *rest in rows}
        for handover in self:
            members, amount, lines = figures.get(handover, (0, 0.0, 0))
            # members of an anonymised hand-over have no name any more
            handover.member_count = members or lines
            handover.amount_total = amount

    @api.depends("state", "line_ids.amount_at_agency", "line_ids.amount_recovered")
    def _compute_now(self):
        for handover in self:
            lines = handover.line_ids.filtered("file_state")
            handover.amount_recovered = lines._sum_in_company("amount_recovered")
            handover.amount_at_agency = lines._sum_in_company("amount_at_agency")
            there = lines.filtered(lambda line: line._is_at_agency())
            handover.now_message = bool(lines) and self.env._(
                "%(now)s of %(all)s members, %(amount)s",
                now=len(there.partner_id),
                all=handover.member_count,
                amount=format_amount(
                    self.env, handover.amount_at_agency, handover.currency_id
                ),
            )

    @api.depends("line_ids.file_state")
    def _compute_is_waiting(self):
        for handover in self:
            handover.is_waiting = bool(handover._waiting_lines())

    def _waiting_lines(self):
        return self.line_ids.filtered(lambda line: line.file_state == "handed_over")

    # === CRUD === #

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded
        return super()._guarded_fields() | GIVEN | FOLLOWING

    @api.model
    def _guarded_on_create(self):
        # EXTENDS gym.guarded
        return super()._guarded_on_create() | FOLLOWING

    @api.model
    def _guarded_hint(self):
        # EXTENDS gym.guarded
        return self.env._(
            "A hand-over is derived from its preview and the agency's answers."
        )

    # === PREVIEW === #

    def _estimate(self):
        """Store a line for each debtor of a centre, in each currency."""
        self.ensure_one()
        self.check_access("write")
        lines = self.env["gym.agency.handover.line"].sudo()  # the preview's own rows
        lines.search([("handover_id", "=", self.id)]).unlink()
        items = self._free_items()
        dates = self.env["gym.agency.list"]._reminder_dates(items)
        lines.create(
            [
                lines._prepare_vals(self, debtor, mine, dates) | {"number": number}
                for number, (debtor, mine) in enumerate(
                    self._by_debtor(items).items(), start=1
                )
            ]
        )
        self.invalidate_recordset()

    def _free_items(self, partners=None):
        """Return what may be handed over now.

        :param partners: only these persons; None: those chosen in the wizard, or all
        """
        chosen = partners or self.partner_ids
        return self.env["gym.agency.list"]._items(
            self.company_ids,
            self.date,
            partners=chosen or None,
            any_level=self.any_level,
            deadline_over=not self.company_id.sudo().root_id.handover_at_once,
        )

    def _by_debtor(self, items):
        groups = defaultdict(items.browse)
        for item in items.sorted(lambda item: (item._person().name or "", item.id)):
            groups[item._person(), item.company_id, item.currency_id] |= item
        return groups

    def _has_proposals(self):
        return bool(self.line_ids)

    def _nobody_message(self):
        if self.partner_ids:
            return self.env._(
                "%s: no late item is free to be handed over. They are paid, held, in "
                "a collection case, or already at the agency.",
                ", ".join(self.partner_ids.mapped("display_name")),
            )
        return self.env._(
            "Nobody in %s has passed the last level with a balance that is free for"
            " collection.",
            self.company_id.name,
        )

    # === ACTIONS === #

    def action_open_lines(self):
        """List the members of this hand-over, to be searched (M-26)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_agency_handover_line_action"
        )
        domain = [("handover_id", "=", self.id), ("file_state", "!=", False)]
        return dict(action, name=self.name, domain=domain, context={})

    def action_select_all(self):
        """Choose everybody whom the agency takes, but minors without a guardian."""
        free = self.line_ids.filtered(
            lambda line: not line.reason and not line.is_minor_alone
        )
        free.selected = True

    def action_select_none(self):
        """Choose nobody."""
        self.line_ids.selected = False

    def action_confirm(self):
        """Note that the agency accepted what was handed to it (AMB-25)."""
        self.check_access("write")
        for handover in self:
            handover._check_state("in_progress", "failed", "partial")
            handover._check_idle()
            waiting = handover._waiting_lines()
            if not waiting:
                raise UserError(
                    self.env._("No line of %s is waiting for an answer.", handover.name)
                )
            waiting._set_file_state("accepted")

    def action_withdraw(self):
        """Take the whole hand-over back: reminders may go on."""
        for handover in self:
            handover._check_state("in_progress", "done", "partial", "failed")
            if not handover._waits_to_send():
                handover._check_idle()
            handover.line_ids.filtered("file_state").action_withdraw()

    def _waits_to_send(self):
        """Tell whether its only job pauses for hours before the next attempt."""
        return False

    def _check_idle(self):
        """Refuse while a background job of the hand-over is at work."""
        if self.process_state in ("pending", "running"):
            raise UserError(
                self.env._("%s is being processed. Please wait.", self.name)
            )

    # === STATES === #

    def _set_state(self, state, message=False):
        """Change the state; nothing else writes it."""
        for handover in self:
            if (handover.state, handover.message) != (state, message):
                # sudo: the agency's answer decides, by whomever it is brought
                handover.sudo().write({"state": state, "message": message})

    def _settle(self):
        """Let the lines' file states decide what became of the hand-over (AMB-25)."""
        for handover in self:
            states = set(handover.line_ids.mapped("file_state")) - {False}
            if not states or handover.state == "estimated":
                continue
            state = self._state_of(states)
            # a delivery that failed has failed until it is tried again
            if not (handover.message and state == "in_progress"):
                handover._set_state(state)

    def _reopen(self):
        """A delivery that failed is tried again."""
        self.filtered(lambda one: one.state == "failed")._set_state("in_progress")

    @api.model
    def _state_of(self, file_states):
        answered = file_states - {"handed_over", "withdrawn"}
        if not answered:
            return "in_progress" if "handed_over" in file_states else "withdrawn"
        if answered == {"refused"} and "handed_over" not in file_states:
            return "failed"
        if "handed_over" in file_states or "refused" in file_states:
            return "partial"
        return "done"

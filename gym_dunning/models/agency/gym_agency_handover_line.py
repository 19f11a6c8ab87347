from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_amount, format_date

FILE_STATES = [
    ("handed_over", "Handed Over"),
    ("accepted", "Accepted"),
    ("in_progress", "In Progress"),
    ("instalments", "Instalments"),
    ("partly_paid", "Partly Paid"),
    ("paid", "Paid"),
    ("unsuccessful", "Unsuccessful"),
    ("withdrawn", "Taken Back"),
    ("refused", "Refused"),
]
# The file is over: nothing more is expected from the agency.
CLOSED = ("paid", "unsuccessful", "withdrawn", "refused")
# A note is read, not scrolled; all members are in the list.
MAX_NAMED = 20
# The items are the gym's again.
RETURNED = ("withdrawn", "refused")


class GymAgencyHandoverLine(models.Model):
    """A member in a hand-over: the claim, its file at the agency (M-24, M-28).

    One per debtor, centre (the creditor) and currency; `amount` is in `currency_id`.
    """

    _name = "gym.agency.handover.line"
    _description = "Member at the Agency"
    _order = "handover_id desc, number"

    handover_id = fields.Many2one(
        "gym.agency.handover",
        string="Hand-Over",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    number = fields.Integer(readonly=True)
    name = fields.Char(
        string="Posting Number",
        compute="_compute_name",
        store=True,
        index=True,
        help="The agency quotes it back.",
    )
    date = fields.Date(related="handover_id.date", store=True, index=True)
    agency_id = fields.Many2one(related="handover_id.agency_id", store=True, index=True)
    handover_state = fields.Selection(
        related="handover_id.state", string="State of the Hand-Over"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Member", readonly=True, ondelete="restrict", index=True
    )
    member_number = fields.Char(related="partner_id.member_number")
    company_id = fields.Many2one(
        "res.company", string="Centre", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(string="Claim", readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount_company = fields.Monetary(
        string="Claim in Company Currency",
        currency_field="company_currency_id",
        compute="_compute_amount_company",
        store=True,
    )
    amount_open = fields.Monetary(
        string="Open Claim",
        compute="_compute_amount_open",
        help="What the books still show of the claim.",
    )
    amount_at_agency = fields.Monetary(
        string="Still at the Agency",
        compute="_compute_amount_at_agency",
        help="What the agency still has to collect: open in the books and not "
        "reported as paid. 0 once the file is closed.",
    )
    age = fields.Integer(
        readonly=True, help="On the day of the hand-over; 0 when unknown."
    )
    is_minor_alone = fields.Boolean(string="Minor without Guardian", readonly=True)
    guardian_names = fields.Char(string="Guardian", compute="_compute_guardian_names")
    selected = fields.Boolean(
        help="Handed over, or to be handed over when the preview is confirmed."
    )
    warning = fields.Text(
        string="To Check", readonly=True, help="What the agency will miss."
    )
    reason = fields.Char(
        readonly=True, help="Why it is not handed over, or what the agency said."
    )
    file_state = fields.Selection(
        FILE_STATES, string="File Status", readonly=True, index=True
    )
    agency_reference = fields.Char(readonly=True)
    date_closed = fields.Date(string="Closed on", readonly=True)
    # The member's status is the hand-over's doing; all such lines of a member know
    # the same former status, whichever of them comes back last.
    has_changed_client_status = fields.Boolean(readonly=True)
    client_status_before_id = fields.Many2one("gym.client.status", readonly=True)
    client_status_until_before = fields.Date(readonly=True)
    claim_ids = fields.One2many(
        "gym.agency.claim", "line_id", string="Items", readonly=True
    )

    # === COMPUTES === #

    @api.depends("handover_id.name", "number")
    def _compute_name(self):
        for line in self:
            line.name = f"{line.handover_id.name}-{line.number:04d}"

    @api.depends("amount", "currency_id", "company_id")
    def _compute_amount_company(self):
        for line in self:
            line.amount_company = line.currency_id._convert(
                line.amount,
                line.company_id.currency_id,
                line.company_id,
                line.handover_id.date,
            )

    @api.depends("claim_ids.move_line_id.amount_residual_currency")
    def _compute_amount_open(self):
        for line in self:
            # sudo: reception and managers of cases see the sum, not the entries
            claims = line.sudo().claim_ids
            line.amount_open = sum(claims.mapped("amount_residual"))

    @api.depends("amount", "amount_open", "amount_recovered", "file_state")
    def _compute_amount_at_agency(self):
        for line in self:
            # what the agency paid out is in both figures, so the lower one counts
            left = min(line.amount_open, line.amount - line.amount_recovered)
            line.amount_at_agency = max(left, 0.0) if line._is_at_agency() else 0.0

    def _sum_in_company(self, name):
        """Return the sum of an amount, at the rate of the hand-over."""
        return sum(
            line.company_currency_id.round(
                line[name] * line.amount_company / line.amount
            )
            for line in self.filtered("amount")
        )

    def _is_at_agency(self):
        """Tell whether an agency works on the file now."""
        return bool(self.file_state) and self.file_state not in CLOSED

    @api.model
    def _at_agency_domain(self):
        return Domain("file_state", "!=", False) & Domain(
            "file_state", "not in", CLOSED
        )

    def _where_message(self):
        """Say for a banner which agencies have these files, since when and how much."""
        files = [
            self.env._(
                "%(agency)s since %(date)s, %(amount)s",
                agency=line.agency_id.display_name,
                date=format_date(self.env, line.date),
                amount=format_amount(self.env, line.amount_at_agency, line.currency_id),
            )
            for line in self
        ]
        return bool(files) and self.env._("At %s.", "; ".join(files))

    @api.depends("partner_id.guardian_ids")
    def _compute_guardian_names(self):
        for line in self:
            guardians = line.partner_id.guardian_ids
            line.guardian_names = ", ".join(guardians.mapped("name"))

    # === CHOOSING === #

    def write(self, vals):
        # EXTENDS base: people choose; all else is written by the hand-over
        if not self.env.su:
            if vals.keys() - {"selected"}:
                raise UserError(
                    self.env._("Lines of a hand-over are selected, not edited.")
                )
            self._check_choice(vals.get("selected"))
        result = super().write(vals)
        if vals.get("selected"):
            self._log_minors()
        return result

    def _check_choice(self, selected):
        self.handover_id._check_state("estimated")
        for line in self:
            if selected and line.reason:
                raise UserError(
                    self.env._(
                        "%(member)s cannot be handed over: %(reason)s",
                        member=line.partner_id.display_name,
                        reason=line.reason,
                    )
                )

    def _log_minors(self):
        """Write into the hand-over who chose a minor nobody answers for (AMB-28)."""
        for line in self.filtered("is_minor_alone"):
            line.handover_id.message_post(
                body=self.env._(
                    "%(member)s, a minor without a legal guardian, was selected by "
                    "%(user)s.",
                    member=line.partner_id.display_name,
                    user=self.env.user.name,
                )
            )

    def action_select(self):
        """Take the members in."""
        self.selected = True

    def action_deselect(self):
        """Leave the members out."""
        self.selected = False

    def action_open_partner(self):
        """Open the member."""
        self.ensure_one()
        return self.partner_id._get_records_action()

    def _to_mend(self):
        """Return what a person opens when the hand-over of a line failed."""
        return self.partner_id

    # === HANDING OVER === #

    def _leave_out(self, reason):
        self.write({"selected": False, "reason": reason})

    def _place_holds(self):
        """Reserve the items: no reminder, no case, no second hand-over (M)."""
        self.env["gym.dunning.hold"].create(
            [
                {
                    "move_line_id": claim.move_line_id.id,
                    "reason": "agency",
                    "note": claim.line_id.name,
                    "res_model": self._name,
                    "res_id": claim.line_id.id,
                }
                for claim in self.claim_ids
            ]
        )
        self.env.flush_all()

    def _mark_members(self):
        """Give the members the status that says where they are.

        Their former one is remembered at all their lines: what is handed over later,
        or in another batch, must not take the agency's status for it.
        """
        status = self.env.ref("gym_dunning.client_status_collection")
        marked = self._marked(self.partner_id).grouped("partner_id")
        for partner, lines in self.grouped("partner_id").items():
            known = marked.get(partner, self.browse())
            if known and partner.client_status_id == status:
                lines.write(known[0]._memory_vals())
            else:
                (lines | known).write(self._prepare_memory_vals(partner))
        self.partner_id.write(
            {"client_status_id": status.id, "client_status_until": False}
        )

    def _prepare_memory_vals(self, partner):
        return {
            "has_changed_client_status": True,
            "client_status_before_id": partner.client_status_id.id,
            "client_status_until_before": partner.client_status_until,
        }

    def _memory_vals(self):
        return {
            "has_changed_client_status": True,
            "client_status_before_id": self.client_status_before_id.id,
            "client_status_until_before": self.client_status_until_before,
        }

    @api.model
    def _marked(self, partners):
        """Return the lines by which these members have their status, of all centres."""
        # sudo: the status is the member's, whichever centre handed him over
        return self.sudo().search(
            Domain("partner_id", "in", partners.ids)
            & Domain("has_changed_client_status", "=", True),
            order="id",
        )

    def _set_file_state(self, state, reason=False):
        """Change where the files stand; nothing else writes it.

        A file that comes back, taken back or refused, frees its items.
        """
        lines = self.sudo()  # the agency's answer decides, by whomever it is brought
        today = fields.Date.context_today(self)
        closed = today if state in CLOSED else False
        lines.write({"file_state": state, "date_closed": closed, "reason": reason})
        if state in RETURNED:
            lines._release()
            lines.handover_id._withdraw_file()
        lines.handover_id._settle()

    def _release(self):
        """Give the items back to the gym, and the members their former status."""
        holds = self.env["gym.dunning.hold"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )
        holds.action_release()
        self._give_statuses_back()

    def _give_statuses_back(self):
        """Undo what hand-overs did to the status of members who are at no agency now.

        A status that a person gave meanwhile stays.
        """
        collection = self.env.ref("gym_dunning.client_status_collection")
        marked = self._marked(self.partner_id - self._elsewhere())
        for partner, lines in marked.grouped("partner_id").items():
            if partner.client_status_id == collection:
                partner.write(lines[0]._former_status_vals())
        marked.has_changed_client_status = False

    def _former_status_vals(self):
        return {
            "client_status_id": self.client_status_before_id.id,
            "client_status_until": self.client_status_until_before,
        }

    def _elsewhere(self):
        """Return which of these members have another file at an agency."""
        others = self.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("id", "not in", self.ids),
                ("file_state", "!=", False),
                ("file_state", "not in", CLOSED),
            ]
        )
        return others.partner_id

    def action_withdraw(self):
        """Take members back from the agency: reminders may go on."""
        self.check_access("write")
        # sudo: the hand-over may be the holding's, its lines are the centre's
        lines = self.sudo().filtered(
            lambda line: line.file_state and line.file_state not in RETURNED
        )
        lines._set_file_state("withdrawn")
        for handover, mine in lines.grouped("handover_id").items():
            handover.message_post(
                body=self.env._(
                    "Taken back from the agency: %s.", mine._named(MAX_NAMED)
                )
            )

    def _named(self, limit):
        """Return members with their numbers, as many as a person reads."""
        names = [
            f"{line.partner_id.display_name} ({line.name})" for line in self[:limit]
        ]
        if more := len(self) - len(names):
            names.append(self.env._("and %s more", more))
        return ", ".join(names)

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ...exceptions import NothingToDo
from ...tools.incoming_mail import own_words

# E-mails are replies; the other kinds come from where members are asked.
KINDS = [
    ("reply", "Reply"),
    ("paid", "Paid Already"),
    ("promise", "Promise"),
    ("dispute", "Dispute"),
    ("address", "New Address"),
    ("mandate", "New Account"),
]
STATES = [("new", "Open"), ("done", "Decided"), ("refused", "Refused")]
OUTCOMES = [
    ("go_on", "Goes On"),
    ("dispute", "Disputed"),
    ("promise", "Promised"),
    ("paid", "Says Paid"),
    ("accepted", "Accepted"),
    ("refused", "Refused"),
]
HOLD_STATES = [
    ("held", "Held"),
    ("over", "Hold Is Over"),
    ("none", "Not Held"),
]
# From where a state may be reached.
MOVES = {"new": ("done", "refused"), "done": ("new",), "refused": ("new",)}
# Of a long e-mail a list shows the beginning.
EXCERPT = 180
# E-mails and buttons write them; people do not.
GUARDED = frozenset(
    {
        "kind",
        "reminder_id",
        "line_ids",
        "said",
        # follow from the reminder, and say who sees the answer
        "company_id",
        "partner_id",
        "member_id",
        "policy_id",
        "message_ids",
        "date",
        "date_hold_end",
        "state",
        "outcome",
        "outcome_text",
        "outcome_user_id",
        "outcome_date",
        "dispute_hold_ids",
        "res_model",
        "res_id",
    }
)


class GymMemberAnswer(models.Model):
    """What a member wrote back to a reminder, or told us unasked, and what was decided.

    A reminder has one open answer at most: further e-mails join it. Its items are held
    (reason `answer`) until somebody decides, or until the hold ends by itself. Amounts
    are in `currency_id`, as the ledger says them now.

    An answer to no reminder is given its debtor, centre and journal items by whoever
    makes it.
    """

    _name = "gym.member.answer"
    _description = "Answer of a Member"
    _inherit = ["gym.guarded"]
    _order = "date desc, id desc"

    kind = fields.Selection(
        KINDS, default="reply", required=True, readonly=True, index=True
    )
    reminder_id = fields.Many2one(
        "gym.dunning.reminder", readonly=True, ondelete="cascade", index=True
    )
    line_ids = fields.Many2many(
        "account.move.line",
        string="Journal Items",
        readonly=True,
        help="What an answer to no reminder is about.",
    )
    # of a reminder's answer the reminder says them; else who made the answer
    company_id = fields.Many2one(
        "res.company",
        string="Centre",
        compute="_compute_reminder_says",
        store=True,
        precompute=True,
        readonly=False,  # who makes the answer gives it; nobody else, see `GUARDED`
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        compute="_compute_reminder_says",
        store=True,
        precompute=True,
        readonly=False,  # who makes the answer gives it; nobody else, see `GUARDED`
        index=True,
    )
    member_id = fields.Many2one(
        "res.partner",
        string="About",
        compute="_compute_reminder_says",
        store=True,
        precompute=True,
        readonly=False,  # who makes the answer gives it; nobody else, see `GUARDED`
        index=True,
    )
    policy_id = fields.Many2one(
        "gym.dunning.policy",
        compute="_compute_policy_id",
        store=True,
        precompute=True,
        readonly=False,  # who makes the answer gives it; nobody else, see `GUARDED`
    )
    member_number = fields.Char(related="member_id.member_number")
    level_id = fields.Many2one(related="reminder_id.level_id")
    reminder_state = fields.Selection(
        related="reminder_id.state", string="State of the Reminder"
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", compute_sudo=True
    )
    state = fields.Selection(STATES, default="new", required=True, readonly=True)

    # what they wrote
    date = fields.Datetime(string="Received on", required=True, readonly=True)
    message_ids = fields.Many2many(
        "mail.message", string="E-Mails", readonly=True, copy=False
    )
    said = fields.Text(
        string="What They Entered",
        readonly=True,
        help="In a form, where no e-mail says it.",
    )
    sender = fields.Char(compute="_compute_text")
    text = fields.Text(compute="_compute_text", help="Without what they quote.")
    excerpt = fields.Text(string="Answer", compute="_compute_text")
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Attachments", compute="_compute_attachment_ids"
    )

    # what it is about
    item_ids = fields.Many2many(
        "gym.open.item", string="Open Items", compute="_compute_item_ids"
    )
    amount_open = fields.Monetary(string="Open", compute="_compute_amount_open")
    hold_until = fields.Date(string="Held until", compute="_compute_hold")
    hold_state = fields.Selection(
        HOLD_STATES, string="Hold", compute="_compute_hold", search="_search_hold_state"
    )
    date_hold_end = fields.Date(
        string="Hold Ends",
        readonly=True,
        help="When the hold of the answer ends by itself; decisions may prolong it.",
    )

    # what was decided
    outcome = fields.Selection(OUTCOMES, readonly=True)
    outcome_text = fields.Char(string="Decision", readonly=True)
    outcome_user_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    outcome_date = fields.Datetime(string="Decided on", readonly=True)
    dispute_hold_ids = fields.Many2many(
        "gym.dunning.hold", string="Disputes", readonly=True
    )
    res_model = fields.Char(string="Taken Over by Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Taken Over by", model_field="res_model", readonly=True
    )

    _one_open = models.UniqueIndex(
        "(reminder_id) WHERE state = 'new'",
        "This reminder was answered at the same moment. Read the list again.",
    )

    _says_whose = models.Constraint(
        "CHECK (company_id IS NOT NULL AND partner_id IS NOT NULL)",
        "An answer needs a centre and a debtor.",
    )

    @api.depends(
        "reminder_id.company_id", "reminder_id.partner_id", "reminder_id.member_id"
    )
    def _compute_reminder_says(self):
        for answer in self:
            says = answer.reminder_id or answer
            answer.company_id = says.company_id
            answer.partner_id = says.partner_id
            answer.member_id = says.member_id

    @api.depends("reminder_id.level_id.policy_id")
    def _compute_policy_id(self):
        for answer in self:
            level = answer.reminder_id.level_id
            answer.policy_id = level.policy_id if level else answer.policy_id

    @api.depends("reminder_id", "line_ids", "company_id")
    def _compute_currency_id(self):
        for answer in self:
            answer.currency_id = (
                answer.reminder_id.currency_id
                or answer.line_ids.currency_id[:1]
                or answer.company_id.currency_id
            )

    @api.depends("reminder_id", "kind", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for answer in self:
            answer.display_name = (
                self.env._("Answer to %s", answer.reminder_id.display_name)
                if answer.reminder_id
                else self.env._(
                    "%(kind)s of %(member)s",
                    kind=kinds[answer.kind],
                    member=(answer.member_id or answer.partner_id).display_name,
                )
            )

    @api.depends("message_ids", "said")
    def _compute_text(self):
        # sudo: who reads the answer reads its e-mails, which stand at the reminder
        for answer, messages in zip(self, self._messages(), strict=True):
            texts = [own_words(message.body) for message in messages]
            answer.sender = messages[-1:].email_from
            answer.text = answer._dated(messages, texts) or answer.said
            answer.excerpt = _shortened(texts[-1] if texts else answer.said or "")

    def _messages(self):
        """Yield the e-mails of each answer, the latest last.

        :raise AccessError: one of the answers may not be read
        """
        self.check_access("read")
        # sudo: as above
        for answer in self.sudo():
            yield answer.message_ids.sorted(lambda message: (message.date, message.id))

    def _dated(self, messages, texts):
        """Return all that was written, the latest first; of several with their days."""
        if len(texts) < 2:
            return "".join(texts)
        return "\n\n".join(
            f"{format_date(self.env, message.date)}\n{text}"
            for message, text in reversed(list(zip(messages, texts, strict=True)))
        )

    @api.depends("message_ids")
    def _compute_attachment_ids(self):
        for answer, messages in zip(self, self._messages(), strict=True):
            answer.attachment_ids = messages.attachment_ids.sudo(False)

    # === ITEMS === #

    @api.depends("reminder_id", "line_ids")
    @api.depends_context("dunning_date")
    def _compute_item_ids(self):
        for answer, items in self._open_items().items():
            answer.item_ids = items

    # apart from the items: a list asks for the sum alone, and need not know whether
    # each of them may be read
    @api.depends("reminder_id", "line_ids")
    @api.depends_context("dunning_date")
    def _compute_amount_open(self):
        for answer, items in self._open_items().items():
            answer.amount_open = sum(items.mapped("amount_residual"))

    def _open_items(self):
        """Return what is open of what each answer is about, read at once.

        :raise AccessError: one of the answers may not be read
        """
        self.check_access("read")
        claimed = {answer: answer._lines_about() for answer in self}
        every = self.env["account.move.line"].union(*claimed.values())
        ledger = self.env["gym.open.item"].with_context(dunning_date=self._day())
        found = ledger.search_fetch(
            Domain("id", "in", every.ids), ["amount_residual", "company_id"]
        )
        known = set(found.ids)
        return {
            answer: found.browse(id for id in lines.ids if id in known).with_prefetch(
                found.ids
            )
            for answer, lines in claimed.items()
        }

    def _lines_about(self):
        """Return the journal items that the answer is about."""
        self.ensure_one()
        if self.reminder_id:
            return self.reminder_id._claimed_lines()
        # sudo: which of them may be seen the ledger says
        return self.sudo().line_ids.sudo(False)

    def _subject(self):
        """Return what the answer is about, for sentences: the reminder, else itself."""
        self.ensure_one()
        return (self.reminder_id or self).display_name

    def _look_again(self):
        """Forget what was open a moment ago: it may be paid since."""
        self.invalidate_recordset(["item_ids", "amount_open"])

    def _day(self):
        """Return the day that counts: the context's, else the one it is in the gym,
        whoever looks; of several answers the first one's."""
        date = self.env.context.get("dunning_date")
        centre = self.company_id[:1] or self.env.company
        return fields.Date.to_date(date) or centre._gym_today()

    # === GATES === #

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded
        return super()._guarded_fields() | GUARDED

    @api.model
    def _guarded_on_create(self):
        # EXTENDS gym.guarded: members make answers, nobody else
        return super()._guarded_on_create() | GUARDED

    def _set_state(self, state, **vals):
        """Write the state: the one gate, with whatever was decided."""
        self._check_state(*MOVES[state])
        # sudo: this is the gate; nobody writes the state by hand
        self.sudo().write({"state": state, **vals})

    def _check_state(self, *states):
        for answer in self:
            if answer.state not in states:
                raise NothingToDo(answer._state_error())

    def _state_error(self):
        if self.state == "new":
            return self.env._(
                "%s is open: there is nothing to take back.", self.display_name
            )
        return self.env._(
            "%(answer)s is decided already: %(decision)s Take that back first.",
            answer=self.display_name,
            decision=self.outcome_text,
        )

    def _add(self, message):
        """Take one more e-mail, of a reminder that may be answered already."""
        self.ensure_one()
        self.write({"message_ids": [Command.link(message.id)], "date": message.date})


def _shortened(text):
    """Return the beginning of a text in one line."""
    words = " ".join(text.split())
    return words if len(words) <= EXCERPT else f"{words[:EXCERPT].rstrip()} …"

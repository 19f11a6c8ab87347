from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ...exceptions import NothingToDo
from ...tools.incoming_mail import own_words

STATES = [("new", "Open"), ("done", "Decided")]
OUTCOMES = [
    ("go_on", "Goes On"),
    ("dispute", "Disputed"),
    ("promise", "Promised"),
    ("paid", "Says Paid"),
]
HOLD_STATES = [
    ("held", "Held"),
    ("over", "Hold Is Over"),
    ("none", "Not Held"),
]
# From where a state may be reached.
MOVES = {"new": "done", "done": "new"}
# Of a long e-mail a list shows the beginning.
EXCERPT = 180
# E-mails and buttons write them; people do not.
GUARDED = frozenset(
    {
        "reminder_id",
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
    """What a member wrote back to a reminder, and what was decided about it.

    A reminder has one open answer at most: further e-mails join it. Its items are held
    (reason `answer`) until somebody decides, or until the hold ends by itself. Amounts
    are in `currency_id`, as the ledger says them now.
    """

    _name = "gym.member.answer"
    _description = "Answer of a Member"
    _inherit = ["gym.guarded"]
    _order = "date desc, id desc"

    reminder_id = fields.Many2one(
        "gym.dunning.reminder",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="reminder_id.company_id", string="Centre", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="reminder_id.partner_id", string="Member", store=True, index=True
    )
    member_id = fields.Many2one(
        related="reminder_id.member_id", string="About", store=True, index=True
    )
    member_number = fields.Char(related="member_id.member_number")
    policy_id = fields.Many2one(related="reminder_id.level_id.policy_id", store=True)
    level_id = fields.Many2one(related="reminder_id.level_id")
    reminder_state = fields.Selection(
        related="reminder_id.state", string="State of the Reminder"
    )
    currency_id = fields.Many2one(related="reminder_id.currency_id")
    state = fields.Selection(STATES, default="new", required=True, readonly=True)

    # what they wrote
    date = fields.Datetime(string="Received on", required=True, readonly=True)
    message_ids = fields.Many2many(
        "mail.message", string="E-Mails", readonly=True, copy=False
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

    @api.depends("reminder_id")
    def _compute_display_name(self):
        for answer in self:
            answer.display_name = self.env._(
                "Answer to %s", answer.reminder_id.display_name
            )

    @api.depends("message_ids")
    def _compute_text(self):
        # sudo: who reads the answer reads its e-mails, which stand at the reminder
        for answer, messages in zip(self, self._messages(), strict=True):
            texts = [own_words(message.body) for message in messages]
            answer.sender = messages[-1:].email_from
            answer.text = answer._dated(messages, texts)
            answer.excerpt = _shortened(texts[-1] if texts else "")

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

    @api.depends("reminder_id")
    @api.depends_context("dunning_date")
    def _compute_item_ids(self):
        for answer, items in self._open_items().items():
            answer.item_ids = items

    # apart from the items: a list asks for the sum alone, and need not know whether
    # each of them may be read
    @api.depends("reminder_id")
    @api.depends_context("dunning_date")
    def _compute_amount_open(self):
        for answer, items in self._open_items().items():
            answer.amount_open = sum(items.mapped("amount_residual"))

    def _open_items(self):
        """Return what is open of each answer's reminder, read at once.

        :raise AccessError: one of the answers may not be read
        """
        self.check_access("read")
        claimed = {answer: answer.reminder_id._claimed_lines() for answer in self}
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
        # EXTENDS gym.guarded: e-mails make answers, nobody else
        return super()._guarded_on_create() | GUARDED

    def _set_state(self, state, **vals):
        """Write the state: the one gate, with whatever was decided."""
        self._check_state(MOVES[state])
        # sudo: this is the gate; nobody writes the state by hand
        self.sudo().write({"state": state, **vals})

    def _check_state(self, state):
        for answer in self:
            if answer.state != state:
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

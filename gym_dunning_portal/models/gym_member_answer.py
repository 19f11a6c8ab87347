from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from odoo.addons.gym_dunning.exceptions import NothingToDo

from .evidence import MAX_BROWSER

# What was there when the member answered: written once.
EVIDENCE = frozenset(
    {
        "viewer_id",
        "evidence_date",
        "evidence_ip",
        "evidence_browser",
        "evidence_text",
    }
)
GUARDED = EVIDENCE | {
    "page_key",
    "activity_id",
    "reply_text",
    "reply_date",
}
# So many answers of one person in a day are more than anybody needs.
MAX_PER_DAY = 20


class GymMemberAnswer(models.Model):
    """What a member answers on the page: with evidence, held until somebody decides."""

    _inherit = "gym.member.answer"

    viewer_id = fields.Many2one(
        "res.partner",
        string="Given by",
        readonly=True,
        index="btree_not_null",
        help="Whose page it was: the member, a guardian, or who pays.",
    )

    # evidence
    evidence_date = fields.Datetime(string="Given on", readonly=True)
    evidence_ip = fields.Char(string="IP Address", readonly=True)
    evidence_browser = fields.Char(string="Browser", readonly=True)
    evidence_text = fields.Text(
        string="What the Page Showed",
        readonly=True,
        help="The text above the button, as the member read it.",
    )
    page_key = fields.Char(readonly=True, copy=False)

    # what follows
    activity_id = fields.Many2one(
        "mail.activity", string="Task", readonly=True, ondelete="set null"
    )
    reply_text = fields.Text(string="What We Answered", readonly=True)
    reply_date = fields.Datetime(string="Answered on", readonly=True)

    _once_per_form = models.UniqueIndex(
        "(page_key) WHERE page_key IS NOT NULL",
        "This was sent already.",
    )

    # === GATES === #

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded
        return super()._guarded_fields() | GUARDED

    @api.model
    def _guarded_on_create(self):
        # EXTENDS gym.guarded
        return super()._guarded_on_create() | GUARDED

    def write(self, vals):
        # EXTENDS base: not even the program changes evidence
        if not EVIDENCE.isdisjoint(vals):
            for answer in self:
                if answer.evidence_date:
                    raise UserError(
                        self.env._(
                            "%s: the evidence stays what it was.", answer.display_name
                        )
                    )
        return super().write(vals)

    # === TAKING === #

    @api.model
    def _of_office(self, visit):
        """Return this model as the program uses it for a visitor, in the office's
        language."""
        # sudo: the visitor has no rights; what he sent is checked by the caller
        lang = visit.company.partner_id.lang or self.env.lang
        office = self.with_user(SUPERUSER_ID).sudo()
        return office.with_context(lang=lang, gym_by_member=True)

    @api.model
    def _take(self, visit, kind, evidence, debtor, lines=None, files=(), **vals):
        """Put what a member sent on the page into the list of answers.

        :param visit: whose page it is
        :param evidence: the `Evidence`
        :param debtor: the pair of who owes, and whom it is about
        :param lines: the journal items that it is about
        :param files: list of `File`
        :return: the answer, open and holding nothing yet
        :raise UserError: the person has sent too much today
        """
        self._check_rate(visit)
        partner, member = debtor
        now = fields.Datetime.now()
        answer = self._of_office(visit).create(
            {
                "kind": kind,
                "company_id": visit.company.id,
                "partner_id": partner.id,
                "member_id": member.id,
                "line_ids": [Command.set(lines.ids if lines else [])],
                "date": now,
                "viewer_id": visit.viewer.id,
                "evidence_date": now,
                "evidence_ip": evidence.ip,
                "evidence_browser": (evidence.browser or "")[:MAX_BROWSER],
                "evidence_text": evidence.text,
                **vals,
            }
        )
        answer._attach(files)
        return answer

    @api.model
    def _check_rate(self, visit):
        # sudo: counts, and shows nothing
        recent = self.sudo().search_count(
            Domain("viewer_id", "=", visit.viewer.id)
            & Domain("evidence_date", ">", fields.Datetime.now() - timedelta(days=1))
        )
        if recent >= MAX_PER_DAY:
            raise UserError(
                self.env._(
                    "You have sent us a lot today. Please try again tomorrow, or call"
                    " us."
                )
            )

    @api.model
    def _check_new_form(self, evidence):
        """A form that is posted twice, by a double click, is one answer.

        :raise NothingToDo: this form has arrived
        """
        # sudo: tells whether there is one
        if self.sudo().search_count([("page_key", "=like", f"{evidence.key}-%")]):
            raise NothingToDo(self._sent_already())

    @api.model
    def _sent_already(self):
        return self.env._("We have this already. You need not send it again.")

    def _attach(self, files):
        self.env["ir.attachment"].create(
            [
                {
                    "name": file.name,
                    "raw": file.content,
                    "mimetype": file.mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for file in files
            ]
        )

    @api.depends("message_ids")
    def _compute_attachment_ids(self):
        # EXTENDS gym_dunning: what came by the page hangs at the answer itself
        result = super()._compute_attachment_ids()
        attached = self.env["ir.attachment"]._read_group(
            Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids),
            ["res_id"],
            ["id:recordset"],
        )
        of_page = dict(attached)
        for answer in self:
            answer.attachment_ids |= of_page.get(answer.id, answer.attachment_ids)
        return result

    # === ABOUT WHAT === #

    @api.model
    def _groups(self, items):
        """Return these items by debtor, person, currency and case: one answer each."""
        return items.grouped(
            lambda item: (
                item.partner_id,
                item.member_id,
                item.currency_id,
                item.case_id,
            )
        )

    @api.model
    def _before(self, items, kind, open_only=False):
        """Return the page's earlier answers of a kind about these items."""
        earlier = Domain("kind", "=", kind) & Domain("evidence_date", "!=", False)
        if open_only:
            earlier &= Domain("state", "=", "new")
        # sudo: the page tells its visitor what he himself said
        return self.sudo().search(
            earlier & Domain("line_ids", "in", items.move_line_id.ids)
        )

    @api.model
    def _not_told(self, items, kind):
        """Return those items of which no answer of this kind is open."""
        told = self._before(items, kind, open_only=True).line_ids
        return items.filtered(lambda item: item.move_line_id not in told)

    def _stop_the_clock_once(self):
        """Hold the items until somebody decides; of what was decided once, no more:
        saying the same again stops no reminders."""
        self.ensure_one()
        earlier = self._before(self.item_ids, self.kind) - self
        if not earlier.filtered(lambda one: one.state != "new"):
            self._stop_the_clock()

    def _undo_proposal(self):
        """Take away what waited for a yes; kinds add theirs."""

    # === TASK === #

    def _plan_task(self, summary):
        """Leave the responsible a task at the member."""
        self.ensure_one()
        person = self.policy_id.sudo().responsible_id._gym_first_present()
        member = self.member_id or self.partner_id
        self.activity_id = member.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            # the reception sees the member's activities: the answer says the rest
            note=self._get_html_link(),
            user_id=person.id,
        )

    def _set_state(self, state, **vals):
        # EXTENDS gym_dunning: what is decided is no task any more
        result = super()._set_state(state, **vals)
        if state != "new":
            # sudo: a task of whoever is responsible
            self.sudo().activity_id.action_feedback()
        return result

    # === NOTES === #

    def _note_values(self, text):
        # EXTENDS gym_dunning: what follows by itself the member wrote
        values = super()._note_values(text)
        if self.env.context.get("gym_by_member") and self.viewer_id:
            values["author_id"] = self.viewer_id.id
        return values

    def _addressee(self):
        # EXTENDS gym_dunning
        return self.viewer_id or super()._addressee()

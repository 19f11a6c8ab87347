from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.evidence import MAX_TEXT, limited


class GymMemberAnswerReply(models.TransientModel):
    """Accept or refuse what a member sent, with a text that goes back to him."""

    _name = "gym.member.answer.reply"
    _description = "Answer a Member"
    _inherit = ["gym.dialog"]

    answer_id = fields.Many2one(
        "gym.member.answer", required=True, readonly=True, ondelete="cascade"
    )
    # not with superuser rights: a dialog can be opened for any answer, by its id
    kind = fields.Selection(related="answer_id.kind", related_sudo=False)
    said = fields.Text(related="answer_id.text", related_sudo=False)
    outcome = fields.Selection(
        [("accept", "Accept"), ("refuse", "Refuse")],
        required=True,
        default="accept",
    )
    text = fields.Text(
        string="To the Member",
        compute="_compute_text",
        store=True,
        readonly=False,
        help="Sent by e-mail where the member has an address; it stands on the page, too.",
    )
    has_email = fields.Boolean(compute="_compute_has_email", compute_sudo=False)

    @api.depends("outcome", "answer_id")
    def _compute_text(self):
        for wizard in self:
            answer = wizard.answer_id
            sentence = answer._in_members_language()._accepted_sentence()
            wizard.text = wizard.outcome == "accept" and sentence

    @api.depends("answer_id")
    def _compute_has_email(self):
        for wizard in self:
            # sudo: whether there is an address, whoever may read the contact
            wizard.has_email = bool(wizard.answer_id.viewer_id.sudo().email)

    def action_confirm(self):
        """Decide, tell the member, and say what that did.

        :raise UserError: it is refused without a word to the member
        """
        self.ensure_one()
        answer = self.answer_id
        answer.check_access("write")
        text = limited(self.text, MAX_TEXT)
        if self.outcome == "refuse" and not text:
            raise UserError(
                self.env._(
                    "%s: tell the member why it is refused.", answer.display_name
                )
            )
        if self.outcome == "accept":
            answer._check_state("new")
            answer._accept(text)
        else:
            answer._refuse(text)
        return answer._told()

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

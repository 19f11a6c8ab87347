from datetime import timedelta

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError

DEFAULT_DAYS = 7
# Nothing about money: it is accepted or refused, and nothing else.
PROPOSALS = ("address", "mandate")


class GymMemberAnswer(models.Model):
    """What the office answers: one click accepts; a refusal says why. Both go back to
    the member by e-mail, and stand on the page."""

    _inherit = "gym.member.answer"

    # === ACTIONS === #

    def action_done(self):
        """Accept what the member sent: wait for the money, dispute the item, write the
        address, or use the new account.

        :return: a message that says what that did
        :raise UserError: one of them is decided already
        """
        self.check_access("write")
        for answer in self:
            answer._check_state("new")
            answer._accept()
        return self._told()

    def action_refuse(self):
        """Open the dialog that refuses, with a text for the member.

        :raise UserError: it is decided already
        """
        return self._ask_reply("refuse")

    def action_answer(self):
        """Open the dialog that accepts or refuses with a text for the member.

        :raise UserError: it is decided already
        """
        return self._ask_reply("accept")

    def _check_goes_on(self):
        # EXTENDS gym_dunning: a proposal is accepted or refused
        if self.kind in PROPOSALS:
            raise UserError(
                self.env._(
                    "%s waits for a yes or no: press Accept or Refuse.",
                    self.display_name,
                )
            )
        return super()._check_goes_on()

    def _ask_reply(self, outcome):
        self.ensure_one()
        self.check_access("write")
        self._check_state("new")
        wizard = self.env["gym.member.answer.reply"].create(
            {"answer_id": self.id, "outcome": outcome}
        )
        return wizard._action_open()

    # === OUTCOMES === #

    def _accept(self, text=""):
        """Do what the member wants, and tell him.

        :param text: to the member; empty: the usual sentence
        """
        self.ensure_one()
        sentence = self._in_members_language()._accepted_sentence()
        getattr(self, f"_accept_{self.kind}", self._accept_reply)()
        self._answer_back(text or sentence)

    def _accept_reply(self):
        raise UserError(
            self.env._(
                "%s is a letter of its own: press Go On, Dispute, Promise or Paid.",
                self.display_name,
            )
        )

    def _accept_promise(self):
        self._promise(self.amount_open, self.promised_date)

    def _accept_paid(self):
        days = self.policy_id.answer_hold_days or DEFAULT_DAYS
        until = self._day() + timedelta(days=days)
        self._wait_for_payment(max(filter(None, (until, self.date_hold_end))))

    def _accept_dispute(self):
        self._dispute(self.said and self.said.replace("\n", " "), False)

    def _accepted_sentence(self):
        """Return what the member is told, in his language."""
        return {
            "paid": self.env._(
                "Thank you. We are waiting for your payment to reach our bank account."
            ),
            "promise": self.env._("Thank you. We are waiting until the day you named."),
            "dispute": self.env._(
                "Thank you for telling us. We are clearing this up, and do not remind"
                " you of it until then."
            ),
            "address": self.env._("Thank you. We have noted your new details."),
            "mandate": self.env._("Thank you. We use your new account from now on."),
        }.get(self.kind, "")

    def _refuse(self, text):
        """Say no, and why; what is open is reminded again.

        :param text: to the member
        """
        self.ensure_one()
        self._check_state("new")
        self._release()
        self._undo_proposal()
        self._decide("refused", self._refused_text(), text, state="refused")
        self._answer_back(text)

    def _refused_text(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._("Refused: %s.", kinds[self.kind])

    # === BACK TO THE MEMBER === #

    def _in_members_language(self):
        lang = self.viewer_id.sudo().lang or self.partner_id.sudo().lang
        return self.with_context(lang=lang) if lang else self

    def _answer_back(self, text, attachments=()):
        """Keep what we answer for the page, and send it by e-mail where there is an
        address; the conversation is readable by who may read of debts."""
        # sudo: a guarded field, written by its gate
        self.sudo().write({"reply_text": text, "reply_date": fields.Datetime.now()})
        self._mail_member(
            self._in_members_language()._reply_subject(), text, attachments
        )

    def _reply_subject(self):
        # sudo: what the centre is called
        return self.env._("Your message to %s", self.company_id.sudo().name)

    def _mail_member(self, subject, text, attachments=()):
        # sudo: whoever decides may not write to the member's record
        viewer = self._in_members_language().viewer_id.sudo()
        company = self.company_id.sudo()
        if not viewer.email:
            return
        viewer.with_company(company).message_post(
            subject=subject,
            body=self._in_members_language()._mail_body(viewer, text),
            partner_ids=viewer.ids,
            attachment_ids=[one.id for one in attachments],
            message_type="comment",
            subtype_xmlid="gym_dunning.mt_debts",
            email_layout_xmlid="mail.mail_notification_light",
            **self._from_company(company),
        )

    @api.model
    def _mail_body(self, viewer, text):
        hello = self.env._("Hello %s,", viewer._name_on_letter())
        paragraphs = [hello, *text.split("\n\n")]
        return Markup("").join(
            Markup("<p>%s</p>") % escape(one).replace("\n", Markup("<br/>"))
            for one in filter(None, paragraphs)
        )

    @api.model
    def _from_company(self, company):
        """Return the sender of what we answer: the centre, not the clerk."""
        partner = company.partner_id
        email = partner.email_formatted if partner.email else None
        return {"email_from": email, "author_id": partner.id} if email else {}

    # === TAKING BACK === #

    def _reopen_refusal(self):
        # EXTENDS gym_dunning
        if self.outcome == "accepted":
            return self._accepted_stays()
        return super()._reopen_refusal()

    def _accepted_stays(self):
        return self.env._(
            "%s was accepted, and the member was told. Change it in the member's"
            " record.",
            self.display_name,
        )

    def _nothing_decided(self):
        # EXTENDS gym_dunning
        return {**super()._nothing_decided(), "reply_text": False, "reply_date": False}

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from odoo.addons.gym_dunning.exceptions import NothingToDo

from .evidence import MAX_LINE, limited

# What a member may propose to change.
PROPOSED = ("email", "phone", "street", "street2", "zip", "city", "country_id")


class GymMemberAnswer(models.Model):
    """A new address or e-mail: proposed by the member, written when a person accepts."""

    _inherit = "gym.member.answer"

    proposal = fields.Json(readonly=True, help="Names of fields and their new values.")
    before = fields.Json(readonly=True, help="What stood there when it was accepted.")
    change_text = fields.Text(
        string="Change", compute="_compute_change_text", help="Before and after."
    )

    @api.model
    def _guarded_fields(self):
        # EXTENDS gym.guarded
        return super()._guarded_fields() | {"proposal", "before"}

    @api.model
    def _guarded_on_create(self):
        # EXTENDS gym.guarded
        return super()._guarded_on_create() | {"proposal", "before"}

    @api.depends("proposal", "before", *(f"viewer_id.{name}" for name in PROPOSED))
    @api.depends_context("lang")
    def _compute_change_text(self):
        for answer in self:
            # sudo: who reads the answer reads what it changes
            person = answer.viewer_id.sudo()
            before = answer.before or _values(person)
            answer.change_text = "\n".join(
                answer._change_line(name, before.get(name), value)
                for name, value in (answer.proposal or {}).items()
            )

    def _change_line(self, name, before, after):
        label = self.env["res.partner"]._fields[name]._description_string(self.env)
        return self.env._(
            "%(field)s: %(before)s → %(after)s",
            field=label,
            before=self._shown(name, before),
            after=self._shown(name, after),
        )

    def _shown(self, name, value):
        if name == "country_id" and value:
            value = self.env["res.country"].browse(value).exists().name
        return value or "–"

    # === TAKING === #

    @api.model
    def _take_address(self, visit, values, evidence):
        """Take what the viewer wants to change of his address, e-mail or phone.

        :param values: raw texts by name of `PROPOSED`
        :return: the answer
        :raise UserError: nothing is different, or the e-mail is none
        """
        self._check_new_form(evidence)
        now = _values(visit.viewer)
        cleaned = self._cleaned(values)
        proposal = {
            name: value for name, value in cleaned.items() if value != now[name]
        }
        if not proposal:
            raise NothingToDo(self.env._("We have it like that already."))
        self._replace_earlier(visit, "address")
        office = self._of_office(visit)
        answer = self._take(
            visit,
            "address",
            evidence,
            (visit.viewer.commercial_partner_id, visit.viewer),
            page_key=f"{evidence.key}-address",
            policy_id=self.env["gym.page"]._policy(visit).id,
            proposal=proposal,
            said="\n".join(
                office._change_line(name, now[name], value)
                for name, value in proposal.items()
            ),
        )
        answer._plan_task(answer.env._("New address or e-mail: accept"))
        return answer

    def _cleaned(self, values):
        cleaned = {
            name: limited(values.get(name), MAX_LINE) or False
            for name in PROPOSED
            if name in values
        }
        if "email" in cleaned:
            cleaned["email"] = self._checked_email(cleaned["email"])
        if "country_id" in cleaned:
            cleaned["country_id"] = self._checked_country(cleaned["country_id"])
        return cleaned

    def _checked_email(self, email):
        if email and not email_normalize(email):
            raise UserError(
                self.env._("%s is no e-mail address. Please check it.", email)
            )
        return email

    def _checked_country(self, text):
        is_id = text and text.isascii() and text.isdigit() and len(text) < 10
        return self.env["res.country"].browse(int(text) if is_id else ()).exists().id

    @api.model
    def _replace_earlier(self, visit, kind):
        """A newer proposal of the same person stands in the place of an open one."""
        office = self._of_office(visit)
        for earlier in office.search(
            [
                ("kind", "=", kind),
                ("state", "=", "new"),
                ("viewer_id", "=", visit.viewer.id),
                ("company_id", "=", visit.company.id),
            ]
        ):
            earlier._undo_proposal()
            text = office.env._("Replaced by a newer one.")
            earlier._decide("refused", text, state="refused")
            earlier.outcome_user_id = False

    # === ACCEPTING === #

    def _accept_address(self):
        # sudo: an address that the member gave; the clerk may accept answers
        person = self.viewer_id.sudo()
        self.sudo().before = {
            name: value
            for name, value in _values(person).items()
            if name in self.proposal
        }
        old = person.email
        person.write(self.proposal)
        self._decide("accepted", self.env._("Accepted: %s", self.change_text))
        self._tell_old_address(old)

    def _tell_old_address(self, old):
        """Who had the e-mail address before hears that it is changed."""
        # sudo: as for accepting
        if not old or old == self.viewer_id.sudo().email:
            return
        answer = self._in_members_language()
        # sudo: the outbox
        self.env["mail.mail"].sudo().create(
            {
                "subject": answer._reply_subject(),
                "body_html": answer._mail_body(
                    self.viewer_id.sudo(),
                    answer.env._(
                        "Your e-mail address with us was changed. If that was not you,"
                        " please call us."
                    ),
                ),
                "email_to": old,
                "email_from": self._from_company(self.company_id.sudo()).get(
                    "email_from", False
                ),
                "auto_delete": True,
            }
        )


def _values(person):
    """Return what may be changed of a person, as a proposal has it."""
    return {
        name: person[name].id if name == "country_id" else person[name] or False
        for name in PROPOSED
    }

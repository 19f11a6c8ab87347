from markupsafe import Markup

from odoo import fields, models
from odoo.fields import Command
from odoo.tools import format_date

from ...exceptions import NothingToDo

# A sentence names so many documents.
MAX_NAMED = 5


class GymMemberAnswer(models.Model):
    """What is decided about an answer: reminders go on, or one of three reasons why
    not."""

    _inherit = "gym.member.answer"

    # === ACTIONS === #

    def action_go_on(self):
        """End the holds of these answers: the next run reminds what is still open. Of a
        selection those that are decided are passed by.

        :return: a message that says what goes on
        :raise UserError: all of them are decided already
        """
        self.check_access("write")
        waiting = self.filtered(lambda answer: answer.state == "new") or self
        waiting._look_again()
        for answer in waiting:
            answer._check_state("new")
            answer._check_goes_on()
            answer._release()
            answer._decide("go_on", answer._go_on_text())
        return waiting._told()

    def _check_goes_on(self):
        """Refuse to pass over an answer that waits for more than reminders going on;
        kinds of answers add theirs.

        :raise UserError: it does
        """

    def action_dispute(self):
        """Open the dialog that disputes what is open of the reminder.

        :raise UserError: nothing is open any more, or the answer is decided already
        """
        self._check_anything_open()
        return self._ask("dispute")

    def action_promise(self):
        """Open the dialog that notes what the member promises to pay, and until when.

        :raise UserError: nothing is open any more, or the answer is decided already
        """
        self._check_anything_open()
        return self._ask("promise")

    def action_paid(self):
        """Open the dialog that waits for a payment, and looks for it.

        :raise UserError: the answer is decided already
        """
        return self._ask("paid")

    def action_reply(self):
        """Open the e-mail to who answered, at the reminder; to whom the reminder was
        addressed where nobody we know has the address that answered. Without a reminder
        it is written at the member's own record."""
        self.ensure_one()
        *__, messages = self._messages()
        last = messages[-1:]
        thread = self.reminder_id or self.member_id or self.partner_id
        receiver = last.author_id or self._addressee()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reply"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_composition_mode": "comment",
                "default_model": thread._name,
                "default_res_ids": thread.ids,
                "default_parent_id": last.id,
                "default_partner_ids": receiver.ids,
                "default_subtype_xmlid": "mail.mt_comment",
            },
        }

    def _addressee(self):
        """Return to whom a reply goes."""
        self.ensure_one()
        return self.reminder_id.addressee_id or self.member_id or self.partner_id

    def action_open_reminder(self):
        """Open the reminder, with all that was written about it."""
        self.ensure_one()
        return self.reminder_id._get_records_action(name=self.reminder_id.display_name)

    def action_open_partner(self):
        """Open the member."""
        self.ensure_one()
        member = self.member_id or self.partner_id
        return member._get_records_action(name=member.display_name)

    def _find_money(self):
        """Return the action that lists money that may pay what is open, or None."""
        return self.item_ids._action_find_money() if self.item_ids else None

    def _list_of(self, domain):
        """Return the action that lists answers, decided ones too."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gym_dunning.gym_member_answer_action"
        )
        return dict(action, domain=list(domain), context={})

    def _ask(self, outcome):
        """Open the dialog of an outcome."""
        self.ensure_one()
        self.check_access("write")
        self._check_state("new")
        wizard = self.env["gym.member.answer.decide"].create(
            {"answer_id": self.id, "outcome": outcome}
        )
        return wizard._action_open()

    def _check_anything_open(self):
        self._look_again()
        for answer in self:
            if answer.state == "new" and not answer.item_ids:
                raise NothingToDo(
                    self.env._(
                        "Nothing of %s is open any more. Press Go On: nobody is"
                        " reminded of what is paid.",
                        answer._subject(),
                    )
                )

    # === OUTCOMES === #

    def _dispute(self, note, date_until):
        """Hold what is open as disputed: from now on it is a dispute like any other."""
        self.ensure_one()
        self._check_anything_open()
        free = self.item_ids.filtered(lambda item: not _outlasts(item, date_until))
        holds = self.env["gym.dunning.hold"].create(
            [
                {
                    "move_line_id": line.id,
                    "reason": "dispute",
                    "date_until": date_until,
                    "note": note,
                }
                for line in free.move_line_id
            ]
        )
        self._release()
        self._decide(
            "dispute",
            self.env._("Disputed: %(amount)s (%(documents)s).", **self._figures()),
            note,
            dispute_hold_ids=[Command.set(holds.ids)],
        )

    def _promise(self, amount, date_until, note="", replace=False):
        """Note a promise: whoever keeps promises about these items takes it, else they
        are held until its day.

        :param replace: the promise that they keep already may go
        """
        self.ensure_one()
        self._check_anything_open()
        owner = self.item_ids._take_promise(amount, date_until, replace=replace)
        self._release()
        if not owner:
            self._hold(date_until, reason="promise")
        figures = {
            "amount": self._money(amount),
            "date": format_date(self.env, date_until),
        }
        text = self.env._("%(amount)s promised until %(date)s.", **figures)
        if owner:
            text = self.env._(
                "%(amount)s promised until %(date)s, noted in %(record)s.",
                record=owner.display_name,
                **figures,
            )
        taken_over = {"res_model": owner._name, "res_id": owner.id} if owner else {}
        self._decide("promise", text, note, **taken_over)

    def _wait_for_payment(self, date_until, note=""):
        """Hold what is open until the payment should be in the books."""
        self.ensure_one()
        self._look_again()
        if not self.item_ids:
            self._release()
            self._decide("paid", self.env._("Paid: nothing is open any more."), note)
            return
        (self.reminder_id.answer_ids - self)._end_holds()
        self._hold(date_until)
        self._decide(
            "paid",
            self.env._(
                "Says it is paid: %(amount)s held until %(date)s.",
                amount=self._money(self.amount_open),
                date=format_date(self.env, date_until),
            ),
            note,
        )

    def _decide(self, outcome, text, note="", state="done", **vals):
        """Close the answer and note in the reminder's chatter what was decided."""
        text = " ".join(filter(None, [text, note]))
        self._set_state(
            state,
            outcome=outcome,
            outcome_text=text,
            outcome_user_id=self.env.uid,
            outcome_date=fields.Datetime.now(),
            **vals,
        )
        self._note(text)

    def _note(self, text):
        """Note in the chatter what was decided: the reminder's, or the member's for
        those who may read of debts."""
        for answer in self:
            if answer.reminder_id:
                answer.reminder_id._message_log(body=text)
            else:
                answer._note_at_member(text)

    def _note_at_member(self, text):
        # sudo: whoever decides may not write to the member's record
        person = (self.member_id or self.partner_id).sudo()
        person.message_post(**self._note_values(text))

    def _note_values(self, text):
        """Return what the note in the member's chatter is posted with."""
        return {
            "subtype_xmlid": "gym_dunning.mt_debts",
            "body": Markup("%s: %s") % (self._get_html_link(), text),
        }

    def _go_on_text(self):
        if not self.item_ids:
            return self.env._("Nothing is open any more.")
        held = self.item_ids.filtered(
            lambda item: item.hold_reason not in (False, "case")
        )
        text = self.env._(
            "Reminders go on: %(amount)s (%(documents)s).", **self._figures()
        )
        if not held:
            return text
        return self.env._(
            "%(text)s Still held for another reason: %(documents)s.",
            text=text,
            documents=_named(held),
        )

    def _figures(self):
        """Return what is open, for sentences."""
        return {
            "amount": self._money(self.amount_open),
            "documents": _named(self.item_ids),
        }

    def _money(self, amount):
        return self.currency_id.format(amount)

    def _told(self):
        """Return the message that says what became of these answers."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self._told_text(),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _told_text(self):
        is_open = self[:1].state == "new"
        if len(self) > 1 and is_open:
            return self.env._("Answers open again: %s.", len(self))
        if len(self) > 1:
            return self.env._("Answers decided: %s.", len(self))
        if is_open:
            return self.env._("%s is open again.", self.display_name)
        return self.outcome_text


def _outlasts(item, date_until):
    """Tell whether a dispute of the item runs at least until then (None: for ever)."""
    if item.hold_reason != "dispute":
        return False
    return not item.hold_until or bool(date_until and item.hold_until >= date_until)


def _named(items):
    """Return the documents of these items by name, those of long lists in part."""
    documents = items.move_id.mapped("display_name")
    return ", ".join([*documents[:MAX_NAMED], *["…"][: len(documents) > MAX_NAMED]])

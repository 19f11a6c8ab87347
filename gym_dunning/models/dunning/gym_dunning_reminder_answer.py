from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize


class GymDunningReminder(models.Model):
    """An e-mail that answers a reminder stops the clock of its items."""

    _inherit = "gym.dunning.reminder"

    answer_ids = fields.One2many("gym.member.answer", "reminder_id", readonly=True)
    answer_count = fields.Integer(compute="_compute_answer_count", string="Answers")

    @api.depends("answer_ids")
    def _compute_answer_count(self):
        counts = dict(
            self.env["gym.member.answer"]._read_group(
                Domain("reminder_id", "in", self.ids), ["reminder_id"], ["__count"]
            )
        )
        for reminder in self:
            reminder.answer_count = counts.get(reminder, 0)

    def action_open_answers(self):
        """List what the member wrote back to this reminder."""
        return self.env["gym.member.answer"]._list_of(
            Domain("reminder_id", "in", self.ids)
        )

    def _claimed_lines(self):
        """Return the journal items that the reminder claims, with its own costs and
        without credits."""
        owed = self.line_ids.filtered(lambda line: line.amount > 0)
        return owed.move_line_id | self.env["gym.dunning.fee"]._lines(self)

    # === TAKING AN ANSWER === #

    def _take_answer(self, message):
        """Put an e-mail into the list of answers, and hold what is open.

        :param message: the `mail.message` that the gateway posted here
        :return: the `gym.member.answer`; none where we wrote it ourselves
        """
        self.ensure_one()
        answers = self.env["gym.member.answer"]
        if self._is_from_us(message):
            return answers
        answer = self.answer_ids.filtered(lambda one: one.state == "new")
        if answer:
            answer._add(message)
        else:
            answer = answers.create(
                {
                    "reminder_id": self.id,
                    "message_ids": message.ids,
                    "date": message.date,
                }
            )
        answer._stop_the_clock()
        return answer

    def _is_from_us(self, message):
        """Tell whether the office wrote it: from an address of ours, or a colleague who
        is not the one reminded."""
        sender = email_normalize(message.email_from)
        if sender and sender in self._our_addresses(sender):
            return True
        reminded = self.addressee_id | self.partner_id | self.member_id
        if message.author_id in reminded or sender in reminded.mapped(
            "email_normalized"
        ):
            return False
        return any(not user.share for user in message.author_id.user_ids)

    def _our_addresses(self, sender):
        """Return which addresses of ours this sender is."""
        companies = self.env["res.company"].search([("email", "!=", False)])
        domains = self.env["mail.alias.domain"]
        return {
            *(email_normalize(company.email) for company in companies),
            *domains._find_aliases([sender]),
            *domains.search([]).mapped("default_from_email"),
        }

    def _tell_answer_not_taken(self):
        """Leave the responsible a task: this reply waits in the chatter only."""
        person = self.run_id._responsible()
        policy = self.level_id.policy_id.with_context(lang=person.lang)
        policy._schedule_alert(
            person,
            policy.env._("Answer to %s", self.display_name),
            policy.env._(
                "The answer to %s could not be put on the list of answers, and"
                " reminders go on. Read it in the chatter of the reminder; the log of"
                " the server has the cause.",
                self.display_name,
            ),
        )

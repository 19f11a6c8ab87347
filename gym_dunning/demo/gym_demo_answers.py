from markupsafe import Markup

from odoo import api, models

# What members write back, and whether it is decided.
PAID = (
    "Hello, I transferred this on Monday. The slip is from my bank's app. Could you"
    " please have a look before you send the next reminder?"
)
DISPUTED = (
    "I cancelled in time and did not train since. I will not pay for a month in which"
    " I did not come."
)
THANKS = "Thanks for reminding me, I will pay at the weekend."
ANSWERS = ((PAID, False), (DISPUTED, False), (THANKS, True))


class GymDemo(models.AbstractModel):
    """Members who answered this week's reminders: two to read, one decided."""

    _inherit = "gym.demo"

    @api.model
    def _make_answers(self):
        """Let the members of the newest reminders answer.

        :return: where to find the answers, as text
        """
        reminders = self.env["gym.dunning.reminder"].search(
            [("state", "=", "issued"), ("is_last_level", "=", False)],
            order="id desc",
            limit=30,
        )
        # those whose debts are not settled by the bank file
        waiting = reminders.filtered(
            lambda one: (
                one.addressee_id.email
                and one._claimed_lines().filtered("amount_residual")
            )
        )
        for reminder, (text, is_decided) in zip(waiting[3:], ANSWERS, strict=False):
            self._answer(reminder, text, is_decided)
        return self.env._(
            "Answers of members: %s open; menu Gym Dunning > Reminders > Answers",
            self.env["gym.member.answer"].search_count([("state", "=", "new")]),
        )

    def _answer(self, reminder, text, is_decided):
        person = reminder.addressee_id
        message = reminder.message_post(
            author_id=person.id,
            email_from=person.email_formatted,
            body=Markup("<p>%s</p>") % text,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        answer = reminder._take_answer(message)
        if is_decided:
            answer.action_go_on()

from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

# What a decision holds, by its outcome, where the answer itself does.
HELD_BY = {"promise": "promise", "paid": "answer"}


class GymMemberAnswer(models.Model):
    """What an answer holds: from the e-mail on, and by what was decided.

    Of a reminder's answers the latest decision counts, and ends what earlier ones
    held.
    """

    _inherit = "gym.member.answer"

    @api.depends("state", "outcome", "date_hold_end")
    @api.depends_context("dunning_date")
    def _compute_hold(self):
        ends = self._hold_ends(Domain("res_id", "in", self.ids))
        for answer in self:
            answer.hold_until = ends.get(answer.id)
            is_over = answer.hold_until and answer.hold_until < answer._day()
            answer.hold_state = (
                "over" if is_over else "held" if answer.hold_until else "none"
            )

    @api.model
    def _hold_ends(self, domain):
        """Return the last day of the holds in force or over, by id of the answer."""
        # sudo: who sees the answer sees whether it holds
        holds = self.env["gym.dunning.hold"].sudo()
        rows = holds._read_group(
            Domain("res_model", "=", self._name) & domain,
            ["res_id"],
            ["date_until:max"],
        )
        return dict(rows)

    @api.model
    def _search_hold_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        ends = self._hold_ends(Domain.TRUE)
        # sudo: which of them may be seen is asked with the whole domain
        answers = self.sudo().browse(ends).exists()
        over = answers.filtered(lambda one: ends[one.id] < one._day()).ids
        found = Domain.FALSE
        if "over" in value:
            found |= Domain("id", "in", over)
        if "held" in value:
            found |= Domain("id", "in", list(set(ends).difference(over)))
        if "none" in value:
            found |= Domain("id", "not in", list(ends))
        return found

    def _holds(self):
        """Return the holds that these answers placed, released ones too."""
        # sudo: they belong to the answer, people do not place or release them
        holds = self.env["gym.dunning.hold"].sudo().with_context(active_test=False)
        return holds.search(
            Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids)
        )

    def _hold(self, date_until, reason="answer"):
        """Hold what is still open of the reminder until a day; what this answer holds
        already is not held twice."""
        self.ensure_one()
        holds = self._holds().filtered(
            lambda hold: hold.active and hold.reason == reason
        )
        holds.date_until = date_until
        # sudo: see `_holds`
        holds.create(
            [
                {
                    "move_line_id": line.id,
                    "reason": reason,
                    "date_until": date_until,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for line in self.item_ids.move_line_id - holds.move_line_id
            ]
        )
        self.invalidate_recordset(["hold_until", "hold_state"])

    def _release(self):
        """End the holds of all answers to these reminders, and no other: neither by
        hand nor of cases. An answer to no reminder stands for itself."""
        (self | self.reminder_id.answer_ids)._end_holds()

    def _end_holds(self):
        self._holds().filtered("active").action_release()
        self.invalidate_recordset(["hold_until", "hold_state"])

    def _stop_the_clock(self):
        """Hold what is open as the policy says, for its days from now on; of a reminder
        that was taken back nothing runs that could be stopped."""
        self.ensure_one()
        policy = self.policy_id
        is_taken_back = self.reminder_id and self.reminder_id.state != "issued"
        if is_taken_back or not policy.answer_holds or not self.item_ids:
            return
        until = self._day() + timedelta(days=policy.answer_hold_days)
        # sudo: nobody writes it by hand; it follows from e-mails and buttons
        self.sudo().date_hold_end = max(filter(None, (self.date_hold_end, until)))
        self._hold(self.date_hold_end)

    def _hold_again(self):
        """Hold what this decision held, until a later one ended it."""
        self._look_again()
        reason = not self.res_model and HELD_BY.get(self.outcome)
        items = self.item_ids.move_line_id
        latest = {
            hold.move_line_id: hold
            for hold in self._holds().sorted("id")
            if hold.reason == reason
        }
        for line, hold in latest.items():
            if line in items and hold.date_until >= self._day():
                hold.action_unarchive()
        self.invalidate_recordset(["hold_until", "hold_state"])

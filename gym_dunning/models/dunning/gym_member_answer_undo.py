from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class GymMemberAnswer(models.Model):
    """Taking back what was decided about an answer, unless something followed."""

    _inherit = "gym.member.answer"

    def action_reopen(self):
        """Take the decision back: the answer is open, its items wait again for the days
        of the policy, and what an earlier answer's decision held is held on.

        :raise UserError: something followed from the decision
        """
        self.check_access("write")
        for answer in self:
            if refusal := answer._reopen_refusal():
                raise UserError(refusal)
            answer._undo()
        return self._told()

    def _reopen_refusal(self):
        """Return why the decision may not be taken back, if something followed."""
        self.ensure_one()
        self._check_state("done", "refused")
        names = {"answer": self.display_name, "decision": self.outcome_text}
        if owner := self._taken_over_by():
            return self.env._(
                "%(answer)s was taken over by %(record)s. Go on there.",
                record=owner.display_name,
                **names,
            )
        if self.reminder_id and (later := self.reminder_id._reminded_later()):
            return self.env._(
                "%(later)s reminded the same items since, so %(answer)s stays decided.",
                later=later.display_name,
                **names,
            )
        if self.outcome == "dispute" and not self._disputes_stand():
            return self.env._(
                "%(answer)s: the dispute was released meanwhile, so it stays decided."
                " Hold the items back again if need be.",
                **names,
            )
        later = self.reminder_id.answer_ids.filtered(lambda one: one.id > self.id)
        if "new" in later.mapped("state"):
            return self.env._(
                "%(answer)s: the member has written again since. Decide that answer.",
                **names,
            )
        if later:
            return self.env._(
                "%(answer)s: a later answer to this reminder was decided since, so this"
                " one stays decided. Take the later one back.",
                **names,
            )
        return None

    def _taken_over_by(self):
        """Return the record that took the decision over, if it is still there."""
        if not self.res_model or self.res_model not in self.env:
            return None
        # sudo: its name is all that is told
        return self.env[self.res_model].sudo().browse(self.res_id).exists()

    def _disputes_stand(self):
        holds = self.with_context(active_test=False).dispute_hold_ids
        return all(holds.mapped("active"))

    def _undo(self):
        """End the holds of the decision, and stop the clock again."""
        # sudo: the holds of the decision go with it, whoever placed them
        self.sudo().dispute_hold_ids.action_release()
        self._release()
        decision = self.outcome_text
        self._set_state("new", **self._nothing_decided())
        self._look_again()
        self._previous()._hold_again()
        self._stop_the_clock()
        self._note(self.env._("Taken back: %s", decision or ""))

    def _nothing_decided(self):
        return {
            "outcome": False,
            "outcome_text": False,
            "outcome_user_id": False,
            "outcome_date": False,
            "dispute_hold_ids": [Command.clear()],
            "res_model": False,
            "res_id": False,
        }

    def _previous(self):
        """Return the answer to the same reminder that was decided before this one."""
        earlier = self.reminder_id.answer_ids.filtered(lambda one: one.id < self.id)
        return earlier.sorted("id")[-1:]

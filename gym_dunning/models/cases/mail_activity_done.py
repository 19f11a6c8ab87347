from odoo import fields, models
from odoo.exceptions import UserError

# What a done activity of a case said; Odoo's own feedback may still be added.
FIXED_WHEN_DONE = {
    "agreed_amount",
    "amount",
    "contact_id",
    "date_deadline",
    "date_end",
    "date_start",
    "promise_state",
    "status_id",
}


class MailActivity(models.Model):
    """What happens when an activity of a case is done (AMB-36)."""

    _inherit = "mail.activity"

    def write(self, vals):
        if not self.env.su and (vals.keys() & FIXED_WHEN_DONE or vals.get("active")):
            self._check_not_done()
        return super().write(vals)

    def _check_not_done(self):
        for activity in self.filtered(lambda one: not one.active)._gym_of_cases():
            raise UserError(
                self.env._(
                    '"%(activity)s" of case %(case)s is done and stays as it was.'
                    " Plan another activity.",
                    activity=activity.display_name,
                    case=activity._gym_case().name,
                )
            )

    def _action_done(self, feedback=False, attachment_ids=None):
        # EXTENDS mail: every button and call that carries out ends here
        of_cases = self._gym_of_cases()
        todo = of_cases.filtered("active")
        todo._gym_before_done()
        # without those that somebody else, or a second click, has done already
        rest = self - (of_cases - todo)
        result = super(MailActivity, rest)._action_done(feedback, attachment_ids)
        todo._gym_after_done()
        return result

    def _gym_before_done(self):
        """Refuse what cannot be carried out yet; what is done, is done now and by
        somebody."""
        now = fields.Datetime.now()
        for activity in self:
            # it is named in the chatter, and nobody is no name
            if not activity.user_id:
                activity.user_id = self.env.user
            if not activity.is_promise and (activity.date_start or now) > now:
                activity._gym_bring_forward(now)

    def _gym_bring_forward(self, now):
        """What was planned for later took place now, whatever its day was."""
        day = self._gym_day_of(now)
        self.write({"date_start": now, "date_deadline": day, "date_end": day})

    def _gym_after_done(self):
        self._gym_take_done_status()
        for activity in self:
            activity._gym_case()._move_on(activity)

    def _prepare_next_activity_values(self):
        # EXTENDS mail: the start of what follows comes from its own day
        vals = super()._prepare_next_activity_values()
        if self._gym_case():
            vals.pop("date_start", None)
        return vals

    def action_carry_out(self):
        """Mark as done, and lead on to what the type suggests next (G-59)."""
        self.ensure_one()
        if self.activity_type_id.suggested_next_type_ids:
            return self.action_feedback_schedule_next()
        self.action_done()
        return False

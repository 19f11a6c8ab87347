from odoo import fields, models
from odoo.fields import Domain


class GymDunningRun(models.Model):
    """What members wrote back to the reminders of a run."""

    _inherit = "gym.dunning.run"

    answer_count = fields.Integer(compute="_compute_answer_count", string="Answers")

    def _compute_answer_count(self):
        counts = dict(
            self.env["gym.member.answer"]._read_group(
                Domain("reminder_id.run_id", "in", self.ids),
                ["reminder_id.run_id"],
                ["__count"],
            )
        )
        for run in self:
            run.answer_count = counts.get(run, 0)

    def action_open_answers(self):
        """List what members wrote back to the reminders of this run."""
        return self.env["gym.member.answer"]._list_of(
            Domain("reminder_id.run_id", "in", self.ids)
        )

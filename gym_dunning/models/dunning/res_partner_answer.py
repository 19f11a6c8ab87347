from odoo import fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """What a member wrote back to reminders."""

    _inherit = "res.partner"

    gym_answer_count = fields.Integer(
        string="Answers",
        compute="_compute_gym_answer_count",
        groups="gym_dunning.group_dunning_user",
    )

    def _compute_gym_answer_count(self):
        counts = dict(
            self.env["gym.member.answer"]._read_group(
                self._gym_answers_domain(), ["member_id"], ["__count"]
            )
        )
        for partner in self:
            partner.gym_answer_count = counts.get(partner, 0)

    def _gym_answers_domain(self):
        """Return the answers to the reminders that these contacts see."""
        return Domain("member_id", "in", self.ids)

    def action_open_answers(self):
        """List what this member wrote back to reminders."""
        return self.env["gym.member.answer"]._list_of(self._gym_answers_domain())

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MailActivity(models.Model):
    """The status of an activity: one of its type, reached step by step (G-37, G-41)."""

    _inherit = "mail.activity"

    status_id = fields.Many2one(
        "gym.activity.status",
        index="btree_not_null",
        domain="[('activity_type_id', '=', activity_type_id)]",
        ondelete="restrict",
    )

    @api.constrains("status_id", "activity_type_id")
    def _check_status(self):
        for activity in self.filtered("status_id"):
            if activity.status_id.activity_type_id != activity.activity_type_id:
                raise ValidationError(
                    self.env._(
                        '"%(status)s" is not a status of "%(type)s". Choose one of '
                        "that type, or none.",
                        status=activity.status_id.name,
                        type=activity.activity_type_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        for activity in activities.filtered("status_id"):
            self.browse()._check_step(activity.status_id)
        activities._gym_carry_out_done()
        return activities

    def write(self, vals):
        if vals.get("status_id"):
            status = self.env["gym.activity.status"].browse(vals["status_id"])
            for activity in self.filtered("active"):
                activity._check_step(status)
        elif self._gym_gets_another_type(vals):
            kind = self.env["mail.activity.type"].browse(vals["activity_type_id"])
            vals = dict(vals, status_id=kind._gym_default_status().id)
        result = super().write(vals)
        if vals.get("status_id"):
            self._gym_carry_out_done()
        return result

    def _gym_gets_another_type(self, vals):
        kind = vals.get("activity_type_id")
        return kind and any(one.activity_type_id.id != kind for one in self)

    def _check_step(self, status):
        """Refuse a jump to a status; a new activity, and one that changes its type,
        begins at the type's default."""
        old = self.status_id
        if old.activity_type_id != status.activity_type_id:
            old = status.activity_type_id._gym_default_status()
        status._check_step(old, status)

    def _gym_carry_out_done(self):
        """Choosing a status that means done carries the activity out."""
        chosen = self.filtered(lambda one: one.active and one.status_id.is_done)
        if chosen:
            chosen.action_feedback()

    def _gym_take_done_status(self):
        for activity in self.filtered(lambda one: not one.status_id.is_done):
            done = activity.activity_type_id._gym_done_status()
            if done:
                # sudo: a done activity is changed by nobody, see `mail_activity_done`
                activity.sudo().status_id = done

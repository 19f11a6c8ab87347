from odoo import api, models

from .mail_activity_case import CASE


class MailActivity(models.Model):
    """In the calendar of collection cases an activity is named after its customer."""

    _inherit = "mail.activity"

    @api.depends("res_id", "res_model")
    @api.depends_context("case_customer_name")
    def _compute_display_name(self):
        # EXTENDS mail
        super()._compute_display_name()
        if not self.env.context.get("case_customer_name"):
            return
        for activity in self.filtered(lambda one: one.res_model == CASE):
            # sudo: who reads the activity may know whom it is about
            case = self.env[CASE].sudo().browse(activity.res_id)
            activity.display_name = f"{case.partner_id.name}: {activity.display_name}"

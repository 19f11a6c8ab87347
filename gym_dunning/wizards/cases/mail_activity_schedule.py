from odoo import api, fields, models

from ...models.cases.mail_activity import CASE_MODEL, TYPE_DOMAIN


class MailActivitySchedule(models.TransientModel):
    """Odoo's dialog behind the chatter's button Activity, on a case (G-31, G-62)."""

    _inherit = "mail.activity.schedule"

    activity_type_id = fields.Many2one(domain=TYPE_DOMAIN)

    @api.depends("activity_type_id", "res_model")
    def _compute_activity_user_id(self):
        # EXTENDS mail: the debt manager, where the cases have one and the same
        result = super()._compute_activity_user_id()
        for wizard in self.filtered(lambda one: one.res_model == CASE_MODEL):
            cases = wizard._get_applied_on_records()
            if (
                not wizard.activity_type_id.default_user_id
                and len(cases.debt_manager_id) == 1
            ):
                wizard.activity_user_id = cases._active_manager()
        return result

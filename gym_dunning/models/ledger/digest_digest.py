from odoo import fields, models
from odoo.exceptions import AccessError


class DigestDigest(models.Model):
    """What reminders recovered and what became overdue, in Odoo's periodic e-mail."""

    _inherit = "digest.digest"

    kpi_gym_recovered = fields.Boolean(
        string="Recovered after Reminders",
        help="The money of these days that came in for items after a reminder of them.",
    )
    kpi_gym_recovered_value = fields.Monetary(
        compute="_compute_kpi_gym_recovered_value"
    )
    kpi_gym_overdue = fields.Boolean(
        string="Newly Overdue",
        help="What became overdue in these days and was open at their end.",
    )
    kpi_gym_overdue_value = fields.Monetary(compute="_compute_kpi_gym_overdue_value")

    def _compute_kpi_gym_recovered_value(self):
        for digest in self:
            outcomes, *days = digest._gym_look_at("gym.dunning.outcome")
            digest.kpi_gym_recovered_value = outcomes._recovered(*days)

    def _compute_kpi_gym_overdue_value(self):
        for digest in self:
            ageing, *days = digest._gym_look_at("gym.receivable.ageing")
            digest.kpi_gym_overdue_value = ageing._newly_overdue(*days)

    def _gym_look_at(self, name):
        """Return the model for the digest's company with those of its centres that the
        reader may see, the day before the first of the days, and the last.

        :raise AccessError: the reader may not see the company; Odoo then leaves the
            figure out of the e-mail
        """
        start, end, __ = self._get_kpi_compute_parameters()
        company = self.company_id or self.env.company
        centres = self.env.user.company_ids.filtered(
            lambda centre: company in centre.parent_ids
        )
        if company not in centres:
            # sudo: its name, for the sentence
            raise AccessError(
                self.env._("You may not see the figures of %s.", company.sudo().name)
            )
        model = self.env[name].with_context(allowed_company_ids=centres.ids)
        return model, fields.Date.to_date(start), fields.Date.to_date(end)

    def _compute_kpis_actions(self, company, user):
        # EXTENDS digest
        menu = self.env.ref("gym_dunning.gym_reporting_menu").id
        return super()._compute_kpis_actions(company, user) | {
            "kpi_gym_recovered": f"gym_dunning.gym_dunning_outcome_action?menu_id={menu}",
            "kpi_gym_overdue": f"gym_dunning.gym_open_item_action?menu_id={menu}",
        }

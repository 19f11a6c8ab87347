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
        companies, *days = self._gym_kpi_days()
        found = self.env["gym.dunning.outcome"]._recovered(companies, *days)
        for digest in self:
            company = digest.company_id or self.env.company
            digest.kpi_gym_recovered_value = found.get(company.id, 0)

    def _compute_kpi_gym_overdue_value(self):
        companies, *days = self._gym_kpi_days()
        found = self.env["gym.receivable.ageing"]._newly_overdue(companies, *days)
        for digest in self:
            company = digest.company_id or self.env.company
            digest.kpi_gym_overdue_value = found.get(company.id, 0)

    def _gym_kpi_days(self):
        """Return whose figures are asked for, the day before the first, and the last.

        :raise AccessError: somebody may not see one of these companies; Odoo then
            leaves the figure out of that reader's e-mail
        """
        start, end, companies = self._get_kpi_compute_parameters()
        if not self.env.su and companies - self.env.user.company_ids:
            raise AccessError(
                self.env._("You may not see the figures of these companies.")
            )
        return companies, fields.Date.to_date(start), fields.Date.to_date(end)

    def _compute_kpis_actions(self, company, user):
        # EXTENDS digest
        menu = self.env.ref("gym_dunning.gym_reporting_menu").id
        return super()._compute_kpis_actions(company, user) | {
            "kpi_gym_recovered": f"gym_dunning.gym_dunning_outcome_action?menu_id={menu}",
            "kpi_gym_overdue": f"gym_dunning.gym_open_item_action?menu_id={menu}",
        }

from odoo import api, fields, models
from odoo.tools import SQL


class GymDebitMandate(models.Model):
    """Mandates that nobody may use any more, because nobody did for 36 months."""

    _inherit = "gym.debit.mandate"

    is_lapsed = fields.Boolean(
        string="Lapsed", compute="_compute_is_lapsed", search="_search_is_lapsed"
    )

    @api.depends("lapse_date")
    @api.depends_context("dunning_date")
    def _compute_is_lapsed(self):
        today = self.env["gym.debit.plan"]._today()
        for mandate in self:
            mandate.is_lapsed = bool(mandate.lapse_date and mandate.lapse_date <= today)

    def _search_is_lapsed(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model()
        self.env["gym.debit.order"].flush_model()
        day = SQL("%s::date", self.env["gym.debit.plan"]._today())
        query = SQL(
            "(SELECT mandate.id FROM gym_debit_mandate mandate WHERE %s)",
            self._lapsed_sql(day),
        )
        return [("id", "in" if True in value else "not in", query)]

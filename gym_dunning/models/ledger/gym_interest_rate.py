from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

ENDLESS = fields.Date.to_date("9999-12-31")
MAX_RATE = 100


class GymInterestRate(models.Model):
    """What late money costs from a day on, in percent a year."""

    _name = "gym.interest.rate"
    _description = "Rate of Default Interest"
    _inherit = ["gym.cached"]
    _order = "profile_id, date_from desc"

    profile_id = fields.Many2one(
        "gym.dunning.profile", required=True, ondelete="cascade", index=True
    )
    date_from = fields.Date(required=True, string="From")
    base_rate = fields.Float(
        digits=(16, 4), help="As published; the margins of the rule are added."
    )
    rate_consumer = fields.Float(
        string="Consumers",
        digits=(16, 4),
        compute="_compute_rates",
        store=True,
        readonly=False,
        help="Percent per year.",
    )
    rate_business = fields.Float(
        string="Companies",
        digits=(16, 4),
        compute="_compute_rates",
        store=True,
        readonly=False,
        help="Percent per year.",
    )

    _date_uniq = models.UniqueIndex(
        "(profile_id, date_from)", "There is a rate from this day on already."
    )

    @api.depends("base_rate")
    def _compute_rates(self):
        for rate in self:
            profile = rate.profile_id
            rate.rate_consumer = rate.base_rate + profile.margin_consumer
            rate.rate_business = rate.base_rate + profile.margin_business

    @api.constrains("rate_consumer", "rate_business")
    def _check_rates(self):
        for rate in self:
            if not all(
                0 <= rate[name] <= MAX_RATE
                for name in ("rate_consumer", "rate_business")
            ):
                raise ValidationError(
                    self.env._(
                        "%(rule)s, from %(date)s: enter a yearly percentage between 0 "
                        "and %(max)s.",
                        rule=rate.profile_id.name,
                        date=format_date(self.env, rate.date_from),
                        max=MAX_RATE,
                    )
                )

    @api.depends("profile_id", "date_from")
    def _compute_display_name(self):
        for rate in self:
            rate.display_name = f"{rate.profile_id.name} {rate.date_from}"

    def _half_year_end(self):
        self.ensure_one()
        year = self.date_from.year
        return fields.Date.to_date(
            f"{year}-06-30" if self.date_from.month <= 6 else f"{year}-12-31"
        )

    def _last_day(self, following):
        """Return the last day of this rate: before the next one, at most the half-year
        it was published for."""
        days = [following.date_from - timedelta(days=1)] if following else []
        if self.profile_id.rates_half_yearly:
            days.append(self._half_year_end())
        return min(days, default=ENDLESS)

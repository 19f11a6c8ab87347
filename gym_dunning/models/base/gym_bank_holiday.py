from datetime import timedelta

from dateutil.easter import easter

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

SATURDAY = 5
SWISS_COUNTRIES = ("CH", "LI")


class GymBankHoliday(models.Model):
    """A day on which banks execute no debits: each year, or once."""

    _name = "gym.bank.holiday"
    _description = "Bank Holiday"
    _inherit = ["gym.cached"]
    _order = "calendar, kind, month, day, easter_days, date"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    calendar = fields.Selection(
        [("target", "TARGET (SEPA)"), ("swiss", "Swiss Interbank Clearing (SIC)")],
        required=True,
        default="target",
    )
    kind = fields.Selection(
        [
            ("fixed", "Same Day Each Year"),
            ("easter", "Days from Easter Sunday"),
            ("once", "Once"),
        ],
        required=True,
        default="fixed",
    )
    month = fields.Integer(aggregator=None)
    day = fields.Integer(aggregator=None)
    easter_days = fields.Integer(
        string="Days from Easter",
        aggregator=None,
        help="-2 is Good Friday, 1 Easter Monday.",
    )
    date = fields.Date()

    @api.constrains("kind", "month", "day", "date", "active")
    def _check_day(self):
        """Each kind names a day that exists; some working days are left."""
        for holiday in self:
            if holiday.kind == "once" and not holiday.date:
                raise ValidationError(
                    self.env._("Enter the date of %s.", holiday.display_name)
                )
            if holiday.kind == "fixed" and not holiday._exists():
                raise ValidationError(
                    self.env._(
                        "%s needs a day and a month that exist.", holiday.display_name
                    )
                )

    def _exists(self):
        try:
            fields.Date.to_date("2000-01-01").replace(month=self.month, day=self.day)
        except ValueError:
            return False
        return True

    @api.model
    def _is_holiday(self, day, calendar):
        """Tell whether the banks of a calendar rest on a day; weekends are apart."""
        fixed, from_easter, once = self._rules(calendar)
        return (
            (day.month, day.day) in fixed
            or day - easter(day.year) in from_easter
            or day in once
        )

    @api.model
    def _working_days(self, after, until, calendar):
        """Count the days on which the banks of a calendar work, from the day after
        `after` to `until`."""
        days = (
            after + timedelta(number) for number in range(1, (until - after).days + 1)
        )
        return sum(
            day.weekday() < SATURDAY and not self._is_holiday(day, calendar)
            for day in days
        )

    @api.model
    def _calendar_of(self, country):
        """Return the calendar that the banks of a country go by."""
        return "swiss" if country.code in SWISS_COUNTRIES else "target"

    @api.model
    @tools.ormcache("calendar")
    def _rules(self, calendar):
        """Return days of the year, distances from Easter, and single days."""
        # sudo: a letter names the day of its debit, whoever prints it
        rules = self.sudo().search([("calendar", "=", calendar)])
        return (
            frozenset((r.month, r.day) for r in rules if r.kind == "fixed"),
            frozenset(timedelta(r.easter_days) for r in rules if r.kind == "easter"),
            frozenset(r.date for r in rules if r.kind == "once"),
        )

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...tools import exact

DAY = timedelta(days=1)
PERCENT_DAYS = 36500  # a year of 365 days, and percent

ALLOWED = [
    ("no", "Never"),
    ("agreed", "If Agreed in the Contract"),
    ("yes", "Always"),
]
AMOUNTS = ("consumer_fee_max", "business_lump_sum", "charge_max", "limitation_years")


class Step(NamedTuple):
    """A period of one rate, in percent a year."""

    since: date
    until: date
    rate: Decimal
    left: Decimal


class GymDunningProfile(models.Model):
    """What a late payment may cost in a country, each rule with its source.

    A consumer is whoever is invoiced and is no company. It is no legal advice: a
    manager may correct every rule.
    """

    _name = "gym.dunning.profile"
    _description = "Rules of a Country for Late Payments"
    _inherit = ["gym.built.in", "gym.cached"]
    _order = "country_id, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    country_id = fields.Many2one(
        "res.country",
        ondelete="restrict",
        help="Where the centre is. Empty: the rule for everywhere else.",
    )
    # fees; amounts are in the currency of the centre
    consumer_fee = fields.Selection(
        ALLOWED, string="Fee of a Consumer", required=True, default="agreed"
    )
    consumer_fee_max = fields.Float(
        string="Highest Fee of a Consumer",
        digits=(16, 2),
        help="Tax included, in the centre's currency. 0: no fixed amount.",
    )
    first_reminder_fee = fields.Boolean(
        string="Fee on the First Letter",
        help="Off: the reminder that puts a member in default costs nothing.",
    )
    email_fee = fields.Boolean(
        string="Fee on an E-Mail",
        help="Off: a consumer pays no fee for a reminder that goes by e-mail.",
    )
    business_fee = fields.Selection(
        ALLOWED,
        string="Fee of a Company",
        required=True,
        default="agreed",
        help="Where no lump sum takes its place.",
    )
    business_lump_sum = fields.Float(
        string="Lump Sum of a Company",
        digits=(16, 2),
        help="In the centre's currency, once per invoice, instead of the fee. 0: none.",
    )
    charge_max = fields.Float(
        string="Highest Charge of a Returned Debit",
        digits=(16, 2),
        help="In the centre's currency. The bank's charge is passed on up to this "
        "amount. 0: all of it.",
    )
    # interest
    interest_consumer = fields.Selection(
        ALLOWED, string="Interest of a Consumer", required=True, default="agreed"
    )
    interest_business = fields.Selection(
        ALLOWED, string="Interest of a Company", required=True, default="agreed"
    )
    rates_half_yearly = fields.Boolean(
        string="New Rate Each Half-Year",
        help="The base rate is published every half-year: without a new one, no "
        "interest is charged. Off: a rate applies until the next one.",
    )
    margin_consumer = fields.Float(
        string="Margin for Members",
        digits=(16, 4),
        help="Percentage points per year above the base rate.",
    )
    margin_business = fields.Float(
        string="Margin for Companies",
        digits=(16, 4),
        help="Percentage points per year above the base rate.",
    )
    rate_ids = fields.One2many("gym.interest.rate", "profile_id", copy=True)
    last_rate_date = fields.Date(
        string="Rates Until",
        compute="_compute_last_rate_date",
        help="The last day with a rate; empty where rates have no end, or none exists.",
    )
    # payments and time
    clearing_order = fields.Selection(
        [("oldest", "Oldest First"), ("costs_first", "Costs, Interest, Principal")],
        string="Order of Part Payments",
        required=True,
        default="oldest",
    )
    limitation_years = fields.Integer(string="Years of Limitation")
    limitation_from = fields.Selection(
        [("due", "Due Date"), ("year_end", "End of the Year")],
        string="Limitation from",
        required=True,
        default="due",
    )
    # where it stands
    source = fields.Text(help="Where each rule can be found.")
    source_date = fields.Date(string="Read on")

    _country_uniq = models.UniqueIndex(
        "(COALESCE(country_id, 0)) WHERE active",
        "There is a rule for this country already. Edit or archive that one.",
    )

    @api.constrains(*AMOUNTS)
    def _check_not_negative(self):
        for profile in self:
            if any(profile[name] < 0 for name in AMOUNTS):
                raise ValidationError(
                    self.env._(
                        "%s: amounts and years cannot be negative. Enter 0 for none.",
                        profile.name,
                    )
                )

    @api.depends("rate_ids.date_from", "rates_half_yearly")
    def _compute_last_rate_date(self):
        for profile in self:
            last = profile.rate_ids.sorted("date_from")[-1:]
            profile.last_rate_date = (
                last._half_year_end() if last and profile.rates_half_yearly else False
            )

    def copy_data(self, default=None):
        # two rules of a country exclude each other
        return [
            dict(vals, active=False, name=self.env._("%s (copy)", profile.name))
            for profile, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # === WHICH RULE === #

    @api.model
    def _by_company(self, companies):
        """Return the rule of each company: that of its country or its holding's, else
        the one for everywhere else; empty where that is archived.

        :return: dict of company to profile
        """
        by_country = self._ids_by_country()
        elsewhere = by_country.get(False, False)
        # sudo: which law applies is no secret to who runs reminders
        profiles = self.sudo()
        return {
            company: profiles.browse(
                by_country.get(company._gym_country().id, elsewhere) or []
            )
            for company in companies
        }

    @api.model
    @ormcache()
    def _ids_by_country(self):
        """Return the ids of the active rules by those of their countries."""
        return {one.country_id.id: one.id for one in self.sudo().search([])}

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS base: one that was just archived leaves its country to the new one
        self.flush_model(["active", "country_id"])
        return super().create(vals_list)

    @api.model
    def _of(self, company):
        """Return the rule of one company."""
        return self._by_company(company)[company]

    # === INTEREST === #
    # Simple interest by actual days of 365. What a day costs is the sum of the rates of
    # all days before it: an item needs one look at the period in which it became late,
    # however many rates it has run through.

    def _may_charge_interest(self, company, is_business):
        """Tell whether consumers or companies owe this centre interest."""
        allowed = self.interest_business if is_business else self.interest_consumer
        return allowed == "yes" or (
            allowed == "agreed" and company.dunning_interest_agreed
        )

    def _compute_interest(self, amount, date_due, date_until, is_business, currency):
        """Return the interest of an amount from the day after the due date, and the
        lump sum of its invoice. Whether it was agreed is the caller's to ask.

        :param amount: what is owed, in `currency`
        :param is_business: whether who is invoiced is a company
        :return: list of (days, percent a year, amount), and the lump sum in the
            currency of the centre; no parts where a day has no rate, where the law
            forbids interest, or where nothing is late
        """
        self.ensure_one()
        allowed = self.interest_business if is_business else self.interest_consumer
        parts = []
        if allowed != "no":
            parts = self._interest_parts(
                amount, date_due, date_until, is_business, currency
            )
        return parts, self.business_lump_sum if is_business else 0.0

    def _interest_parts(self, amount, date_due, date_until, is_business, currency):
        """Return (days, percent a year, amount) of each rate that applied.

        The interest is rounded once, half up; the parts add up to it.
        """
        steps = self._interest_steps(is_business, date_until)
        first = date_due + timedelta(days=1)
        if not any(step.since <= first <= step.until for step in steps):
            return []
        unit = exact(currency.rounding)
        cost = before = Decimal(0)
        parts = []
        for step in steps:
            days = (min(step.until, date_until) - max(date_due, step.since - DAY)).days
            if days > 0 and step.until >= first:
                cost += exact(amount) * step.rate * days / PERCENT_DAYS
                rounded = (cost / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit
                parts.append((days, float(step.rate), float(rounded - before)))
                before = rounded
        return parts

    def _interest_steps(self, is_business, date_until):
        """Return the periods of one rate that lead to a day without a gap, oldest
        first; none where that day has no rate.

        What an amount costs that fell due within a step is `left` less `rate` for each
        day from the step's first to the due date, in percent and days.
        """
        steps, left = [], Decimal(0)
        for since, until, rate in reversed(self._rate_periods(is_business)):
            if since > date_until:
                continue
            if until < date_until and not (steps and until == steps[0].since - DAY):
                break
            left += rate * ((min(until, date_until) - since).days + 1)
            steps.insert(0, Step(since, until, rate, left))
        return steps

    @ormcache("self.id", "is_business")
    def _rate_periods(self, is_business):
        """Return the rates as periods without overlap: (first day, last day, rate);
        a rate of 0 is one that nobody has entered."""
        self.ensure_one()
        rates = self.rate_ids.sorted("date_from")
        name = "rate_business" if is_business else "rate_consumer"
        return tuple(
            (rate.date_from, rate._last_day(following), Decimal(str(rate[name])))
            for rate, following in zip(rates, [*rates[1:], rates[:0]], strict=False)
            if rate[name]
        )

    def _last_day_with_rate(self, is_business, date):
        """Return the last day up to `date` that has a rate; empty where none has."""
        ends = [
            min(until, date)
            for since, until, __ in self._rate_periods(is_business)
            if since <= date
        ]
        return max(ends, default=None)

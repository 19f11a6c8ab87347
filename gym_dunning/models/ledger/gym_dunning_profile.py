from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

ALLOWED = [
    ("no", "Never"),
    ("agreed", "If Agreed in the Contract"),
    ("yes", "Always"),
]
AMOUNTS = ("consumer_fee_max", "business_lump_sum", "charge_max", "limitation_years")


class GymDunningProfile(models.Model):
    """What a late payment may cost in a country, each rule with its source.

    A consumer is whoever is invoiced and is no company. It is no legal advice: a
    manager may correct every rule.
    """

    _name = "gym.dunning.profile"
    _description = "Rules of a Country for Late Payments"
    _inherit = ["gym.built.in"]
    _order = "country_id, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    country_id = fields.Many2one(
        "res.country",
        ondelete="restrict",
        help="Where the centre is. Empty: the rule for everywhere else.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.ref("base.EUR"),
        help="Of the amounts of this rule.",
    )
    # fees
    consumer_fee = fields.Selection(
        ALLOWED, string="Fee of a Consumer", required=True, default="agreed"
    )
    consumer_fee_max = fields.Monetary(
        string="Highest Fee of a Consumer", help="Tax included. 0: no fixed amount."
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
    business_lump_sum = fields.Monetary(
        string="Lump Sum of a Company",
        help="Once per invoice, instead of the fee. 0: none.",
    )
    charge_max = fields.Monetary(
        string="Highest Charge of a Returned Debit",
        help="What the bank took is passed on, up to this. 0: all of it.",
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
        help="The base rate is published for each half-year: without a new one no"
        " interest is charged. Off: a rate holds until the next one.",
    )
    margin_consumer = fields.Float(
        digits=(16, 4), help="Percent a year above the base rate."
    )
    margin_business = fields.Float(
        digits=(16, 4), help="Percent a year above the base rate."
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
        required=True,
        default="due",
    )
    # where it stands
    source = fields.Text(help="Where each rule is written.")
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
        # sudo: which law applies is no secret to who runs reminders
        profiles = {one.country_id: one for one in self.sudo().search([])}
        elsewhere = profiles.get(self.env["res.country"], self)
        return {
            company: profiles.get(company._gym_country(), elsewhere)
            for company in companies
        }

    @api.model
    def _of(self, company):
        """Return the rule of one company."""
        return self._by_company(company)[company]

    # === INTEREST === #

    def _compute_interest(self, amount, date_due, date_until, is_business, currency):
        """Return the interest of an amount, simple, by actual days of 365, from the day
        after the due date, and the lump sum of its invoice.

        It is rounded once, half up, in `currency`; the parts add up to it. Whether it
        was agreed is the caller's to ask.

        :param amount: what is owed, in `currency`
        :param is_business: whether who is invoiced is a company
        :return: list of (days, percent a year, amount) and the lump sum, in the
            currency of the rule; no parts where a day has no rate, where the law
            forbids interest, or where nothing is late
        """
        self.ensure_one()
        lump_sum = self.business_lump_sum if is_business else 0.0
        allowed = self.interest_business if is_business else self.interest_consumer
        periods = self._rate_periods(is_business)
        if allowed == "no" or not periods or date_until <= date_due:
            return [], lump_sum
        query = SQL(
            """SELECT found.parts
                 FROM (SELECT %(amount)s::numeric AS amount, %(due)s::date AS since,
                              %(until)s::date AS until, %(unit)s::numeric AS unit) owed
                CROSS JOIN LATERAL (%(interest)s) found""",
            amount=str(amount),
            due=date_due,
            until=date_until,
            unit=str(currency.rounding),
            interest=self._interest_sql(self._periods_sql(periods)),
        )
        ((parts,),) = self.env.execute_query(query)
        return [tuple(part) for part in parts or []], lump_sum

    @api.model
    def _interest_sql(self, periods):
        """Return a query of `amount` and `parts` of the interest of a row `owed`, which
        has `amount`, `since`, `until` and `unit` (the smallest coin); both NULL where a
        day has no rate.

        :param periods: rows of (first day, last day, percent a year)
        """
        return SQL(
            """SELECT max(part.rounded) AS amount,
                      jsonb_agg(jsonb_build_array(part.days, part.rate,
                                                  part.rounded - part.before)
                                ORDER BY part.since) AS parts
                 FROM (SELECT day.since, day.days, day.rate,
                              round(sum(day.exact) OVER upto / owed.unit)
                                  * owed.unit AS rounded,
                              round((sum(day.exact) OVER upto - day.exact)
                                  / owed.unit) * owed.unit AS before,
                              sum(day.days) OVER () AS counted
                         FROM (SELECT period.since, period.rate, span.days,
                                      owed.amount * period.rate * span.days / 36500
                                          AS exact
                                 FROM %(periods)s AS period (since, until, rate)
                                CROSS JOIN LATERAL (
                                      SELECT LEAST(owed.until, period.until)
                                             - GREATEST(owed.since, period.since - 1)
                                             AS days) span
                                WHERE span.days > 0) day
                       WINDOW upto AS (ORDER BY day.since)) part
                HAVING max(part.counted) = owed.until - owed.since""",
            periods=periods,
        )

    @api.model
    def _periods_sql(self, periods):
        rows = [SQL("(%s::date, %s::date, %s::numeric)", *one) for one in periods]
        return SQL("(VALUES %s)", SQL(", ").join(rows))

    def _rate_periods(self, is_business):
        """Return the rates as periods without overlap: (first day, last day, rate);
        a rate of 0 is one that nobody has entered."""
        self.ensure_one()
        rates = self.rate_ids.sorted("date_from")
        name = "rate_business" if is_business else "rate_consumer"
        return [
            (rate.date_from, rate._last_day(following), str(rate[name]))
            for rate, following in zip(rates, [*rates[1:], rates[:0]], strict=True)
            if rate[name]
        ]

    def _first_gap(self, is_business, date):
        """Return the last day with a rate before the first day without one, up to
        `date`: `None` where there is a rate until then, `False` where none ever was."""
        covered = False
        for since, until, __ in self._rate_periods(is_business):
            if covered and (since - covered).days > 1:
                break
            covered = until
            if covered >= date:
                return None
        return covered

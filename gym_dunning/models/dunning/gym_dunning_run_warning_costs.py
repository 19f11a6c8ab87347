from odoo import models
from odoo.tools import SQL, format_date


class GymDunningRun(models.Model):
    """Why a proposal costs what it costs, told beforehand."""

    _inherit = "gym.dunning.run"

    def _cost_warnings(self, combinations):
        """Return why letters cost less than their level says, and why no interest.

        :param combinations: see `_evaluated_combinations`
        """
        for company, currency, level in combinations:
            if level.fee_product_id:
                yield from self._fee_warnings(company, currency, level)
        if self.policy_id.level_ids.filtered("charge_interest"):
            yield from self._interest_warnings()

    def _fee_warnings(self, company, currency, level):
        fees = self.env["gym.dunning.fee"]
        place = SQL(
            "reminder.currency_id = %s AND reminder.level_id = %s",
            currency.id,
            level.id,
        )
        for is_business, by_email in ((False, False), (False, True), (True, False)):
            limit, why = fees._limit(
                level, company, currency, self.date, is_business, by_email
            )
            if (
                why
                and why != "lump_sum"
                and self._lowers(limit, company, currency, level)
            ):
                whom = self._whom_sql(level, is_business, by_email)
                yield self._warn_companies(
                    company, SQL("%s AND %s", place, whom), fees._why(why)
                )

    def _lowers(self, limit, company, currency, level):
        """Tell whether a limit changes the fee of a level."""
        if not self.env["gym.invoicing"]._has_rate(company, currency):
            return False  # that is told by itself
        usual = self.env["gym.dunning.fee"]._gross(level, company, currency, self.date)
        return currency.compare_amounts(limit, usual) < 0

    def _whom_sql(self, level, is_business, by_email):
        """Whether a letter is one of a company, or goes to a consumer in this way."""
        debtor = SQL(
            """EXISTS (SELECT FROM res_partner debtor
                        WHERE debtor.id = reminder.partner_id AND debtor.is_company)"""
        )
        if is_business:
            return debtor
        mailed = SQL("FALSE")
        if level.mail_template_id:
            mailed = SQL(
                """EXISTS (SELECT FROM res_partner addressee
                            WHERE addressee.id = reminder.addressee_id
                              AND addressee.email_normalized IS NOT NULL)"""
            )
        way = mailed if by_email else SQL("NOT %s", mailed)
        return SQL("(NOT %s AND %s)", debtor, way)

    def _interest_warnings(self):
        """Return for which centres rates are missing; no interest is charged for days
        that have none, nor for the days before them."""
        profiles = self.env["gym.dunning.profile"]._by_company(self.company_ids)
        for company, profile in profiles.items():
            for is_business in (False, True):
                if profile._may_charge_interest(company, is_business):
                    yield self._warn_companies(
                        company,
                        self._without_interest_sql(is_business),
                        self._no_rate_sentence(company, profile, is_business),
                    )

    def _without_interest_sql(self, is_business):
        """Whether an item of the letter would cost interest if its days had rates."""
        levels = self.policy_id.level_ids.filtered("charge_interest")
        return SQL(
            """(reminder.company_id, reminder.member_id, reminder.currency_id) IN (
                   SELECT company_id, person_id, currency_id
                     FROM gym_dunning_evaluation
                    WHERE is_business = %s AND reason IS NULL AND level_id IN %s
                      AND interest_from IS NULL)""",
            is_business,
            tuple(levels.ids),
        )

    def _no_rate_sentence(self, company, profile, is_business):
        country = company._gym_country()
        place = country.code or profile.name
        last = profile._last_day_with_rate(is_business, self.date)
        if last and last < self.date:
            day = format_date(self.env, last)
            return self.env._(
                "no interest: no rate for %(country)s after %(date)s",
                country=place,
                date=day,
            )
        return self.env._("no interest: no rate for %s for all days", place)

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_date, formatLang


class ResCompany(models.Model):
    """What a centre's reminders cost whom, and why: a line for the settings."""

    _inherit = "res.company"

    def _gym_costs_of(self, policy):
        """Return one line per centre as HTML: what its reminders cost whom and why."""
        lines = [company._gym_cost_line(policy) for company in self]
        return Markup("<ul>%s</ul>") % Markup().join(lines) if lines else False

    def _gym_cost_line(self, policy):
        self.ensure_one()
        rule = self.env["gym.dunning.profile"]._of(self)
        sentences = [
            *self._gym_country_sentences(rule),
            *self._gym_fee_sentences(policy),
            *self._gym_interest_sentences(policy, rule),
            *self._gym_booking_sentences(policy),
        ]
        return Markup("<li><strong>%s</strong>: %s</li>") % (
            self.name,
            " ".join(sentences),
        )

    def _gym_country_sentences(self, rule):
        """Say by which rule the centre charges, where it is not its country's."""
        country = self._gym_country()
        if not rule:
            yield self.env._(
                "No rule is active for it: nothing is charged. Activate one under"
                " Configuration > Costs by Country."
            )
        elif not country:
            yield self.env._(
                "It has no country, so the rule for everywhere else holds. Enter the"
                " country in the company's address."
            )
        elif rule.country_id != country:
            yield self.env._(
                "There is no active rule for %s, so the one for everywhere else holds.",
                country.name,
            )

    def _gym_booking_sentences(self, policy):
        """Recommend entries to who sends e-invoices: costs are damages, and no sale."""
        if policy.fee_booking == "invoice" and self._gym_has_e_invoicing():
            yield self.env._(
                "It sends e-invoices: book fees as journal entries, because a claim "
                "for damages is not an invoice."
            )

    # === FEES === #

    def _gym_fee_sentences(self, policy):
        """Say what each level with a fee costs members and companies."""
        levels = policy.level_ids.filtered("fee_product_id")
        if not levels:
            yield self.env._("No level has a fee.")
        for level in levels:
            yield self.env._(
                "%(level)s: members %(members)s; companies %(companies)s.",
                level=level.name,
                members=self._gym_fee_of_members(level),
                companies=self._gym_fee(level, True, False),
            )

    def _gym_fee_of_members(self, level):
        on_paper = self._gym_fee(level, False, False)
        by_email = level.mail_template_id and self._gym_fee(level, False, True)
        if not by_email or by_email == on_paper:
            return on_paper
        return self.env._(
            "by post %(paper)s, by e-mail %(email)s", paper=on_paper, email=by_email
        )

    def _gym_fee(self, level, is_business, by_email):
        """Say what a letter costs, with the reason where it is not the article's."""
        fees = self.env["gym.dunning.fee"]
        currency, today = self.currency_id, fields.Date.context_today(self)
        limit, why = fees._limit(level, self, currency, today, is_business, by_email)
        if why == "lump_sum":
            amount = fees._lump_sum(self, currency, today)
            return self.env._(
                "%s once per invoice, as lump sum", currency.format(amount)
            )
        usual = fees._gross(level, self, currency, today)
        amount = fees._gross(level, self, currency, today, limit=limit)
        if not why or not currency.compare_amounts(amount, usual):
            return currency.format(amount)
        because = fees._why(why)
        return f"{currency.format(amount)} ({because})" if amount else because

    # === INTEREST === #

    def _gym_interest_sentences(self, policy, rule):
        """Say whether interest is charged, at which rates, and until when they hold."""
        if not policy.level_ids.filtered("charge_interest"):
            yield self.env._("No level charges interest.")
            return
        today = fields.Date.context_today(self)
        yield self.env._(
            "Interest: members %(members)s; companies %(companies)s.",
            members=self._gym_rate(rule, False, today),
            companies=self._gym_rate(rule, True, today),
        )
        if rule.last_rate_date and rule.last_rate_date < today:
            yield self.env._(
                "The newest rate ended on %s: enter the next one under Configuration >"
                " Costs by Country.",
                format_date(self.env, rule.last_rate_date),
            )

    def _gym_rate(self, rule, is_business, today):
        if not rule._may_charge_interest(self, is_business):
            return self.env._("none (not agreed)")
        steps = rule._interest_steps(is_business, today)
        if not steps:
            return self.env._("none (no rate for today)")
        return f"{formatLang(self.env, float(steps[-1].rate), digits=2)} %"

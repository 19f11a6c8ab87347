from odoo import api, models


class GymDunningFee(models.AbstractModel):
    """What the law of the centre's country and its contracts let a reminder cost."""

    _inherit = "gym.dunning.fee"

    @api.model
    def _limit(self, level, company, currency, date, is_business, by_email):
        """Return the most that a letter may cost, tax included, and why.

        :param by_email: whether the letter goes to a consumer by e-mail
        :return: (amount in `currency`, or None where nothing limits it; code of
            `_why`, or False)
        """
        rule = self.env["gym.dunning.profile"]._of(company)
        if why := self._forbidden(rule, level, company, is_business, by_email):
            return 0.0, why
        limits = self._limits(rule, company, is_business)
        amount, why = min(limits, default=(None, False))
        if amount is not None:
            amount = company.currency_id._convert(amount, currency, company, date)
        return amount, why

    @api.model
    def _forbidden(self, rule, level, company, is_business, by_email):
        """Return the code of why a letter costs nothing, or False."""
        if not rule:
            return "no_rule"
        if is_business and rule.business_lump_sum:
            return "lump_sum"
        allowed = rule.business_fee if is_business else rule.consumer_fee
        if allowed == "no":
            return "law"
        if allowed == "agreed" and not company.dunning_fee_agreed:
            return "not_agreed"
        if is_business:
            return False
        if level.number == 1 and not rule.first_reminder_fee:
            return "first"
        return "email" if by_email and not rule.email_fee else False

    @api.model
    def _limits(self, rule, company, is_business):
        """Return what limits an allowed fee: (amount in the centre's currency, why)."""
        limits = []
        if company.dunning_fee_agreed and company.dunning_fee_agreed_amount:
            limits.append((company.dunning_fee_agreed_amount, "agreed"))
        if not is_business and rule.consumer_fee_max:
            limits.append((rule.consumer_fee_max, "law_max"))
        return limits

    @api.model
    def _lump_sum(self, company, currency, date):
        """Return the lump sum of a late invoice of a company, in `currency`; 0 where
        the rule has none, or where that currency has no rate."""
        amount = self.env["gym.dunning.profile"]._of(company).business_lump_sum
        if not amount or not self.env["gym.invoicing"]._has_rate(company, currency):
            return 0.0
        return company.currency_id._convert(amount, currency, company, date)

    # === WORDS === #

    @api.model
    def _why(self, code):
        """Say in a few words, for proposals and settings, why a fee is as it is."""
        texts = {
            "no_rule": self.env._("no fee: there is no rule for this country"),
            "law": self.env._("no fee: the law forbids it for consumers"),
            "not_agreed": self.env._(
                "no fee: it is not agreed in the contracts (settings)"
            ),
            "first": self.env._("no fee: the first letter costs nothing"),
            "email": self.env._("no fee: reminders by e-mail cost nothing"),
            "agreed": self.env._("fee lowered to what was agreed"),
            "law_max": self.env._("fee lowered to what the law allows"),
            "lump_sum": self.env._("lump sum instead of a fee"),
        }
        return texts.get(code)

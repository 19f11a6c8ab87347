from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...tools import months_before


class GymRenewalProfile(models.Model):
    """What a country expects of renewals of consumers' contracts.

    Rules are data, delivered as a starting point and edited by managers: the code
    compares facts with them, warns, and never decides what is lawful.
    """

    _name = "gym.renewal.profile"
    _description = "Renewal Rules of a Country"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    country_id = fields.Many2one(
        "res.country",
        help="Country of the centre; empty: all countries without their own rules.",
    )
    cancel_months = fields.Integer(
        string="Cancellation Period (Months)",
        help="How long before the end of the term a member must cancel; 0: until its "
        "last day.",
    )
    notice_from = fields.Integer(
        string="Notice from (Days Before)",
        help="Notices of renewal are sent from this many days before the last day to "
        "cancel; 0: none are sent.",
    )
    notice_to = fields.Integer(
        string="Notice to (Days Before)",
        help="Until this many days before the last day to cancel.",
    )
    notice_required = fields.Boolean(
        string="Warn without Notice",
        help="A renewal whose notice was not sent in time gets a warning.",
    )
    max_term_months = fields.Integer(
        string="Longest Renewal (Months)", help="0: no limit."
    )
    open_ended_only = fields.Boolean(
        string="Only without an End",
        help="A renewal for a fixed term gets a warning.",
    )
    date_from = fields.Date(
        string="For Contracts from",
        help="'Only without an End' applies to contracts that started on this day or "
        "later; empty: to all.",
    )
    warning = fields.Text(
        translate=True, help="Added to every warning: what to do about it."
    )

    _country_uniq = models.UniqueIndex(
        "(COALESCE(country_id, 0)) WHERE active",
        "There are rules for this country already.",
    )

    @api.constrains("cancel_months", "notice_from", "notice_to", "max_term_months")
    def _check_numbers(self):
        for profile in self:
            numbers = (
                profile.cancel_months,
                profile.notice_to,
                profile.max_term_months,
            )
            if min(numbers) < 0 or profile.notice_from < profile.notice_to:
                raise ValidationError(
                    self.env._(
                        "%s: days and months cannot be negative, and notices must "
                        "begin before they end: the first number of days is the "
                        "larger one.",
                        profile.name,
                    )
                )

    @api.model
    def _by_country(self):
        """Return the profiles by country id; that of all others under False."""
        return {profile.country_id.id: profile for profile in self.search([])}

    # === DAYS === #

    def _last_cancel_day(self, end):
        """Return the last day on which a term that ends on `end` may be cancelled."""
        return months_before(end, self.cancel_months)

    def _window(self, end):
        """Return first and last day for the notice of a renewal after `end`."""
        last = self._last_cancel_day(end)
        return (
            fields.Date.subtract(last, days=self.notice_from),
            fields.Date.subtract(last, days=self.notice_to),
        )

    # === WARNINGS === #

    def _warnings(self, contract, date):
        """Say what of a renewal on `date` differs from these rules; empty: nothing."""
        if not self or contract.state not in ("draft", "active"):
            return ""
        if not contract.auto_renew:
            return ""
        facts = self._term_warnings(contract) + self._notice_warnings(contract, date)
        return "\n".join([*facts, self.warning or ""]).strip() if facts else ""

    def _term_warnings(self, contract):
        fixed = contract.subscription_ids.filtered(
            lambda one: one.renewable and one.renewal_mode == "term"
        )
        if self._is_open_ended_only(contract):
            text = self.env._(
                "%(rules)s: %(product)s is renewed for a fixed term of %(months)s "
                "months instead of open-ended."
            )
        else:
            fixed = fixed.filtered(
                lambda one: 0 < self.max_term_months < one.term_months
            )
            text = self.env._(
                "%(rules)s: %(product)s is renewed for %(months)s months, longer than"
                " %(most)s months."
            )
        return [
            text
            % {
                "rules": self.name,
                "product": one.product_id.display_name,
                "months": one.term_months,
                "most": self.max_term_months,
            }
            for one in fixed
        ]

    def _is_open_ended_only(self, contract):
        return self.open_ended_only and (
            not self.date_from or contract.date_start >= self.date_from
        )

    def _notice_warnings(self, contract, date):
        if not self.notice_required or not contract._is_notice_due():
            return []
        first, last = self._window(contract.date_end)
        if date <= last or contract._was_told(first, last):
            return []
        return [
            self.env._(
                "%(rules)s: no notice of this renewal was sent from %(first)s to"
                " %(last)s.",
                rules=self.name,
                first=format_date(self.env, first),
                last=format_date(self.env, last),
            )
        ]

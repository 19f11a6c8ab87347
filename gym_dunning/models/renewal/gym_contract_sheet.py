from odoo import models
from odoo.tools import format_date


class GymContract(models.Model):
    """What the printed contract says besides its fields."""

    _inherit = "gym.contract"

    def _sheet_title(self):
        self.ensure_one()
        return self.env._("Membership Contract %s", self.name or "")

    def _notice_on_sheet(self):
        """Say how the contract ends: by itself, or by a notice until when."""
        self.ensure_one()
        if self.date_cancel:
            return self.env._(
                "The contract is cancelled and ends on %s.",
                format_date(self.env, self.date_cancel),
            )
        if not self._is_renewed_on_sheet():
            return self.env._("The contract ends with its term, without a notice.")
        months = self.renewal_profile_id.cancel_months
        if not self.renewal_profile_id:
            return self.env._(
                "Unless it is cancelled before its end, the contract is renewed."
            )
        if months == 1:
            return self.env._(
                "Unless it is cancelled one month before its end at the latest, the"
                " contract is renewed."
            )
        return self.env._(
            "Unless it is cancelled %s months before its end at the latest, the"
            " contract is renewed.",
            months,
        )

    def _is_renewed_on_sheet(self):
        return self.auto_renew and any(self.subscription_ids.mapped("renewable"))


class GymContractSubscription(models.Model):
    """A line of the printed contract."""

    _inherit = "gym.contract.subscription"

    def _term_on_sheet(self):
        self.ensure_one()
        if self.term_months == 1:
            return self.env._("1 month")
        return self.env._("%s months", self.term_months)

    def _renewal_on_sheet(self):
        self.ensure_one()
        if not (self.renewable and self.contract_id.auto_renew):
            return self.env._("ends")
        if self.renewal_mode == "open":
            return self.env._("month by month")
        return self.env._("the same term again")

    def _gross_on_sheet(self):
        """Return the price of a term, tax included, in the contract's currency."""
        self.ensure_one()
        # sudo: who prints a contract need not read taxes
        notices = self.env["gym.renewal.notice.run"].sudo()
        term = {"subscription_id": self.id, "price_unit": self.price_unit}
        return notices._with_tax(self.contract_id, term)

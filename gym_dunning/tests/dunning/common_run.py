from datetime import timedelta

from ..base.common import TODAY
from ..base.common_english import EnglishCommon

STORED_BY_A_RUN = (
    "gym.dunning.run",
    "gym.dunning.reminder",
    "gym.dunning.reminder.line",
    "gym.dunning.exclusion",
    "gym.process",
)


def day_after(days):
    """Return the day `days` after TODAY."""
    return TODAY + timedelta(days=days)


class RunCommon(EnglishCommon):
    """Shared by the tests of estimate, generation, fees and cancelling."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = "en_US"  # a background job speaks its starter's language
        cls.one, cls.two, cls.three = cls.policy.level_ids
        cls.paused = cls.env.ref("gym_dunning.client_status_paused")
        cls.in_collection = cls.env.ref("gym_dunning.client_status_collection")

    @classmethod
    def _create_late_member(cls, name, amount=100.0, days=30, **vals):
        """Return a member who has one late invoice."""
        member = cls._create_member(name, **vals)
        cls._create_invoice(member, days=days, amount=amount)
        return member

    @classmethod
    def _invoices(cls, partner):
        return cls.env["account.move"].search(
            [("partner_id", "=", partner.id), ("move_type", "=", "out_invoice")]
        )

    @classmethod
    def _create_credit(cls, partner, amount, **vals):
        """Post a credit note that is allocated to no invoice."""
        return cls._create_invoice(
            partner, amount=amount, move_type="out_refund", **vals
        )

    @classmethod
    def _hold(cls, invoice, reason, **vals):
        line = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        return (
            cls.env["gym.dunning.hold"]
            .sudo()
            .create({"move_line_id": line.id, "reason": reason} | vals)
        )

    def _count_rows(self):
        """Count what runs store, by model."""
        return {
            name: self.env[name].search_count([], limit=None)
            for name in STORED_BY_A_RUN
        }

    def _reasons(self, run, invoice):
        """Return the reasons why this invoice was left out of a run."""
        mine = run.exclusion_ids.filtered(lambda one: one.move_id == invoice)
        return mine.mapped("reason")

    def _reach(self, count):
        """Run `count` levels, deliver them, and return the day of the next run."""
        __, last = self._run_levels(count)
        return last + timedelta(days=11)

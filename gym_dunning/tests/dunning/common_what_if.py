"""A policy that is tried, and what a run by the numbers tried really proposes."""

from collections import Counter

from ..base.common import TODAY
from .common_run import RunCommon


class WhatIfCommon(RunCommon):
    """Shared by the tests of what if and of the replay."""

    def _try(self, filters=None, levels=None, date=TODAY, policy=None):
        """Return the dialog of a policy with other numbers.

        :param levels: dict of level to dict of numbers
        """
        action = (policy or self.policy).action_try()
        trial = self.env[action["res_model"]].browse(action["res_id"])
        trial.write({"date": date} | (filters or {}))
        for line in trial.line_ids:
            line.write((levels or {}).get(line.level_id, {}))
        return trial

    def _compared(self, *args, **kwargs):
        """Return what is found by the policy and by the numbers tried."""
        trial = self._try(*args, **kwargs)
        trial.action_compare()
        return trial.figures["today"], trial.figures["tried"]

    def _run_for_real(self, filters=None, levels=None, date=TODAY):
        """Return the figures of a run by these numbers, written into the policy and
        estimated; nothing of it stays."""
        with self.env.cr.savepoint() as savepoint:
            self.policy.write(filters or {})
            for level, numbers in (levels or {}).items():
                level.write(numbers)
            run = self.env["gym.dunning.run"].create(
                {
                    "company_id": self.policy.company_id.id,
                    "policy_id": self.policy.id,
                    "date": date,
                }
            )
            run._estimate()
            figures = self._figures_of(run)
            savepoint.rollback()
        return figures

    def _figures_of(self, run):
        levels = [
            {
                "level_id": level.id,
                "letters": len(letters),
                "asked": self._in_company(
                    run, letters, lambda one: one.amount_open - one.amount_credit
                ),
                "fees": self._in_company(run, letters, lambda one: one.amount_fee),
                "interest": self._in_company(
                    run, letters, lambda one: one.amount_interest
                ),
                "charges": self._in_company(
                    run, letters, lambda one: one.amount_charges
                ),
            }
            for level, letters in run.reminder_ids.grouped("level_id").items()
        ]
        blocks = run.block_mode != "none"
        return {
            "levels": sorted(levels, key=lambda row: row["level_id"]),
            "members": len(run.reminder_ids.member_id),
            "blocked": len(run.blocking_ids._members_to_block()) if blocks else 0,
            "excluded": dict(Counter(run.exclusion_ids.mapped("reason"))),
        }

    def _in_company(self, run, letters, amount):
        """Sum up by company and currency, in the currency of the policy's company."""
        currency = self.policy.company_id.currency_id
        total = 0.0
        for company, mine in letters.grouped("company_id").items():
            for coin, same in mine.grouped("currency_id").items():
                total += coin._convert(
                    sum(map(amount, same)), currency, company, run.date
                )
        return currency.round(total)

from odoo import api, models
from odoo.tools import SQL

# One row of the rates, by which none of ours is found.
NO_RATE = (0, False, "0001-01-01", "0001-01-01", 0, 0)


class GymDunningEvaluation(models.AbstractModel):
    """What items cost besides: interest, lump sums of companies, the bank's charges."""

    _inherit = "gym.dunning.evaluation"

    def _evaluate(self, run, partners=None, proposed_in=None):
        # EXTENDS dunning
        result = super()._evaluate(run, partners, proposed_in)
        self._claim_lump_sums(run)
        return result

    # === INTEREST === #

    @api.model
    def _interest_join_sql(self, run):
        """Join the rate by which an item costs interest, and from when; nobody's days
        are claimed twice: a letter before may have claimed some."""
        levels = run.policy_id.level_ids.filtered("charge_interest")
        if not levels:
            return SQL()
        return SQL(
            """LEFT JOIN (%(claimed)s) claimed
                      ON claimed.move_line_id = summed.id
               LEFT JOIN res_currency coin ON coin.id = summed.currency_id
               LEFT JOIN (VALUES %(rates)s)
                      AS rate (company_id, is_business, since, until, percent, total)
                      ON rate.company_id = summed.company_id
                     AND rate.is_business = summed.is_business
                     AND GREATEST(summed.date_maturity, claimed.until) + 1
                         BETWEEN rate.since AND rate.until
                     AND summed.kind = 'item' AND summed.next_level_id IN %(levels)s""",
            claimed=self.env["gym.dunning.reminder.line"]._interest_claimed_sql(),
            rates=self._rates_sql(run),
            levels=tuple(levels.ids),
        )

    @api.model
    def _interest_columns_sql(self, run):
        """Return the interest of an item, rounded once, half up, and since when."""
        if not run.policy_id.level_ids.filtered("charge_interest"):
            return SQL("0::numeric AS interest, NULL::date AS interest_from")
        return SQL(
            """COALESCE(round(summed.amount_residual * GREATEST(0, rate.total
                       - rate.percent * (GREATEST(summed.date_maturity, claimed.until)
                                         - rate.since + 1))
                   / 36500 / coin.rounding) * coin.rounding, 0) AS interest,
               CASE WHEN rate.percent IS NOT NULL
                    THEN GREATEST(summed.date_maturity, claimed.until) END
                    AS interest_from"""
        )

    @api.model
    def _rates_sql(self, run):
        """Return the rates of the run's centres that lead to its date without a gap,
        for those of whom interest may be asked."""
        rows = [NO_RATE]
        profiles = self.env["gym.dunning.profile"]._by_company(run.company_ids)
        for company, profile in profiles.items():
            for is_business in (False, True):
                if profile._may_charge_interest(company, is_business):
                    rows += [
                        (company.id, is_business, step.since, step.until)
                        + (str(step.rate), str(step.left))
                        for step in profile._interest_steps(is_business, run.date)
                    ]
        return SQL(", ").join(
            SQL("(%s, %s, %s::date, %s::date, %s::numeric, %s::numeric)", *row)
            for row in rows
        )

    # === LUMP SUMS === #

    @api.model
    def _claim_lump_sums(self, run):
        """Note with the first item of each invoice of a company the lump sum that
        takes the place of the fee, once for ever, where the letter's level has one."""
        amounts = self._lump_sums(run)
        levels = run.policy_id.level_ids.filtered("fee_product_id")
        if not amounts or not levels:
            return
        self.env.cr.execute(
            SQL(
                """UPDATE gym_dunning_evaluation item SET lump_sum = first.amount
                     FROM (SELECT DISTINCT ON (due.company_id, due.person_id,
                                  due.currency_id, %(invoice)s)
                                  due.move_line_id, lump.amount
                             FROM gym_dunning_evaluation due
                             JOIN account_move move ON move.id = due.move_id
                             JOIN (VALUES %(amounts)s)
                                  AS lump (company_id, currency_id, amount)
                               ON lump.company_id = due.company_id
                              AND lump.currency_id = due.currency_id
                            WHERE due.is_business AND due.kind = 'item'
                              AND due.reason IS NULL
                              AND due.letter_level_id IN %(levels)s
                              AND NOT EXISTS (
                                  SELECT FROM gym_dunning_reminder_line line
                                    JOIN account_move_line other
                                      ON other.id = line.move_line_id
                                   WHERE line.amount_lump_sum > 0 AND %(claimed)s
                                     AND CASE WHEN move.move_type = 'entry'
                                              THEN other.id = due.move_line_id
                                              ELSE other.move_id = move.id END)
                            ORDER BY due.company_id, due.person_id, due.currency_id,
                                     %(invoice)s, due.date_maturity, due.move_line_id
                          ) first
                    WHERE first.move_line_id = item.move_line_id""",
                claimed=self.env["gym.dunning.reminder.line"]._claimed_sql(),
                # opening entries hold many invoices, each a line of its own
                invoice=SQL(
                    """move.id, CASE WHEN move.move_type = 'entry'
                                     THEN due.move_line_id END"""
                ),
                amounts=SQL(", ").join(
                    SQL("(%s, %s, %s::numeric)", *row) for row in amounts
                ),
                levels=tuple(levels.ids),
            )
        )

    @api.model
    def _lump_sums(self, run):
        """Return (company, currency, amount) for the centres whose rule has one."""
        fees = self.env["gym.dunning.fee"]
        profiles = self.env["gym.dunning.profile"]._by_company(run.company_ids)
        companies = run.company_ids.filtered(
            lambda company: profiles[company].business_lump_sum
        )
        if not companies:
            return []
        pairs = self.env.execute_query(
            SQL(
                """SELECT DISTINCT company_id, currency_id FROM gym_dunning_evaluation
                    WHERE is_business AND kind = 'item' AND reason IS NULL
                      AND company_id IN %s""",
                tuple(companies.ids),
            )
        )
        return [
            (company_id, currency_id, amount)
            for company_id, currency_id in pairs
            if (
                amount := fees._lump_sum(
                    companies.browse(company_id),
                    self.env["res.currency"].browse(currency_id),
                    run.date,
                )
            )
        ]

    # === WHAT OTHER ROOMS CLAIM === #

    def _charges_sql(self, run):
        """Return what other rooms claim for the charges of banks, as a query of
        (company_id, person_id, currency_id, amount), or None."""
        return

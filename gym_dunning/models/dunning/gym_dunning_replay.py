import time
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, config

from ..ledger.gym_open_item_as_of import AS_OF_KEY
from ..ledger.gym_open_item_query import LEFT_OUT_KEY

MONTHS = 6
DAYS_BETWEEN = 7
# A letter was not needed where all of it was paid within so many days.
DAYS_PAID = 2
# Of the time that a server lets a request take; by so many runs it is known whether all
# of them fit into it.
PART_OF_LIMIT, RUNS_TO_KNOW = 0.75, 3


class GymDunningReplay(models.AbstractModel):
    """What runs of past days would have sent, had the numbers of a trial held.

    A run is evaluated on each day as of what the books say today about that day. Items
    begin with the level that they had reached before the first day, and go on by the
    letters of the replay: each counts as sent on its day. What nobody knows any more
    (who was held back, paused, a minor or without an address then) keeps nobody back.
    Fees are left out: those that are booked are of the letters that were really sent.
    """

    _name = "gym.dunning.replay"
    _description = "Replay of a Policy"
    _inherit = ["gym.dunning.evaluation"]

    @api.model
    def _days(self, date):
        """Return the days of the runs, the first one first: one each week until `date`,
        in the months before it."""
        first = self._since(date)
        weeks = range((date - first).days // DAYS_BETWEEN + 1)
        days = [date - timedelta(days=DAYS_BETWEEN * week) for week in weeks]
        return sorted(day for day in days if day > first)

    @api.model
    def _since(self, date):
        """Return the last day before the months that are replayed."""
        return date - relativedelta(months=MONTHS)

    @api.model
    def _replay(self, policy, companies, date, filters, levels):
        """Return what would have been sent, beside what was, by month and level.

        :param companies, filters, levels: as of `gym.dunning.trial`
        :return: list of dicts of `month` (its first day), `number` (of the level),
            `letters` and `paid` (of them to who paid all of it within two days) of the
            replay, `sent` and `sent_paid` of the reminders that were issued
        :raise UserError: the policy is not complete, as for a run; or it would take
            longer than the server lets a request take
        """
        trial = self.env["gym.dunning.trial"]
        with trial._tried(policy, companies, date, filters, levels) as run:
            run._check_ready()
            self._begin(date)
            for day in self._timed(self._days(date)):
                trial._date_run(run, day)
                self._evaluate(run)
                self._note_letters(run)
            rows = self._counted(self._replayed_lines_sql(), "letters", "paid")
            really = self._counted(self._sent_lines_sql(run, date), "sent", "sent_paid")
        for key, counts in really.items():
            rows.setdefault(key, {"letters": 0, "paid": 0}).update(counts)
        return [
            {"month": month, "number": number, "sent": 0, "sent_paid": 0} | counts
            for (month, number), counts in sorted(rows.items())
        ]

    # === TIME === #

    @api.model
    def _patience(self):
        """Return how many seconds a replay may take; 0 for as long as it takes."""
        return config["limit_time_real"] * PART_OF_LIMIT

    def _timed(self, days):
        """Yield the days; give up as soon as it is known that they take too long. The
        server would end the request, and nobody would know why."""
        begun = time.monotonic()
        for done, day in enumerate(days):
            taken = time.monotonic() - begun
            if done >= RUNS_TO_KNOW and 0 < self._patience() < taken / done * len(days):
                raise UserError(
                    self.env._(
                        "The last six months of so many open payments take longer than"
                        " the server waits. Tick fewer centres in the company menu, and"
                        " replay them one after the other."
                    )
                )
            yield day

    # === THE WALK === #

    def _begin(self, date):
        """Make the tables of what items have reached and of the letters."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """CREATE TEMP TABLE gym_dunning_replay_reached ON COMMIT DROP AS
                   SELECT DISTINCT ON (line.move_line_id) line.move_line_id,
                          line.level_id, rank.number, letter.date_due
                     FROM gym_dunning_reminder_line line
                     JOIN gym_dunning_reminder letter ON letter.id = line.reminder_id
                     JOIN %s rank ON rank.id = line.level_id
                    WHERE letter.state = 'issued' AND letter.date <= %s
                      AND line.move_line_id IS NOT NULL
                    ORDER BY line.move_line_id, letter.date DESC, letter.id DESC""",
                self.env["gym.dunning.level"]._rank_sql(),
                self._since(date),
            )
        )
        self.env.cr.execute(
            "ALTER TABLE gym_dunning_replay_reached ADD PRIMARY KEY (move_line_id)"
        )
        self.env.cr.execute(
            """CREATE TEMP TABLE gym_dunning_replay_line (
                   date date, company_id int, owner_id int, currency_id int,
                   number int, move_line_id int, amount numeric) ON COMMIT DROP"""
        )

    def _note_letters(self, run):
        """Add the letters of a day; their items have reached the next level."""
        of_letters = SQL("reason IS NULL AND letter_number IS NOT NULL")
        self.env.cr.execute(
            SQL(
                """INSERT INTO gym_dunning_replay_line
                   SELECT %s, company_id, person_id, currency_id, letter_number,
                          move_line_id, amount
                     FROM gym_dunning_evaluation WHERE %s""",
                run.date,
                of_letters,
            )
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO gym_dunning_replay_reached
                   SELECT move_line_id, level_id, number, %s
                     FROM gym_dunning_evaluation WHERE kind = 'item' AND %s
                       ON CONFLICT (move_line_id) DO UPDATE
                      SET level_id = EXCLUDED.level_id, number = EXCLUDED.number,
                          date_due = EXCLUDED.date_due""",
                run.date + timedelta(days=run.payment_days),
                of_letters,
            )
        )

    # === AS OF A DAY === #

    def _ledger(self, run):
        # EXTENDS dunning: as of the day, with the levels of the replay
        ledger = self.env["gym.open.item"]
        left_out = ledger._parts_looked_up()
        ledger = ledger.with_context(
            **{AS_OF_KEY: run.date, LEFT_OUT_KEY: left_out, "dunning_date": run.date}
        )
        steps = [
            step
            for step in self.env["gym.dunning.level"]._steps()
            if step.policy_id == run.policy_id.id
        ]
        following = SQL("1 + COALESCE(reached.number, 0)")
        return SQL(
            """SELECT item.*, reached.level_id,
                      (%(ids)s::int[])[%(following)s] AS next_level_id,
                      (%(numbers)s::int[])[%(following)s] AS next_number,
                      (%(days)s::int[])[%(following)s] AS next_min_days,
                      reached.date_due AS reminder_date_due,
                      NULL::varchar AS reminder_delivery_state,
                      NULL::varchar AS hold_reason
                 FROM (%(ledger)s) item
                 LEFT JOIN gym_dunning_replay_reached reached
                        ON reached.move_line_id = item.id""",
            ids=[step.level_id for step in steps],
            numbers=[step.number for step in steps],
            days=[step.min_days for step in steps],
            following=following,
            ledger=ledger._table_query,
        )

    def _letter_layer(self, run, items):
        # OVERRIDE: nothing of persons, who may have been others then, and no costs
        return SQL(
            """SELECT summed.id AS move_line_id, summed.partner_id, summed.person_id,
                      summed.company_id, summed.currency_id, summed.kind,
                      summed.amount_residual AS amount,
                      summed.next_level_id AS level_id, summed.next_number AS number,
                      summed.letter_number,
                      COALESCE(summed.item_reason, %(reason)s) AS reason
                 FROM (%(sums)s) summed
                 LEFT JOIN %(levels)s letter_level
                        ON letter_level.policy_id = %(policy)s
                       AND letter_level.number = summed.letter_number
                 LEFT JOIN gym_dunning_level letter_rule
                        ON letter_rule.id = letter_level.id""",
            reason=self._letter_reason_sql(run),
            sums=self._sums_sql(items),
            levels=self.env["gym.dunning.level"]._rank_sql(),
            policy=run.policy_id.id,
        )

    # === WHAT NOBODY KNOWS ANY MORE === #

    def _columns_of_rooms(self):
        # OVERRIDE
        return []

    def _item_reasons(self, run):
        # OVERRIDE
        return []

    def _collected_by_nobody_sql(self):
        # OVERRIDE
        return SQL("NOT item.is_dunning_fee")

    def _in_other_run_sql(self, run):
        # OVERRIDE
        return SQL("FALSE")

    def _status_of_sql(self, partner, date):
        # OVERRIDE
        return SQL("NULL::varchar")

    def _people_reason_sql(self, run):
        # OVERRIDE
        return SQL("NULL::varchar")

    def _held_credits(self, run, purses, proposed_in):
        # OVERRIDE
        return {row["id"]: {} for rows in purses.values() for row in rows}

    def _claim_lump_sums(self, run):
        # OVERRIDE
        return

    # === COUNTING === #

    def _replayed_lines_sql(self):
        return SQL("SELECT * FROM gym_dunning_replay_line")

    def _sent_lines_sql(self, run, date):
        """What the policy's reminders of these months asked for, without fees."""
        return SQL(
            """SELECT letter.date, letter.company_id, letter.id AS owner_id,
                      letter.currency_id, rank.number, line.move_line_id, line.amount
                 FROM gym_dunning_reminder letter
                 JOIN gym_dunning_reminder_line line ON line.reminder_id = letter.id
                 JOIN %(ranks)s rank ON rank.id = letter.level_id
                WHERE letter.state = 'issued' AND rank.policy_id = %(policy)s
                  AND letter.company_id IN %(companies)s
                  AND letter.date > %(since)s AND letter.date <= %(date)s
                  AND (line.level_id IS NOT NULL OR line.amount < 0)""",
            ranks=self.env["gym.dunning.level"]._rank_sql(),
            policy=run.policy_id.id,
            companies=tuple(run.company_ids.ids),
            since=self._since(date),
            date=date,
        )

    def _counted(self, lines, *names):
        """Count letters by month and level, and those of them that were paid wholly.

        :param lines: query of what letters ask for; date, company, owner and currency
            tell letters apart
        :param names: what both counts are called
        :return: dict of (month, number) to dict of counts
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT date_trunc('month', date)::date, number, count(*),
                          count(*) FILTER (WHERE paid >= asked)
                     FROM (SELECT line.date, line.number, sum(line.amount) AS asked,
                                  sum(%(paid)s) AS paid
                             FROM (%(lines)s) line
                            GROUP BY line.date, line.company_id, line.owner_id,
                                     line.currency_id, line.number) letter
                    GROUP BY 1, 2""",
                paid=self._paid_soon_sql(),
                lines=lines,
            )
        )
        return {
            (month, number): dict(zip(names, counts, strict=True))
            for month, number, *counts in rows
        }

    def _paid_soon_sql(self):
        """The money dated within two days after a letter that settled an item of it."""
        return SQL(
            """COALESCE((SELECT sum(paid.debit_amount_currency)
                           FROM account_partial_reconcile paid
                          WHERE paid.debit_move_id = line.move_line_id
                            AND paid.max_date > line.date
                            AND paid.max_date <= line.date + %s AND %s), 0)""",
            DAYS_PAID,
            self.env["gym.dunning.outcome"]._is_money_sql(),
        )

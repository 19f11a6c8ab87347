from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL

# The run of a trial stands in the shadow of the table only, where no sequence gave it a
# number; no run that somebody made has this one.
RUN_ID = -1
# What a trial may change of a level.
LEVEL_FIELDS = (
    "min_days_overdue",
    "min_balance",
    "fee_product_id",
    "fee_amount",
    "charge_interest",
)
SUMS = ("asked", "fees", "interest", "charges")


class GymDunningTrial(models.AbstractModel):
    """What a run of reminders would propose by other numbers than those of its policy.

    The numbers stand in temporary tables that bear the names of the tables of policies,
    levels and runs. PostgreSQL finds these first, so that whatever evaluates items reads
    the numbers tried, of whichever room, and none of it has to know. The temporary
    tables are seen by nobody else, lock no row of the policy, draw no number, and go
    with the savepoint that they were made in.
    """

    _name = "gym.dunning.trial"
    _description = "Trial of a Policy"

    @api.model
    @contextmanager
    def _tried(self, policy, companies, date, filters, levels):
        """Let a policy have other numbers within the block; yield a run of it that is
        not stored.

        :param companies: the centres that the run is about
        :param filters: what the run is made with, by the names of `_filter_names`
        :param levels: dict of level to dict of `LEVEL_FIELDS`; others stay as they are
        """
        # leaving the savepoint empties the cache: nothing tried is left in it
        with self.env.cr.savepoint() as savepoint:
            self._shadow("gym.dunning.policy", "gym.dunning.level", "gym.dunning.run")
            self._change("gym.dunning.policy", policy.id, filters)
            for level, values in levels.items():
                self._change("gym.dunning.level", level.id, values)
            self._add_run(policy, companies, date, filters)
            self.env.invalidate_all(flush=False)
            yield self.env["gym.dunning.run"].browse(RUN_ID)
            savepoint.rollback()

    # === SHADOWS === #

    def _shadow(self, *names):
        """Copy the tables of these models under their own names."""
        centres = self.env["gym.dunning.run"]._fields["company_ids"].relation
        for table in [*(self.env[name]._table for name in names), centres]:
            name = SQL.identifier(table)
            self.env.cr.execute(
                SQL(
                    "CREATE TEMP TABLE %s ON COMMIT DROP AS SELECT * FROM %s",
                    name,
                    name,
                )
            )

    def _change(self, model, record_id, values):
        """Change a row of a shadow: by the schema's name, so that no search path can
        make it the table itself."""
        if not values:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE pg_temp.%s SET %s WHERE id = %s",
                SQL.identifier(self.env[model]._table),
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), self._column(model, name, it))
                    for name, it in values.items()
                ),
                record_id,
            )
        )

    def _column(self, model, name, value):
        """Return a value as the column of a field has it."""
        field = self.env[model]._fields[name]
        return field.convert_to_column(value, self.env[model])

    def _add_run(self, policy, companies, date, filters):
        """Put the run and its centres into the shadows."""
        run = self.env["gym.dunning.run"]
        values = filters | {
            "id": RUN_ID,
            "policy_id": policy.id,
            "company_id": companies[:1].id,
            "date": date,
            "state": "estimated",
        }
        self._insert(
            run._table,
            {name: self._column(run._name, name, it) for name, it in values.items()},
        )
        field = run._fields["company_ids"]
        for company in companies:
            self._insert(
                field.relation, {field.column1: RUN_ID, field.column2: company.id}
            )

    @api.model
    def _date_run(self, run, date):
        """Give the run of a trial another date."""
        self._change(run._name, run.id, {"date": date})
        run.invalidate_recordset(["date"], flush=False)

    def _insert(self, table, row):
        self.env.cr.execute(
            SQL(
                "INSERT INTO pg_temp.%s (%s) VALUES %s",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, row)),
                tuple(row.values()),
            )
        )

    # === FIGURES === #

    @api.model
    def _figures(self, policy, companies, date, filters, levels, currency):
        """Return what such a run would propose, as figures.

        Sums of letters in another currency are taken at the day's rate.

        :param currency: the currency of the sums
        :return: dict with `levels`, a list of dicts of `level_id`, `letters`, `asked`,
            `fees`, `interest` and `charges`; `members`; `blocked`, those who may lose
            their access; `excluded`, the number of items by reason
        :raise UserError: the policy is not complete, as for a run
        """
        with self._tried(policy, companies, date, filters, levels) as run:
            run._check_ready()
            self.env["gym.dunning.evaluation"]._evaluate(run)
            return {
                "levels": self._level_figures(run, currency),
                "members": self._count_members(),
                "blocked": self._count_blocked(run),
                "excluded": self._count_excluded(),
            }

    def _level_figures(self, run, currency):
        """Sum the letters up by level."""
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT letter_level_id AS level_id, company_id, currency_id,
                          count(*) AS letters, sum(open - credit) AS asked,
                          sum(fee) AS fees, sum(interest) AS interest,
                          sum(amount_charges) AS charges
                     FROM (%s) letter
                    GROUP BY letter_level_id, company_id, currency_id
                    ORDER BY letter_level_id, company_id, currency_id""",
                run._letters_sql(),
            )
        )
        levels = {}
        for row in rows:
            company = self.env["res.company"].browse(row["company_id"])
            coin = self.env["res.currency"].browse(row["currency_id"])
            sums = levels.setdefault(
                row["level_id"],
                {"level_id": row["level_id"], "letters": 0} | dict.fromkeys(SUMS, 0.0),
            )
            sums["letters"] += row["letters"]
            for name in SUMS:
                amount = coin._convert(float(row[name]), currency, company, run.date)
                sums[name] = currency.round(sums[name] + amount)
        return list(levels.values())

    def _count_members(self):
        """Count who would get a letter."""
        query = SQL(
            """SELECT count(DISTINCT person_id) FROM gym_dunning_evaluation
                WHERE reason IS NULL AND letter_number IS NOT NULL"""
        )
        return self.env.execute_query(query)[0][0]

    def _count_blocked(self, run):
        """Count whom the run could block, as `_members_to_block` of its reminders."""
        if run.policy_id.block_mode == "none":
            return 0
        query = SQL(
            """SELECT count(DISTINCT item.member_id)
                 FROM gym_dunning_evaluation item
                 JOIN res_partner member ON member.id = item.member_id
                WHERE item.reason IS NULL AND item.kind = 'item' AND item.is_last_level
                  AND item.level_id = item.letter_level_id
                  AND member.member_status_id <> %s""",
            run.policy_id.last_member_status_id.id,
        )
        return self.env.execute_query(query)[0][0]

    def _count_excluded(self):
        """Count the items that would be left out, by reason."""
        query = SQL(
            """SELECT reason, count(*) FROM gym_dunning_evaluation
                WHERE kind = 'item' AND reason IS NOT NULL GROUP BY reason"""
        )
        return dict(self.env.execute_query(query))

"""The floor: one SQL statement that finds the same debtors and stores the same rows.

It knows the benchmark's data and leaves out what does not occur there: credits,
guardians, fees, holds of other kinds. No program that stores the estimate can be
cheaper than this on the same tables.
"""

from odoo.tools import SQL

# ours: the floor's copy
TABLES = {
    "gym_dunning_reminder": "bench_reminder",
    "gym_dunning_reminder_line": "bench_line",
    "gym_dunning_exclusion": "bench_exclusion",
}


def create_tables(cr, with_keys):
    """Empty copies of our three tables, with foreign keys and indexes or without."""
    copy_tables(cr, TABLES, with_keys)


def copy_tables(cr, tables, with_keys):
    """Make an empty copy of each table, by the copies' names."""
    including = SQL("INCLUDING DEFAULTS INCLUDING CONSTRAINTS")
    if with_keys:
        including = SQL("%s INCLUDING INDEXES", including)
    for ours, copy in tables.items():
        table = SQL.identifier(copy)
        cr.execute(SQL("DROP TABLE IF EXISTS %s CASCADE", table))
        like = SQL.identifier(ours)
        cr.execute(SQL("CREATE TABLE %s (LIKE %s %s)", table, like, including))
        if not with_keys:
            cr.execute(SQL("ALTER TABLE %s ADD PRIMARY KEY (id)", table))
    if with_keys:
        for ours, copy in tables.items():
            _copy_foreign_keys(cr, tables, ours, copy)


def count_keys(cr):
    """Return how many foreign keys and indexes the copies have."""
    cr.execute(
        SQL(
            """SELECT (SELECT count(*) FROM pg_constraint
                        WHERE contype = 'f' AND conrelid::regclass::text IN %(names)s),
                      (SELECT count(*) FROM pg_indexes WHERE tablename IN %(names)s)""",
            names=tuple(TABLES.values()),
        )
    )
    keys, indexes = cr.fetchone()
    return {"foreign keys": keys, "indexes": indexes}


def _copy_foreign_keys(cr, tables, ours, copy):
    cr.execute(
        SQL(
            """SELECT pg_get_constraintdef(oid) FROM pg_constraint
                WHERE contype = 'f' AND conrelid = %s::regclass""",
            ours,
        )
    )
    for (definition,) in cr.fetchall():
        for name, other in tables.items():
            definition = definition.replace(
                f"REFERENCES {name}(", f"REFERENCES {other}("
            )
        cr.execute(SQL("ALTER TABLE %s ADD %s", SQL.identifier(copy), SQL(definition)))


def estimate(cr, run, level, min_days):
    """Select and insert everything; return the numbers of rows."""
    # the planner cannot know how many rows the first part finds, and guesses one
    cr.execute("SET LOCAL enable_nestloop = off")
    cr.execute(
        SQL(
            "WITH %s, %s, %s, %s SELECT (SELECT count(*) FROM letters),"
            " (SELECT count(*) FROM lines), (SELECT count(*) FROM left_out)",
            _due(run, level, min_days),
            _letters(run, level),
            _lines(level),
            _left_out(run),
        )
    )
    return dict(zip(("reminders", "lines", "left out"), cr.fetchone(), strict=True))


def _due(run, level, min_days):
    return SQL(
        """due AS MATERIALIZED (
            SELECT aml.id, aml.move_id, move.name, aml.company_id, aml.partner_id,
                   aml.currency_id, aml.date_maturity, aml.amount_currency,
                   aml.amount_residual_currency AS amount,
                   %(date)s - aml.date_maturity AS days,
                   CASE WHEN aml.no_followup THEN 'no_followup'
                        WHEN %(date)s - aml.date_maturity < %(window)s
                        THEN 'window_not_reached'
                        WHEN client.stops_reminders THEN 'client_paused'
                        WHEN CONCAT(partner.email, partner.street, partner.zip,
                                    partner.city) = '' THEN 'no_address' END AS reason
              FROM account_move_line aml
              JOIN account_move move ON move.id = aml.move_id
              JOIN account_account account ON account.id = aml.account_id
               AND account.account_type = 'asset_receivable'
              JOIN res_partner partner ON partner.id = aml.partner_id
              LEFT JOIN gym_client_status client ON client.id = partner.client_status_id
             WHERE aml.company_id = %(company)s AND aml.parent_state = 'posted'
               AND aml.reconciled IS NOT TRUE AND aml.amount_residual_currency > 0
               AND aml.date_maturity <= %(date)s - %(min_days)s
               AND NOT EXISTS (SELECT 1 FROM gym_dunning_reminder_line line
                                WHERE line.move_line_id = aml.id)
               AND NOT EXISTS (SELECT 1 FROM gym_dunning_hold hold
                                WHERE hold.move_line_id = aml.id))""",
        date=SQL("%s::date", run.date),
        window=level.min_days_overdue,
        company=run.company_id.id,
        min_days=min_days,
    )


def _letters(run, level):
    return SQL(
        """letters AS (
            INSERT INTO bench_reminder (run_id, company_id, partner_id, addressee_id,
                   currency_id, level_id, is_last_level, block_access, date, date_due,
                   state, delivery_state, amount_open, amount_credit, amount_fee,
                   amount_total, create_uid, create_date, write_uid, write_date)
            SELECT %(run)s, company_id, partner_id, partner_id, currency_id, %(level)s,
                   FALSE, FALSE, %(date)s, %(date)s::date + 10, 'proposed', 'none',
                   sum(amount), 0, 0, sum(amount), %(user)s, now(), %(user)s, now()
              FROM due WHERE reason IS NULL
             GROUP BY company_id, partner_id, currency_id
            RETURNING id, company_id, partner_id, currency_id)""",
        run=run.id,
        level=level.id,
        date=run.date,
        user=run.env.uid,
    )


def _lines(level):
    return SQL(
        """lines AS (
            INSERT INTO bench_line (reminder_id, move_line_id, name, date_maturity,
                   amount_original, amount, days_overdue, level_id, is_fee, state)
            SELECT letters.id, due.id, due.name, due.date_maturity,
                   due.amount_currency, due.amount, due.days, %s, FALSE, 'proposed'
              FROM due
              JOIN letters USING (company_id, partner_id, currency_id)
             WHERE due.reason IS NULL
            RETURNING 1)""",
        level.id,
    )


def _left_out(run):
    return SQL(
        """left_out AS (
            INSERT INTO bench_exclusion (run_id, company_id, partner_id, move_line_id,
                   currency_id, amount, reason)
            SELECT %s, company_id, partner_id, id, currency_id, amount, reason
              FROM due WHERE reason IS NOT NULL
            RETURNING 1)""",
        run.id,
    )

"""The floor of the mass creation: one SQL statement that finds the same items and
stores the same cases, items and holds.

It knows the benchmark's data and leaves out what does not occur there: branches,
debt managers, payment contacts, other currencies. No program that stores the cases
can be cheaper than this on the same tables.
"""

from floor import copy_tables

from odoo.tools import SQL

# ours: the floor's copy
TABLES = {
    "gym_collection_case": "bench_case",
    "gym_collection_case_item": "bench_item",
    "gym_dunning_hold": "bench_hold",
}


def create_tables(cr, with_keys):
    """Empty copies of the three tables, with foreign keys and indexes or without."""
    copy_tables(cr, TABLES, with_keys)


def create(cr, run):
    """Select and insert everything; return the numbers of rows."""
    # the planner cannot know how many rows the first part finds, and guesses one
    cr.execute("SET LOCAL enable_nestloop = off")
    cr.execute(
        SQL(
            "WITH %s, %s, %s, %s SELECT (SELECT count(*) FROM cases),"
            " (SELECT count(*) FROM items), (SELECT count(*) FROM holds)",
            _free(run),
            _cases(run),
            _items(run),
            _holds(run),
        )
    )
    return dict(zip(("cases", "items", "holds"), cr.fetchone(), strict=True))


def _free(run):
    return SQL(
        """free AS MATERIALIZED (
            SELECT aml.id, aml.company_id, aml.partner_id, aml.currency_id,
                   aml.date_maturity, aml.amount_residual_currency AS amount
              FROM account_move_line aml
              JOIN account_account account ON account.id = aml.account_id
               AND account.account_type = 'asset_receivable'
              JOIN res_partner partner ON partner.id = aml.partner_id
               AND partner.collection_participation IS DISTINCT FROM 'no'
             WHERE aml.company_id = %s AND aml.parent_state = 'posted'
               AND aml.reconciled IS NOT TRUE AND aml.amount_residual_currency > 0
               AND aml.date_maturity <= %s
               AND NOT EXISTS (SELECT 1 FROM gym_dunning_hold hold
                                WHERE hold.move_line_id = aml.id AND hold.active))""",
        run.company_id.id,
        run.due_to,
    )


def _cases(run):
    return SQL(
        """cases AS (
            INSERT INTO bench_case (name, partner_id, company_id, currency_id,
                   contact_id, date_start, state, amount_debt, amount_case,
                   create_uid, create_date, write_uid, write_date)
            SELECT 'F/' || lpad(nextval('gym_collection_case_id_seq')::text, 8, '0'),
                   partner_id, company_id, currency_id, partner_id, %(date)s,
                   'not_started', sum(amount), sum(amount),
                   %(user)s, now(), %(user)s, now()
              FROM free GROUP BY partner_id, company_id, currency_id
            RETURNING id, name, partner_id, company_id, currency_id)""",
        date=run.date,
        user=run.create_uid.id,
    )


def _items(run):
    return SQL(
        """items AS (
            INSERT INTO bench_item (case_id, move_line_id, date_maturity, company_id,
                   amount, create_uid, create_date, write_uid, write_date)
            SELECT cases.id, free.id, free.date_maturity, free.company_id, free.amount,
                   %(user)s, now(), %(user)s, now()
              FROM free JOIN cases USING (partner_id, company_id, currency_id)
            RETURNING 1)""",
        user=run.create_uid.id,
    )


def _holds(run):
    return SQL(
        """holds AS (
            INSERT INTO bench_hold (move_line_id, company_id, reason, note, res_model,
                   res_id, active, create_uid, create_date, write_uid, write_date)
            SELECT free.id, free.company_id, 'case', cases.name,
                   'gym.collection.case', cases.id, TRUE,
                   %(user)s, now(), %(user)s, now()
              FROM free JOIN cases USING (partner_id, company_id, currency_id)
            RETURNING 1)""",
        user=run.create_uid.id,
    )

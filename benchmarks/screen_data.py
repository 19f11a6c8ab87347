"""What the screens of screens.py show besides invoices: letters, holds, cases, credits.

One of each is made by Odoo and cloned by SQL, as the invoices of data.py.
"""

from datetime import timedelta

import data

from odoo.tools import SQL

CENTRES = 5
RUNS = 12
CASES_PER_MEMBERS = 20  # a case for every twentieth member
HELD, CREDITED, CONTACTS = 97, 101, 103  # every so many items or members
# Of ten members, so many have got a letter of level 1; of these a third one of level
# 2, of these a fourth one of level 3.
REMINDED = (4, 3, 4)


def grow(env, count):
    """Add `count` open items of members of five centres, and what became of them.

    :return: the number of members
    """
    company = env.ref("base.main_company")
    centres = company | env["res.company"].create(
        [
            {"name": f"Centre {number}", "parent_id": company.id}
            for number in range(1, CENTRES)
        ]
    )
    admin = env.ref("base.user_admin")
    admin.company_ids |= centres
    admin.group_ids += env.ref("gym_dunning.group_debt_manager")
    reminder = first_reminder(env)
    case = first_case(env)
    members = data.grow(env, count, 0, centres=centres)
    env.cr.execute(
        SQL("CREATE INDEX bench_ref ON account_move (id) WHERE ref = 'bench'")
    )
    _plan_items(env)
    _credits(env)
    _contacts(env)
    _reminders(env, reminder)
    _holds(env)
    _cases(env, case)
    for table in ("bench_item", "bench_invoice", "bench_letter", "bench_case"):
        env.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(table)))
    env.cr.execute("DROP INDEX bench_ref")
    return members


# === THE FIRST OF EACH === #


def first_reminder(env):
    """A letter of level 1, issued by a run a fortnight before the day."""
    policy = env.ref("gym_dunning.policy_default")
    policy.level_ids.sorted("sequence")[0].min_days_overdue = 0
    policy.min_days_overdue = 0
    admin = env(user=env.ref("base.user_admin"))
    wizard = admin["gym.dunning.generate"].create(
        {"date": data.DAY - timedelta(days=14)}
    )
    run = env["gym.dunning.run"].browse(wizard.action_continue()["res_id"])
    run.with_user(admin.user).action_generate()
    env.cr.commit()
    env["gym.process"]._cron_run()
    run.invalidate_recordset()
    reminder = run.reminder_ids
    if len(reminder) != 1 or reminder.state != "issued":
        raise SystemExit(f"The first letter was not made: {run.process_ids.message}")
    return reminder


def first_case(env):
    move = env["account.move"].search([("ref", "=", "bench")], order="id", limit=1)
    admin = env(user=env.ref("base.user_admin"))
    case = admin["gym.collection.case"].create({"partner_id": move.partner_id.id})
    lines = move.line_ids.filtered(
        lambda line: line.account_id.account_type == "asset_receivable"
    )
    case._add_items(lines)
    kind = env["mail.activity.type"].search([("collection_case", "=", True)], limit=1)
    case.activity_schedule(activity_type_id=kind.id, date_deadline=data.DAY)
    env.flush_all()
    return env["gym.collection.case"].browse(case.id)


# === CLONES === #


def _plan_items(env):
    """Keep the new items with a number of their member, in a table of this session."""
    env.cr.execute(
        SQL(
            """CREATE TEMP TABLE bench_item AS
               SELECT aml.id, aml.move_id, aml.move_name, aml.partner_id, aml.company_id,
                      aml.date_maturity, aml.amount_residual_currency AS amount,
                      row_number() OVER (ORDER BY aml.id) AS number,
                      dense_rank() OVER (ORDER BY aml.partner_id) AS member
                 FROM account_move_line aml
                 JOIN account_move move ON move.id = aml.move_id
                WHERE move.ref = 'bench' AND aml.display_type = 'payment_term'
                  AND aml.amount_residual > 0"""
        )
    )
    env.cr.execute("ANALYZE bench_item")


def _credits(env):
    """Every hundredth member or so has a credit note."""
    move = env["account.move"].search([("ref", "=", "bench")], order="id", limit=1)
    # not the reversal of an invoice, with which Odoo would clear it at once
    note = move.copy({"move_type": "out_refund", "ref": "bench credit"})
    note.invoice_date = move.invoice_date
    note.invoice_line_ids.price_unit = 30.0
    note.action_post()
    env.flush_all()
    env.cr.execute("DROP TABLE IF EXISTS bench_invoice")
    env.cr.execute(
        SQL(
            """CREATE TEMP TABLE bench_invoice AS
               SELECT DISTINCT ON (member) nextval('account_move_id_seq') AS id,
                      partner_id, company_id, 0 AS days
                 FROM bench_item WHERE member %% %s = 0""",
            CREDITED,
        )
    )
    data.clone_moves(env, note, False)
    data.clone_lines(env, note, False)


def _contacts(env):
    """Some members are contacts of the next one, who owes for them."""
    env.cr.execute(
        SQL(
            """CREATE TEMP TABLE bench_contact AS
               SELECT DISTINCT child.partner_id AS id, parent.partner_id AS parent_id
                 FROM bench_item child
                 JOIN bench_item parent ON parent.member = child.member + 1
                WHERE child.member %% %s = 1
                  AND child.company_id IS NOT NULL""",
            CONTACTS,
        )
    )
    for table, column, by in (
        ("res_partner", "commercial_partner_id", "id"),
        ("account_move", "commercial_partner_id", "partner_id"),
        ("account_move_line", "partner_id", "partner_id"),
        ("bench_item", "partner_id", "partner_id"),
    ):
        env.cr.execute(
            SQL(
                "UPDATE %s t SET %s = c.parent_id%s FROM bench_contact c WHERE t.%s = c.id",
                SQL.identifier(table),
                SQL.identifier(column),
                SQL(", parent_id = c.parent_id" if table == "res_partner" else ""),
                SQL.identifier(by),
            )
        )
    env.cr.execute(
        """UPDATE res_partner child SET complete_name = owner.name || ', ' || child.name
             FROM bench_contact c JOIN res_partner owner ON owner.id = c.parent_id
            WHERE child.id = c.id"""
    )
    env.cr.execute(
        """UPDATE account_move move SET invoice_partner_display_name = p.complete_name
             FROM bench_contact c JOIN res_partner p ON p.id = c.id
            WHERE move.partner_id = c.id"""
    )
    env.cr.execute("DROP TABLE bench_contact")


def _reminders(env, reminder):
    """Letters of three levels, in a dozen runs."""
    levels = env.ref("gym_dunning.policy_default").level_ids.sorted("sequence")
    _runs(env, reminder.run_id)
    _choose_letters(env, levels)
    _clone_letters(env, reminder)
    _choose_demands(env, levels)
    _clone_demands(env, reminder.line_ids)
    env.cr.execute("DROP TABLE bench_run, bench_demand")


def _runs(env, run):
    env.cr.execute(
        SQL(
            """CREATE TEMP TABLE bench_run AS
               SELECT nextval('gym_dunning_run_id_seq') AS id, i AS number
                 FROM generate_series(1, %s) i""",
            RUNS,
        )
    )
    data.clone(
        env,
        "gym_dunning_run",
        SQL("source.id = %s", run.id),
        "bench_run",
        {"id": SQL("target.id"), "name": SQL("source.name || '-' || target.number")},
    )


def _choose_letters(env, levels):
    """Say who gets a letter of which level, of which run and on which day."""
    env.cr.execute(
        SQL(
            """CREATE TEMP TABLE bench_letter AS
               SELECT nextval('gym_dunning_reminder_id_seq') AS id, debtor.*,
                      level.number AS level, (%(levels)s)[level.number] AS level_id,
                      (SELECT id FROM bench_run
                        WHERE number = 1 + (debtor.member + level.number) %% %(runs)s)
                          AS run_id,
                      %(day)s::date - 28 + 7 * level.number::int AS date
                 FROM (SELECT partner_id, company_id, min(member) AS member,
                              sum(amount) AS amount
                         FROM bench_item GROUP BY partner_id, company_id) debtor
                 CROSS JOIN generate_series(1, 3) level (number)
                WHERE debtor.member %% 10 < %(first)s
                  AND (level.number < 2 OR debtor.member %% %(second)s = 0)
                  AND (level.number < 3 OR debtor.member %% %(third)s = 0)""",
            levels=levels.ids,
            runs=RUNS,
            day=data.DAY,
            first=REMINDED[0],
            second=REMINDED[1],
            third=REMINDED[1] * REMINDED[2],
        )
    )
    env.cr.execute("ANALYZE bench_letter")


def _clone_letters(env, reminder):
    same = ("id", "run_id", "level_id", "company_id", "partner_id", "date")
    pending = "CASE WHEN target.member %% 50 = 0 THEN 'pending' ELSE 'sent' END"
    data.clone(
        env,
        "gym_dunning_reminder",
        SQL("source.id = %s", reminder.id),
        "bench_letter",
        {name: SQL("target.%s", SQL.identifier(name)) for name in same}
        | {
            "name": SQL("'B/' || target.id"),
            "payment_key": SQL("target.company_id || '-' || target.id"),
            "member_id": SQL("target.partner_id"),
            "addressee_id": SQL("target.partner_id"),
            "date_due": SQL("target.date + 7"),
            "amount_open": SQL("target.amount"),
            "amount_total": SQL("target.amount"),
            "delivery_state": SQL(pending),
            "delivery_channel": SQL("'email'"),
        },
    )


def _choose_demands(env, levels):
    """Say which items a letter demands: all of the member's."""
    env.cr.execute(
        SQL(
            """CREATE TEMP TABLE bench_demand AS
               SELECT nextval('gym_dunning_reminder_line_id_seq') AS id,
                      letter.id AS reminder_id, letter.level_id,
                      CASE WHEN letter.level > 1
                           THEN (%s)[letter.level - 1] END AS level_before_id,
                      letter.date - item.date_maturity AS days_overdue,
                      item.id AS move_line_id, item.move_name, item.partner_id,
                      item.date_maturity, item.amount
                 FROM bench_letter letter
                 JOIN bench_item item ON item.partner_id = letter.partner_id
                  AND item.company_id = letter.company_id""",
            levels.ids,
        )
    )


def _clone_demands(env, line):
    same = ("id", "reminder_id", "move_line_id", "date_maturity", "amount")
    same += ("days_overdue", "level_id", "level_before_id")
    data.clone(
        env,
        "gym_dunning_reminder_line",
        SQL("source.id = %s", line.id),
        "bench_demand",
        {name: SQL("target.%s", SQL.identifier(name)) for name in same}
        | {
            "member_id": SQL("target.partner_id"),
            "name": SQL("target.move_name"),
            "amount_original": SQL("target.amount"),
        },
    )


def _holds(env):
    """Every hundredth item or so is disputed."""
    env.cr.execute(
        SQL(
            """INSERT INTO gym_dunning_hold
                      (move_line_id, company_id, reason, active, create_uid, write_uid,
                       create_date, write_date)
               SELECT id, company_id, 'dispute', TRUE, 1, 1, now(), now()
                 FROM bench_item WHERE number %% %s = 0""",
            HELD,
        )
    )


def _cases(env, case):
    """A case with one item and one activity for some of the members."""
    hold = env["gym.dunning.hold"].search([("res_model", "=", case._name)])
    env.cr.execute(
        SQL(
            """CREATE TEMP TABLE bench_case AS
               SELECT nextval('gym_collection_case_id_seq') AS id, item.*
                 FROM (SELECT DISTINCT ON (member) id AS move_line_id, partner_id,
                              company_id, date_maturity, amount, member
                         FROM bench_item WHERE member %% %s = 0) item""",
            CASES_PER_MEMBERS,
        )
    )
    _clone_cases(env, case)
    _clone_case_items(env, case.item_ids, hold)
    _clone_activities(env, case.activity_ids)


def _clone_cases(env, case):
    done = "CASE WHEN target.member %% 100 = 0 THEN 'completed' ELSE 'in_progress' END"
    data.clone(
        env,
        "gym_collection_case",
        SQL("source.id = %s", case.id),
        "bench_case",
        {
            "id": SQL("target.id"),
            "name": SQL("'B/' || target.id"),
            "company_id": SQL("target.company_id"),
            "partner_id": SQL("target.partner_id"),
            "contact_id": SQL("target.partner_id"),
            "state": SQL(done),
            "amount_debt": SQL("target.amount"),
            "amount_case": SQL("target.amount"),
        },
    )


def _clone_case_items(env, item, hold):
    """The case's item, and the hold that keeps it from being reminded."""
    of_item = {
        "company_id": SQL("target.company_id"),
        "move_line_id": SQL("target.move_line_id"),
    }
    of_case = {
        "id": SQL("nextval('gym_collection_case_item_id_seq')"),
        "case_id": SQL("target.id"),
        "date_maturity": SQL("target.date_maturity"),
        "amount": SQL("target.amount"),
    }
    of_hold = {
        "id": SQL("nextval('gym_dunning_hold_id_seq')"),
        "res_id": SQL("target.id"),
    }
    for record, new in ((item, of_case), (hold, of_hold)):
        source = SQL("source.id = %s", record.id)
        data.clone(env, record._table, source, "bench_case", new | of_item)


def _clone_activities(env, activity):
    spread = "source.date_deadline + (target.member %% 9 - 4)::int"
    data.clone(
        env,
        "mail_activity",
        SQL("source.id = %s", activity.id),
        "bench_case",
        {
            "id": SQL("nextval('mail_activity_id_seq')"),
            "res_id": SQL("target.id"),
            "date_deadline": SQL(spread),
        },
    )

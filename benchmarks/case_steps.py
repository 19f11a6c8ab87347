"""The measured steps of cases.py; run as those of steps.py."""

import data
import floor_cases
from steps import (
    admin,
    main,  # noqa: F401 - Databases.step calls it
    step,
)

from odoo.fields import Command
from odoo.tools import SQL

ITEMS = 3  # of each customer
TABLES = ("gym_collection_case", "gym_collection_case_item", "gym_dunning_hold")


# === DATA === #


@step
def customers(env, meter, options):
    """Customers with three overdue items each, and one customer to warm up with."""
    count = options["count"]
    with meter.measure("data made", count) as figures:
        data.grow(env, ITEMS * count, 0, single=0)
        env.cr.commit()
    differences = data.check(env)
    if differences:
        raise SystemExit(f"The sample differs from the ORM's in {differences}.")
    figures.notes = {"items": ITEMS * count, "differences in the sample": 0}
    return [figures]


def first_customer(env):
    """The one whose invoice was cloned; its one item is made a case to warm up."""
    move = env["account.move"].search([("ref", "=", "bench")], order="id", limit=1)
    return move.partner_id


# === OURS === #


def summary(env, **vals):
    """Go through the wizard as a debt manager does; return the run."""
    wizard = admin(env)["gym.case.generate"].create(
        {"date": data.DAY, "due_to": data.DAY, "step": "update"} | vals
    )
    run = env["gym.case.run"].browse(wizard.action_continue()["res_id"])
    env.flush_all()
    return run


def generate(env, run):
    """Let the worker make the cases; return the process."""
    run.with_user(env.ref("base.user_admin")).action_generate()
    env.cr.commit()
    return run


def work(env, run):
    env["gym.process"]._cron_run()
    run.invalidate_recordset()
    if run.process_ids.state != "done":
        raise SystemExit(f"Not made: {run.process_ids.message}")


def rows_of(env, run):
    """Count what was stored, to be compared with the floor."""
    cases = run.line_ids.case_id
    items = [("case_id", "in", cases.ids)]
    holds = [("res_model", "=", cases._name), ("res_id", "in", cases.ids)]
    return {
        "cases": len(cases),
        "items": env["gym.collection.case.item"].search_count(items),
        "holds": env["gym.dunning.hold"].search_count(holds),
    }


@step
def mass_creation(env, meter, options):
    """Four rows: the summary, the work, the floor with keys and without."""
    count = options["count"]
    warm_up = summary(env, partner_ids=[Command.set(first_customer(env).ids)])
    work(env, generate(env, warm_up))
    env.cr.commit()
    with meter.measure("mass creation, summary", count) as estimated:
        run = summary(env)
        env.cr.commit()
    generate(env, run)
    with meter.measure("mass creation, cases made", count) as made:
        work(env, run)
    made.notes = rows_of(env, run)
    return [estimated, made, *measure_floor(env, meter, count, run, made.notes)]


def measure_floor(env, meter, count, run, expected):
    """The same rows by one statement, after ours were deleted."""
    delete(env, run)
    rows = []
    for with_keys, label in ((True, "with our keys"), (False, "primary keys only")):
        floor_cases.create_tables(env.cr, with_keys)
        env.cr.commit()
        with meter.measure(f"   SQL floor, {label}", count) as figures:
            figures.notes = floor_cases.create(env.cr, run)
            env.cr.commit()
        if figures.notes != expected:
            raise SystemExit(f"The floor made {figures.notes}, the module {expected}.")
        rows.append(figures)
    return rows


def delete(env, run):
    """Delete what was made, without traces for the floor to wade through."""
    cases = tuple(run.line_ids.case_id.ids)
    env.cr.execute(SQL("DELETE FROM gym_dunning_hold WHERE res_id IN %s", cases))
    env.cr.execute(SQL("DELETE FROM gym_collection_case WHERE id IN %s", cases))
    env.cr.commit()
    env.cr._cnx.autocommit = True
    for table in TABLES:
        env.cr.execute(SQL("VACUUM ANALYZE %s", SQL.identifier(table)))
    env.cr._cnx.autocommit = False

"""The measured steps of what_if.py; run as those of steps.py."""

import data
from steps import (
    admin,
    estimate,
    main,  # noqa: F401 - Databases.step calls it
    set_up,  # noqa: F401 - command.install names it
    step,
    undo,
)

from odoo.tools import SQL

DAYS_TO_PAY = 60  # the paid invoices were, 1 to 60 days after they were due
TRIED = {"min_days_overdue": 14}


@step
def open_and_paid(env, meter, options):
    """Open items and as many that were paid one by one in the months replayed."""
    count = options["count"]
    with meter.measure("data made", count) as figures:
        data.grow(env, count, count)
        payments = pay(env)
        env.cr.commit()
    if differences := data.check(env):
        raise SystemExit(f"The sample differs from the ORM's in {differences}.")
    figures.notes = {"payments": payments, "differences in the sample": 0}
    return [figures]


def pay(env):
    """Settle each paid invoice by a journal item of its own; return how many."""
    env.cr.execute(
        SQL(
            """CREATE TEMP TABLE bench_paid AS
               SELECT line.id AS debit_id, nextval('account_move_line_id_seq') AS id,
                      line.date_maturity + 1 + (line.id %% %s)::int AS day
                 FROM account_move_line line
                WHERE line.display_type = 'payment_term' AND line.reconciled""",
            DAYS_TO_PAY,
        )
    )
    new = {"id": SQL("target.id"), "display_type": SQL("'product'")}
    new |= dict.fromkeys(("date", "date_maturity"), SQL("target.day"))
    new |= {"balance": SQL("-source.balance")}
    new |= {"amount_currency": SQL("-source.amount_currency")}
    new |= {"debit": SQL("source.credit"), "credit": SQL("source.debit")}
    where = SQL("source.id = target.debit_id")
    data.clone(env, "account_move_line", where, "bench_paid", new)
    env.cr.execute(
        """INSERT INTO account_partial_reconcile (debit_move_id, credit_move_id, amount,
                  debit_amount_currency, credit_amount_currency, debit_currency_id,
                  credit_currency_id, company_id, max_date)
           SELECT paid.debit_id, paid.id, line.balance, line.balance, line.balance,
                  line.currency_id, line.currency_id, line.company_id, paid.day
             FROM bench_paid paid JOIN account_move_line line ON line.id = paid.debit_id"""
    )
    return env.cr.rowcount


@step
def tried(env, meter, options):
    """The estimate, then both columns of what if, and the replay."""
    trial = trial_of(env)
    works = {
        "P1 estimate": lambda: estimate(env) and None,
        "   what if, today and tried": lambda: found(trial, "compare"),
        "   replay of six months, 26 runs": lambda: found(trial, "replay"),
    }
    return [
        meter.median(label, options["count"], work, lambda: undo(env))
        for label, work in works.items()
    ]


def trial_of(env):
    """Return the dialog of the policy on the day of the data, kept for all steps."""
    action = admin(env).ref("gym_dunning.policy_default").action_try()
    trial = admin(env)[action["res_model"]].browse(action["res_id"])
    trial.write(TRIED | {"date": data.DAY})
    env.cr.commit()
    return trial


def found(trial, what):
    """Press the button; return what was found."""
    getattr(trial, f"action_{what}")()
    trial.env.flush_all()
    if what == "compare":
        levels = (trial.figures[name]["levels"] for name in ("today", "tried"))
        return {"letters": [sum(row["letters"] for row in rows) for rows in levels]}
    rows = trial.replay["rows"]
    return {name: sum(row[name] for row in rows) for name in ("letters", "paid")}

"""The measured steps. Each runs in a process of its own, through `script/odoo shell`,
on a database of its own, so that its commits are real."""

import json
from dataclasses import asdict
from pathlib import Path

import data
import floor
from letters import WkhtmltopdfWatch
from measure import Meter

from odoo.fields import Command
from odoo.tools import SQL, split_every

STEPS = {}
WINDOW_OF_HALF = 38  # days overdue that half of the invoices have reached


def step(function):
    """Make a function callable by its name: it gets (env, meter, options)."""
    STEPS[function.__name__] = function
    return function


def main(env, name, options, result_file):
    """Run one step and leave its figures as JSON."""
    rows = STEPS[name](env, Meter(env.cr), options) or []
    Path(result_file).write_text(json.dumps([asdict(row) for row in rows]))


def admin(env):
    return env(user=env.ref("base.user_admin"))


# === DATA === #


@step
def set_up(env, meter, options):
    data.set_up(env)
    env.cr.commit()


@step
def grow(env, meter, options):
    """Add invoices; refuse to go on when they are not what Odoo would have made."""
    with meter.measure("data made", options["count"]) as figures:
        members = data.grow(env, options["count"], options["paid"])
        env.cr.commit()
    differences = data.check(env)
    if differences:
        raise SystemExit(f"The sample differs from the ORM's in {differences}.")
    figures.notes = {"members": members, "differences in the sample": 0}
    return [figures]


# === P1: THE ESTIMATE === #


def estimate(env):
    """Estimate through the wizard, as the clerk does; return the run."""
    wizard = admin(env)["gym.dunning.generate"].create({"date": data.DAY})
    action = wizard.action_continue()
    run = env["gym.dunning.run"].browse(action["res_id"])
    env.flush_all()
    return run


def rows_of(run):
    """Count what an estimate stored."""
    env = run.env
    of_run = [("run_id", "=", run.id)]
    return {
        "reminders": env["gym.dunning.reminder"].search_count(of_run),
        "lines": env["gym.dunning.reminder.line"].search_count(
            [("reminder_id.run_id", "=", run.id)]
        ),
        "left out": env["gym.dunning.exclusion"].search_count(of_run),
    }


@step
def estimate_queries(env, meter, options):
    """The estimate on a tenth of the data, for its number of queries."""
    estimate(env)
    env.cr.rollback()
    with meter.measure("P1 estimate, a tenth of the data", options["count"]) as figures:
        estimate(env)
    return [figures]


def undo(env):
    """Roll back, and leave no dead rows for the next measurement to wade through."""
    env.cr.rollback()
    env.cr._cnx.autocommit = True
    for table in floor.TABLES:
        env.cr.execute(SQL("VACUUM %s", SQL.identifier(table)))
    env.cr._cnx.autocommit = False


@step
def p1(env, meter, options):
    """All overdue items are proposed; then half of them, the others left out."""
    level = env.ref("gym_dunning.level_1")
    rows = _estimate_and_floor(env, meter, options["count"], level, "all proposed")
    rows.append(_estimate_with_interest(env, meter, options["count"]))
    level.min_days_overdue = WINDOW_OF_HALF
    env.cr.commit()
    rows += _estimate_and_floor(env, meter, options["count"], level, "half left out")
    return rows


def _estimate_with_interest(env, meter, count):
    """The same, when every item costs interest by a rule of two rates a year."""
    company = env.ref("base.main_company")
    levels = env.ref("gym_dunning.policy_default").level_ids
    usual = company.country_id
    company.write(
        {"country_id": env.ref("base.de").id, "dunning_interest_agreed": True}
    )
    levels.charge_interest = True
    env.cr.commit()
    row = meter.median(
        "   with interest on all items",
        count,
        lambda: estimate(env) and None,
        lambda: undo(env),
    )
    run = estimate(env)
    row.notes = {"interest": round(sum(run.reminder_ids.mapped("amount_interest")), 2)}
    undo(env)
    levels.charge_interest = False
    company.write({"country_id": usual.id, "dunning_interest_agreed": False})
    env.cr.commit()
    return row


def _estimate_and_floor(env, meter, count, level, what):
    """Three rows on the same data: ours, the floor with our keys, without keys."""
    rows = [
        meter.median(
            f"P1 estimate, {what}",
            count,
            lambda: estimate(env) and None,
            lambda: undo(env),
        )
    ]
    run = estimate(env)
    rows[0].notes = expected = rows_of(run)
    # the floor's rows refer to a run that exists, but finds no rows in its way
    env.cr.execute("DELETE FROM gym_dunning_reminder")
    env.cr.execute("DELETE FROM gym_dunning_exclusion")
    env.cr.commit()
    undo(env)
    for with_keys, label in ((True, "with our keys"), (False, "primary keys only")):
        floor.create_tables(env.cr, with_keys)
        env.cr.commit()
        row = meter.median(
            f"   SQL floor, {label}",
            count,
            lambda: floor.estimate(env.cr, run, level, run.min_days_overdue),
            lambda: undo(env),
        )
        if row.notes != expected:
            raise SystemExit(f"The floor made {row.notes}, the module {expected}.")
        row.notes = floor.count_keys(env.cr)
        rows.append(row)
    return rows


# === P3, P4: GENERATE === #


def generate(env, meter, label):
    """Estimate, start, and let the worker do it; measure the worker."""
    run = estimate(env)
    count = len(run.reminder_ids)
    run.with_user(env.ref("base.user_admin")).action_generate()
    env.cr.commit()
    with meter.measure(label, count) as figures:
        env["gym.process"]._cron_run()
    run.invalidate_recordset()
    process = run.process_ids
    if (process.done_count, process.state) != (count, "done"):
        raise SystemExit(f"{process.done_count} of {count} issued: {process.message}")
    return run, figures


def set_fee(env, booking):
    """From the first level on a reminder costs something."""
    policy = env.ref("gym_dunning.policy_default")
    policy.fee_booking = booking
    level = env.ref("gym_dunning.level_1")
    level.fee_product_id = env.ref("gym_dunning.product_reminder_fee")
    company = env.ref("base.main_company")
    company.dunning_fee_agreed = True
    # the German rule charges nothing for a reminder that goes by e-mail
    profile = env["gym.dunning.profile"]._of(company)
    profile.write({"first_reminder_fee": True, "email_fee": True})
    env.cr.commit()


@step
def p3(env, meter, options):
    __, figures = generate(env, meter, "P3 generate without fee")
    return [figures]


@step
def p4_invoice(env, meter, options):
    set_fee(env, "invoice")
    run, figures = generate(env, meter, "P4 generate, fee invoices")
    figures.notes = {"invoices": len(run.reminder_ids.fee_move_id)}
    return [figures]


@step
def p4_entry(env, meter, options):
    set_fee(env, "entry")
    run, figures = generate(env, meter, "P4 generate, fees in entries")
    figures.notes = {"entries": len(run.reminder_ids.fee_move_id)}
    return [figures]


@step
def p4_bare(env, meter, options):
    """The same invoices without any dunning: created and posted, batch by batch."""
    members = env["gym.open.item"]._read_group(
        [("amount_residual", ">", 0), ("partner_id.member_number", "!=", False)],
        ["partner_id"],
    )
    product = env.ref("gym_dunning.product_reminder_fee")
    vals_list = [bare_invoice(member, product) for (member,) in members]
    # the member whose invoice was cloned is not among them
    return [post_bare(env, meter, vals_list)]


def post_bare(env, meter, vals_list):
    """Create and post invoices through Odoo in batches, and nothing else."""
    moves = env["account.move"].with_context(mail_create_nolog=True, mail_notrack=True)
    with meter.measure("   bare: create and post them", len(vals_list)) as figures:
        for batch in split_every(200, vals_list):
            moves.create(batch)._post(soft=False)
            env.cr.commit()
    return figures


@step
def p4_entry_bare(env, meter, options):
    """The same entries without any dunning: a receivable line for each member and one
    of income, created and posted, batch by batch."""
    set_fee(env, "entry")
    run = estimate(env)
    size = run._batch_size()
    company, day = run.company_id, run.date
    journal = env["account.journal"].search(
        [("type", "=", "general"), ("company_id", "=", company.id)], limit=1
    )
    price = env.ref("gym_dunning.product_reminder_fee").lst_price
    members = run.reminder_ids.partner_id
    moves = env["account.move"].with_context(mail_create_nolog=True, mail_notrack=True)
    with meter.measure("   bare: create and post them", len(members)) as figures:
        for ids in split_every(size, members.ids):
            lines = bare_entry_lines(members.browse(ids), price, day)
            moves.create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "date": day,
                    "ref": "bare",
                    "line_ids": [Command.create(vals) for vals in lines],
                }
            )._post(soft=False)
            env.cr.commit()
    return [figures]


def bare_entry_lines(members, price, day):
    for member in members:
        yield {
            "name": "Fee",
            "partner_id": member.id,
            "account_id": member.property_account_receivable_id.id,
            "date_maturity": day,
            "balance": price,
            "analytic_distribution": False,
            "no_followup": False,
        }
    product = members.env.ref("gym_dunning.product_reminder_fee")
    accounts = product.product_tmpl_id.get_product_accounts()
    yield {
        "name": product.display_name,
        "product_id": product.id,
        "account_id": accounts["income"].id,
        "balance": -price * len(members),
    }


def bare_invoice(member, product):
    line = {
        "product_id": product.id,
        "name": "Fee",
        "quantity": 1,
        "price_unit": product.lst_price,
        "tax_ids": [Command.clear()],
    }
    return {
        "move_type": "out_invoice",
        "partner_id": member.id,
        "invoice_date": data.DAY,
        "invoice_payment_term_id": False,
        "invoice_date_due": data.DAY,
        "ref": "bare",
        "invoice_line_ids": [Command.create(line)],
    }


# === P6: LETTERS === #


@step
def p6(env, meter, options):
    """Letters in the background, after one that lets the style sheets be compiled."""
    env["ir.config_parameter"].set_param("report.url", options["url"])
    run = estimate(env)
    run.reminder_ids[options["letters"] + 1 :].unlink()
    run.with_user(env.ref("base.user_admin")).action_generate()
    env.cr.commit()
    env["gym.process"]._cron_run()
    run.invalidate_recordset()
    env["gym.dunning.letter"]._prepare_letters(run.reminder_ids[:1])
    run.action_print()
    env.cr.commit()
    count = len(run.reminder_ids) - 1
    with WkhtmltopdfWatch() as watch, meter.measure("P6 letters", count) as figures:
        env["gym.process"]._cron_run()
    run.invalidate_recordset()
    figures.notes = check_letters(run) | watch.notes()
    return [figures]


def check_letters(run):
    """Every reminder has a PDF of its own, and the run one document of all."""
    attachments = run.env["ir.attachment"]
    of_reminders = [
        ("res_model", "=", "gym.dunning.reminder"),
        ("res_id", "in", run.reminder_ids.ids),
    ]
    kept = attachments.search(of_reminders)
    if len(kept) != len(run.reminder_ids):
        raise SystemExit(f"{len(kept)} PDFs for {len(run.reminder_ids)} reminders.")
    return {"PDFs kept": len(kept), "documents": run.document_count}


# === PEER === #


@step
def peer(env, meter, options):
    """OCA account_credit_control: its run, who is due and lines made; then what it
    would send, one communication for each member and level, not sent yet."""
    company = env.ref("base.main_company")
    policy = env.ref("account_credit_control.credit_control_3_time")
    receivable = env["account.account"].search(
        [("account_type", "=", "asset_receivable")]
    )
    policy.account_ids = receivable
    company.credit_policy_id = policy
    run = env["credit.control.run"].create(
        {"date": data.DAY, "policy_ids": [Command.set(policy.ids)]}
    )
    env.cr.commit()
    with meter.measure("   peer: account_credit_control", options["count"]) as figures:
        run.generate_credit_lines()
        env.flush_all()
    figures.notes = {"lines": len(run.line_ids)}
    return [figures, communications(env, meter, run)]


def communications(env, meter, run):
    run.set_to_ready_lines()
    env.cr.commit()
    ready = run.line_ids.filtered(lambda line: line.state == "to_be_sent")
    members = len(ready.partner_id)
    with meter.measure("   peer: communications", members) as figures:
        made = env["credit.control.communication"]._generate_comm_from_credit_lines(
            ready
        )
        env.cr.commit()
    figures.notes = {"communications": len(made)}
    return figures

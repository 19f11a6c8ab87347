"""The measured steps of renewal.py; run as those of steps.py."""

from datetime import date

import data
from steps import (
    admin,
    main,  # noqa: F401 - Databases.step calls it
    post_bare,
    step,
)

from odoo.fields import Command, Date

REF = "bench"  # on what the benchmark makes
PRICE = 600.0
START = date(2025, 4, 1)
END = date(2026, 3, 31)
FAILING = 100  # every so many contracts fail
# its term ends earlier, so that a first renewal loads what Odoo keeps in memory
WARM_UP_END = date(2026, 1, 31)


# === DATA === #


@step
def contracts(env, meter, options):
    """Members with one active contract of one subscription each, and one to warm up."""
    with meter.measure("data made", options["count"]) as figures:
        members = add_members(env, options["count"])
        product = membership(env)
        product.gym_term_months = 12
        env["gym.contract"].with_context(tracking_disable=True).create(
            [contract_vals(member, product) for member in members]
        )
        env.cr.commit()
    return [figures]


def add_members(env, count):
    """Return `count` members after one to warm up."""
    members = env["res.partner"].with_context(tracking_disable=True)
    common = data.ADDRESS | {"ref": REF, "country_id": env.ref("base.de").id}
    names = [f"Member {n}" for n in range(count + 1)]
    return members.create([common | {"name": name} for name in names])


def membership(env):
    return env["product.product"].create(
        {
            "name": "Membership",
            "default_code": REF,
            "type": "service",
            "list_price": PRICE,
            "taxes_id": [Command.clear()],
        }
    )


def made(env):
    """Return the members, the first one to warm up with, and the article."""
    members = env["res.partner"].search([("ref", "=", REF)], order="id")
    return members, env["product.product"].search([("default_code", "=", REF)])


def contract_vals(member, product):
    is_first = member.name == "Member 0"
    return {
        "partner_id": member.id,
        "date_start": START,
        "date_end": WARM_UP_END if is_first else END,
        "state": "active",
        "subscription_ids": [Command.create({"product_id": product.id})],
    }


def ending(env, end):
    return env["gym.contract"].search([("date_end", "=", end)], order="id")


# === OURS === #


def estimate(env, end):
    """Estimate through the wizard, as the clerk does; return the run."""
    wizard = admin(env)["gym.renewal.generate"].create(
        {"date_from": end, "date_to": end, "date": data.DAY}
    )
    run = env["gym.renewal.run"].browse(wizard.action_continue()["res_id"])
    env.flush_all()
    return run


def generate(env, run):
    """Let the worker renew; return the process."""
    env["gym.process"]._cron_run()
    run.invalidate_recordset()
    if run.process_ids.state != "done":
        raise SystemExit(f"Not renewed: {run.process_ids.message}")
    return run.process_ids


def start(env, run):
    run.with_user(env.ref("base.user_admin")).action_generate()
    env.cr.commit()


def warm_up(env):
    run = estimate(env, WARM_UP_END)
    start(env, run)
    generate(env, run)
    env.cr.commit()


def invoices(moves):
    """Say what was posted, to be compared."""
    return {
        "invoices": len(moves.filtered(lambda move: move.state == "posted")),
        "amount": sum(moves.mapped("amount_total")),
        "lines": len(moves.line_ids),
    }


def measure_renewal(env, meter, label, count):
    """Two rows: the estimate; the background process that renews."""
    with meter.measure(f"P7 estimate{label}", count) as estimated:
        run = estimate(env, END)
        env.cr.commit()
    start(env, run)
    with meter.measure(f"P7 renewal{label}", count) as renewed:
        process = generate(env, run)
    return run, process, [estimated, renewed]


@step
def renew(env, meter, options):
    warm_up(env)
    run, process, rows = measure_renewal(env, meter, "", options["count"])
    if process.done_count != options["count"]:
        raise SystemExit(f"{process.done_count} of {options['count']} renewed.")
    rows[-1].notes = invoices(run._moves())
    return rows


@step
def renew_failing(env, meter, options):
    """Every hundredth fails: known before, or found by posting only."""
    warm_up(env)
    bad = ending(env, END)[::FAILING]
    label = BREAK[options["cause"]](env, bad)
    env.cr.commit()
    count = options["count"]
    __, process, rows = measure_renewal(env, meter, f", {label}", count)
    if (process.failed_count, process.done_count) != (len(bad), count - len(bad)):
        raise SystemExit(f"{process.failed_count} failed instead of {len(bad)}.")
    rows[-1].notes = {"failed": process.failed_count}
    return rows[-1:]


def archived(account, code):
    copy = account.copy({"code": code})
    copy.active = False
    return copy


def break_receivable(env, bad):
    account = bad[0].partner_id.property_account_receivable_id
    bad.partner_id.property_account_receivable_id = archived(account, "119999")
    return "1 % refused before"


def break_income(env, bad):
    """The article of these contracts has an income account that was archived."""
    product = bad[0].subscription_ids.product_id
    account = product.product_tmpl_id.get_product_accounts()["income"]
    odd = product.copy({"property_account_income_id": archived(account, "499999").id})
    bad.subscription_ids.product_id = odd
    return "1 % found by posting"


BREAK = {"receivable": break_receivable, "income": break_income}


# === THE SAME INVOICES, BARE === #


@step
def bare(env, meter, options):
    members, product = made(env)
    first, *vals_list = [bare_vals(member, product) for member in members]
    env["account.move"].create(first)._post(soft=False)  # to warm up
    env.cr.commit()
    figures = post_bare(env, meter, vals_list)
    figures.label += options.get("where", "")
    moves = env["account.move"].search([("partner_id", "in", members[1:].ids)])
    figures.notes = invoices(moves)
    return [figures]


def bare_vals(member, product):
    line = {
        "product_id": product.id,
        "name": "Membership",
        "quantity": 1,
        "price_unit": PRICE,
    }
    return {
        "move_type": "out_invoice",
        "partner_id": member.id,
        "invoice_date": data.DAY,
        "invoice_payment_term_id": False,
        "invoice_date_due": data.DAY,
        "ref": member.name,
        "invoice_origin": member.name,
        "invoice_line_ids": [Command.create(line)],
    }


# === PEER === #


@step
def peer_data(env, meter, options):
    """The same members in a database without any module of ours."""
    data.set_up_company(env)
    add_members(env, options["count"])
    membership(env)
    env.cr.commit()


@step
def peer(env, meter, options):
    """OCA contract, as its scheduled actions and a clerk use it: renew the lines,
    create the invoices, post them. It looks at the machine's date, so terms end the
    day before it."""
    members, product = made(env)
    contracts = env["contract.contract"].create(
        [peer_vals(member, product) for member in members]
    )
    peer_warm_up(contracts[0])
    env.cr.commit()
    with meter.measure("   peer: contract", options["count"]) as figures:
        env["contract.line"].cron_renew_contract_line()
        env.cr.commit()
        contracts.cron_recurring_create_invoice()
        env.cr.commit()
        drafts = [("move_type", "=", "out_invoice"), ("state", "=", "draft")]
        moves = env["account.move"].search(drafts)
        moves.action_post()
        env.cr.commit()
    figures.notes = invoices(moves)
    return [figures]


def peer_warm_up(contract):
    contract.contract_line_ids.renew()
    contract.recurring_create_invoice().action_post()


def peer_vals(member, product):
    today = Date.today()
    line = {
        "product_id": product.id,
        "name": "Membership",
        "quantity": 1,
        "price_unit": PRICE,
        "recurring_rule_type": "yearly",
        "date_start": Date.subtract(today, years=1),
        "date_end": Date.subtract(today, days=1),
        "last_date_invoiced": Date.subtract(today, days=1),
        "is_auto_renew": True,
        "auto_renew_rule_type": "yearly",
    }
    return {
        "name": member.name,
        "code": member.name,
        "partner_id": member.id,
        "line_recurrence": True,
        "contract_line_ids": [Command.create(line)],
    }

"""The measured steps of receipts.py; run as those of steps.py."""

import base64
from collections import Counter

import data
from debit_steps import BATCH, pay
from steps import (
    admin,
    main,  # noqa: F401 - Databases.step calls it
    step,
)

from odoo.tools import split_every

from odoo.addons.gym_dunning.tests.debit.debit_files import camt053

BANK_IBAN = "DE75512108001245126199"
# Of ten payers one writes nothing of ours, and one nothing that anybody knows.
PATTERN = ("number",) * 8 + ("name", "nothing")


# === DATA === #


@step
def payers(env, meter, options):
    """Members with one overdue item each."""
    count = options["count"]
    with meter.measure("data made", count) as figures:
        data.grow(env, count, 0, single=count)
        bank(env).bank_acc_number = BANK_IBAN
        env.cr.commit()
    env.invalidate_all()
    differences = data.check(env)
    if differences:
        raise SystemExit(f"The sample differs from the ORM's in {differences}.")
    return [figures]


def bank(env):
    company = env.ref("base.main_company")
    return env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )


def open_items(env):
    return env["account.move.line"].search(
        [
            ("account_id.account_type", "=", "asset_receivable"),
            ("reconciled", "=", False),
        ],
        order="id",
    )


def statement(env):
    """Return a camt.053 in which each member pays, as `PATTERN` says."""
    items = open_items(env)
    entries = [
        prepare_entry(item, PATTERN[number % len(PATTERN)], number)
        for number, item in enumerate(items)
    ]
    content = camt053(entries, account=BANK_IBAN)
    return content.encode() if isinstance(content, str) else content


def prepare_entry(item, kind, number):
    text = {"number": f"Membership {item.move_id.name}", "name": "gym"}.get(kind, "")
    return {
        "amount": f"{item.amount_residual:.2f}",
        "currency": item.currency_id.name,
        "direction": "CRDT",
        "bank_code": ("RCDT", "ESCT"),
        "booking": f"B-{number}",
        "name": "Somebody" if kind == "nothing" else item.partner_id.name,
        "text": text,
    }


# === OURS === #


@step
def read_receipts(env, meter, options):
    """Read and match, with its commit."""
    __, figures = read(admin(env), meter, options)
    return [figures]


def read(env, meter, options):
    content = statement(env)
    env.ref("base.main_company").receipt_booking = "look"
    with meter.measure("read and matched", options["count"]) as figures:
        file = env["gym.receipt.file"]._import_one("bank.xml", content)
        env.cr.commit()
    states = Counter(file.receipt_ids.mapped("state"))
    figures.notes = {"MB": round(len(content) / 1e6, 1), **states}
    return file, figures


@step
def receipts(env, meter, options):
    """Read and match, then book in the background, each with its commits."""
    env = admin(env)
    file, figures = read(env, meter, options)
    states = Counter(file.receipt_ids.mapped("state"))
    env.ref("base.main_company").receipt_booking = "book"
    with meter.measure("booked, in the background", states["matched"]) as booked:
        file.sudo()._book_or_queue()
        env.cr.commit()
        env["gym.process"].sudo()._cron_run()
    env.invalidate_all()
    if file.booked_count != states["matched"]:
        raise SystemExit(f"{file.booked_count} of {states['matched']} were booked.")
    return [figures, booked]


# === FLOOR === #


@step
def bare_receipts(env, meter, options):
    """As many payments created, posted and reconciled by Odoo, and nothing else."""
    env = admin(env)
    items = open_items(env)
    items = items[: len(items) * PATTERN.count("number") // len(PATTERN)]
    method = bank(env).inbound_payment_method_line_ids[:1]
    with meter.measure("   the payments alone", len(items)) as figures:
        for ids in split_every(BATCH, items.ids):
            pay(env, method, items.browse(ids))
            env.cr.commit()
    return [figures]


# === PEER === #


@step
def peer_import(env, meter, options):
    """The same file imported by the OCA's module: lines of a statement, not matched."""
    content = statement(env)
    count = len(open_items(env))
    vals = {
        "statement_file": base64.b64encode(content),
        "statement_filename": "bank.xml",
    }
    with meter.measure("   OCA's import of the file", count) as figures:
        env["account.statement.import"].create(vals).import_file_button()
        env.cr.commit()
    lines = env["account.bank.statement.line"].search_count([])
    figures.notes = {"lines": lines}
    return [figures]

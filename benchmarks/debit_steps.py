"""The measured steps of debits.py; run as those of steps.py."""

import base64
from datetime import timedelta

import data
from steps import (
    admin,
    main,  # noqa: F401 - Databases.step calls it
    step,
)

from odoo.tools import SQL, split_every

from odoo.addons.gym_dunning.reports.debit import debit_file
from odoo.addons.gym_dunning.tests.debit.debit_files import camt054

CREDITOR_IBAN = "DE75512108001245126199"
CREDITOR_ID = "DE98ZZZ09999999999"
ACCOUNT = "DE89370400440532013000"
BATCH = 200  # payments posted at once, as ours are at most
RETURNED = 20  # one of so many debits comes back


# === DATA === #


@step
def debtors(env, meter, options):
    """Members with a mandate and one overdue item each."""
    count = options["count"]
    with meter.measure("data made", count) as figures:
        data.grow(env, count, 0, single=count)
        method = set_up_bank(env)
        sign_mandates(env)
        env.cr.execute(
            SQL(
                "UPDATE account_move SET preferred_payment_method_line_id = %s"
                " WHERE ref = 'bench'",
                method.id,
            )
        )
        env.cr.commit()
    env.invalidate_all()
    differences = data.check(env)
    if differences:
        raise SystemExit(f"The sample differs from the ORM's in {differences}.")
    figures.notes = {"differences in the sample": 0}
    return [figures]


def set_up_bank(env):
    company = env.ref("base.main_company")
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    journal.bank_acc_number = CREDITOR_IBAN
    company.write(
        {
            "debit_journal_id": journal.id,
            "debit_creditor_identifier": CREDITOR_ID,
        }
    )
    return journal._allow_direct_debits()


def sign_mandates(env):
    members = env["account.move"].search([("ref", "=", "bench")]).partner_id
    accounts = env["res.partner.bank"].create(
        [{"acc_number": ACCOUNT, "partner_id": member.id} for member in members]
    )
    mandates = env["gym.debit.mandate"].create(
        [
            {
                "partner_id": account.partner_id.id,
                "partner_bank_id": account.id,
                "signature_date": data.DAY - timedelta(days=90),
            }
            for account in accounts
        ]
    )
    mandates.action_activate()


# === OURS === #


@step
def debits(env, meter, options):
    """Collect, export, book as paid and read the returns, each with its commit."""
    count = options["count"]
    env = admin(env)
    env = env(context=dict(env.context, dunning_date=data.DAY))
    with meter.measure("collect: debits made, in a batch", count) as collected:
        wizard = env["gym.debit.generate"].create({"date_until": data.DAY})
        wizard.action_confirm()
        env.cr.commit()
    batch = env["gym.debit.batch"].search([])
    collected.notes = {"debits": batch.order_count}
    with meter.measure("export: checked and written", count) as exported:
        batch.action_export()
        env.cr.commit()
    exported.notes = {"KB": len(batch.attachment_id.raw) // 1024}
    written = measure_file(meter, count, batch)
    with meter.measure("paid: payments booked, in the background", count) as paid:
        batch._start_paid(batch.execution_date)
        env.cr.commit()
        env["gym.process"].sudo()._cron_run()
    paid.notes = {"paid": len(batch.order_ids.filtered("payment_ids"))}
    returned = measure_returns(env, meter, batch)
    return [collected, exported, written, paid, returned]


def measure_file(meter, count, batch):
    """The floor of the export: the same file from the same values."""
    content = batch._debit_file(batch.order_ids.sorted("id"))
    with meter.measure("   the file alone", count) as figures:
        debit_file.write(batch._format_code(), content)
    return figures


def measure_returns(env, meter, batch):
    orders = batch.order_ids[::RETURNED]
    content = camt054(
        [
            {"end_to_end_id": order.name, "amount": order.amount, "code": "AM04"}
            for order in orders
        ]
    )
    content = content.encode() if isinstance(content, str) else content
    with meter.measure("returns: file read, payments reversed", len(orders)) as figures:
        attachment = env["ir.attachment"].create(
            {"name": "camt054.xml", "datas": base64.b64encode(content)}
        )
        wizard = env["gym.debit.return.import"].create(
            {"attachment_ids": attachment.ids}
        )
        wizard.action_import()
        env.cr.commit()
        env["gym.process"].sudo()._cron_run()  # over a hundred wait for it
    states = {order.state for order in orders}
    if states != {"returned"}:
        raise SystemExit(f"The returns were not booked: {states}.")
    return figures


# === FLOOR === #


@step
def bare_payments(env, meter, options):
    """The same payments created, posted and reconciled by Odoo, and nothing else."""
    env = admin(env)
    items = env["account.move.line"].search(
        [
            ("account_id.account_type", "=", "asset_receivable"),
            ("reconciled", "=", False),
        ]
    )
    method = env.ref("base.main_company").debit_journal_id._allow_direct_debits()
    with meter.measure("   the payments alone", len(items)) as figures:
        for ids in split_every(BATCH, items.ids):
            pay(env, method, items.browse(ids))
            env.cr.commit()
    return [figures]


def pay(env, method, items):
    payments = env["account.payment"].create(
        [
            {
                "partner_id": item.partner_id.id,
                "partner_type": "customer",
                "payment_type": "inbound",
                "journal_id": method.journal_id.id,
                "payment_method_line_id": method.id,
                "amount": item.amount_residual,
                "date": data.DAY,
            }
            for item in items
        ]
    )
    payments.action_post()
    received = payments.move_id.line_ids.filtered(
        lambda line: line.account_id == items.account_id
    )
    items._reconcile_plan(
        [line | item for line, item in zip(received, items, strict=True)]
    )

"""The measured steps of sending.py; run as those of steps.py."""

from contextlib import contextmanager

import data
from steps import (
    admin,
    estimate,
    generate,
    main,  # noqa: F401 - Databases.step calls it
    step,
)

from odoo.addons.gym_dunning.tests.agency.common_agency_http import AgencyServer
from odoo.addons.gym_dunning.tests.base.common_mail import Postbox, connect


@step
def members(env, meter, options):
    """Members with one overdue item each, who have an e-mail address."""
    data.grow(env, options["count"], 0, single=options["count"])
    env.ref("base.main_company").email = "office@gym.example.com"
    env.cr.commit()


# === E-MAILS === #


@contextmanager
def postbox_of(env, options):
    """A mail server on this machine; letters are made by the server of the options."""
    env["ir.config_parameter"].set_param("report.url", options["url"])
    postbox = Postbox()
    postbox.start()
    try:
        connect(env, postbox)
        env.cr.commit()
        yield postbox
    finally:
        postbox.stop()


def work(env, meter, label, count):
    env.cr.commit()
    with meter.measure(label, count) as figures:
        env["gym.process"].sudo()._cron_run()
    env.invalidate_all()
    return figures


def deliver(env, meter, postbox, count):
    """Let Odoo's own queue deliver; the mail server's part is in it."""
    with meter.measure("   Odoo delivers them", count) as figures:
        env["mail.mail"].process_email_queue(batch_size=count)
        env.cr.commit()
    if len(postbox.received) != count:
        raise SystemExit(f"{len(postbox.received)} of {count} e-mails arrived.")
    figures.notes = {"arrived": len(postbox.received)}
    return figures


@step
def emails(env, meter, options):
    """All reminders of a run, each with its letter; then Odoo's queue."""
    with postbox_of(env, options) as postbox:
        run, __ = generate(env, meter, "generated")
        count = len(run.reminder_ids)
        run.with_user(env.ref("base.user_admin")).action_send()
        queued = work(env, meter, "P5 e-mails with letters queued", count)
        return [queued, deliver(env, meter, postbox, count)]


@step
def notify(env, meter, options):
    """A tenth of the items, selected in Open Payments."""
    with postbox_of(env, options) as postbox:
        env = admin(env)
        ledger = env["gym.open.item"].with_context(dunning_date=data.DAY)
        due = ledger.search([("due_level", "=", "1")])
        items = due[: len(due) // 10]
        with meter.measure("notify: estimated and started", len(items)) as asked:
            items.action_notify()
            env.cr.commit()
        worked = work(env, meter, "   generated and queued", len(items))
        return [asked, worked, deliver(env, meter, postbox, len(items))]


# === HAND-OVER === #


def hand_over(env, meter, **vals):
    """Hand over whoever got a letter, whatever its level; return the hand-over, and the
    figures of preview and hand-over."""
    env = admin(env)
    members = estimate(env).reminder_ids.partner_id
    agency = env["gym.collection.agency"].create(
        {
            "partner_id": env["res.partner"].create({"name": "Fair Collection"}).id,
            "company_id": env.ref("base.main_company").id,
            **vals,
        }
    )
    wizard = env["gym.agency.generate"].create(
        {
            "agency_id": agency.id,
            "company_id": agency.company_id.id,
            "date": data.DAY,
            "partner_ids": members.ids,
        }
    )
    with meter.measure("hand-over previewed", len(members)) as previewed:
        handover = env["gym.agency.handover"].browse(wizard.action_continue()["res_id"])
        env.cr.commit()
    handover.action_generate()
    done = work(env, meter, "   handed over", len(members))
    states = set(handover.line_ids.mapped("file_state"))
    done.notes = {"claims": len(handover.line_ids), "states": " ".join(sorted(states))}
    return handover, [previewed, done]


@step
def handover_file(env, meter, options):
    __, rows = hand_over(env, meter, delivery="download")
    return rows


@step
def handover_service(env, meter, options):
    """To a web service on this machine, which accepts each claim."""
    server = AgencyServer().start()
    try:
        __, rows = hand_over(env, meter, delivery="http", url=server.url, token="token")
        rows[1].notes["requests"] = len(server.received)
    finally:
        server.stop()
    rows[1].label = "   handed over, by web service"
    return rows[1:]

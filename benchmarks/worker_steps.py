"""The measured steps of workers.py; run as those of steps.py."""

import data
from renewal_steps import END, contracts, start
from renewal_steps import estimate as estimate_renewal
from steps import (
    admin,
    estimate,
    generate,
    main,  # noqa: F401 - Databases.step calls it
    set_fee,
    step,
)


@step
def members(env, meter, options):
    """Members with one overdue invoice each, whose first letter costs a fee."""
    data.grow(env, options["count"], 0, single=options["count"])
    set_fee(env, "invoice")


@step
def contracts_beside(env, meter, options):
    contracts(env, meter, options)


@step
def letters(env, meter, options):
    """Reminders without a fee, issued and waiting for print; style sheets compiled."""
    data.grow(env, options["count"], 0, single=options["count"])
    env["ir.config_parameter"].set_param("report.url", options["url"])
    run, __ = generate(env, meter, "generated")
    env["gym.dunning.letter"]._prepare_letters(run.reminder_ids[:1])
    env.cr.commit()


@step
def start_printing(env, meter, options):
    env["ir.config_parameter"].set_param("report.url", options["url"])
    admin(env)["gym.dunning.run"].search([], limit=1).action_print()
    env.cr.commit()


@step
def workers(env, meter, options):
    """So many scheduled actions work processes, and no other is at work."""
    env["ir.cron"].search([]).active = False
    names = ("ir_cron_process", "ir_cron_process_second")
    for name in names[: options["number"]]:
        env.ref(f"gym_dunning.{name}").active = True
    env.cr.commit()


@step
def start_generation(env, meter, options):
    run = estimate(env)
    start(env, run)


@step
def start_renewal(env, meter, options):
    start(env, estimate_renewal(env, END))

"""The measured steps of page.py; run as those of steps.py."""

import data
from steps import (
    main,  # noqa: F401 - Databases.step calls it
    set_up,  # noqa: F401 - command.install names it
    step,
)

ITEMS = 20


@step
def page_data(env, meter, options):
    """Other members, and one with so many items; returns his page."""
    with meter.measure("data made", options["count"]) as figures:
        data.grow(env, options["count"], 0)
        member = owing(env)
        env.cr.commit()
    token = member._gym_token(env.ref("base.main_company"))
    figures.notes = {"path": f"/gym/{token}", "said": member.birthdate_date.isoformat()}
    return [figures]


def owing(env):
    """Return the member of the first invoice, with more of them."""
    first = env["account.move"].search([("ref", "=", "bench")], order="id", limit=1)
    more = env["account.move"]
    for __ in range(ITEMS - 1):
        more += first.copy({"invoice_date": data.DAY, "invoice_date_due": data.DAY})
    more.action_post()
    return first.partner_id

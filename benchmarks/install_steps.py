"""The steps of install.py, run as those of steps.py; none of our modules is installed."""

import data
from steps import (
    main,  # noqa: F401 - Databases.step calls it
    step,
)


@step
def company(env, meter, options):
    """A company with accounts, and the invoice that is cloned."""
    data.template_invoice(env, data.set_up_company(env))
    env.cr.commit()


@step
def items(env, meter, options):
    """Contacts with one overdue invoice each."""
    count = options["count"]
    with meter.measure("data made", count) as figures:
        data.grow(env, count, 0, single=count)
        env.cr.commit()
    return [figures]

"""Companies with a chart of accounts, made once for all classes of tests.

Creating one takes a second, and most of a class's set-up. `script/test` prepares them
while it builds its database. Where there are none, as with `odoo --test-tags` on any
other database, each class creates its own.
"""

from odoo import api
from odoo.orm.utils import SUPERUSER_ID

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

CHART = "generic_coa"
# Names are unique, and nobody else's company begins with these. Who takes a company
# renames it, so that in a test's transaction those that are left can be told.
SINGLE = "Prepared company"
HOLDING = "Prepared holding"
BRANCHES = 2


class _Maker(AccountTestInvoicingCommon):
    """Lends Odoo's own way to make a company with accounting; it has no tests."""

    chart_template = CHART


def prepare(env):
    """Make the companies; those of a database that is updated stay."""
    if env["res.company"].search_count([("name", "=like", "Prepared %")], limit=1):
        return
    _Maker.env = api.Environment(env.cr, SUPERUSER_ID, dict(DISABLED_MAIL_CONTEXT))
    for number in (1, 2):  # a class has its own, and often a stranger beside it
        _Maker._create_company(name=f"{SINGLE} {number}")
    holding = _Maker._create_company(name=HOLDING)
    for number in range(BRANCHES):
        name = f"{SINGLE} of the holding {number}"
        _Maker._create_company(name=name, parent_id=holding.id)


def take(env, prepared, vals):
    """Return a company that is prepared under that name, with the values; may be none."""
    if vals.keys() - {"name", "parent_id"}:
        return env["res.company"]
    # sudo: the user gets access to it only now, as to one that the user created
    company = (
        env["res.company"]
        .sudo()
        .search(
            [
                ("name", "=like", f"{prepared}%"),
                ("parent_id", "=", vals.get("parent_id", False)),
            ],
            order="id",
            limit=1,
        )
    )
    if company:
        company.name = vals["name"]
        env.user.company_ids |= company
    return company.with_env(env)

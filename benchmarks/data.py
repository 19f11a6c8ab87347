"""Overdue and paid invoices by the thousand.

One invoice is posted through the ORM; its stored columns are cloned by SQL with new
numbers, members and dates. A sample is computed again by the ORM and must not differ.
"""

from datetime import date, timedelta

from odoo.fields import Command
from odoo.tools import SQL

# The run's date. Everything is counted from it, so the machine's date is no matter.
DAY = date(2026, 3, 31)
DAYS_TO_PAY = 10
SPREAD = 46  # the clones are due 15 to 60 days before DAY
LATEST_DUE = DAY - timedelta(days=15)

SAMPLE = 50
MOVE_FIELDS = (
    "amount_residual",
    "amount_residual_signed",
    "amount_total",
    "amount_total_signed",
    "amount_untaxed",
    "commercial_partner_id",
    "invoice_partner_display_name",
    "payment_state",
    "sequence_number",
    "sequence_prefix",
)
# `balance` is what somebody entered; the rest is computed from it
LINE_FIELDS = (
    "amount_currency",
    "amount_residual",
    "amount_residual_currency",
    "credit",
    "debit",
    "no_followup",
    "price_subtotal",
    "reconciled",
)


ADDRESS = {"street": "Turmstraße 1", "zip": "10115", "city": "Berlin"}


def set_up(env):
    """A gym in Germany, its first member and the invoice that is cloned."""
    company = set_up_company(env)
    env["res.partner.bank"].create(
        {"acc_number": "DE02120300000000202051", "partner_id": company.partner_id.id}
    )
    admin = env.ref("base.user_admin")
    admin.group_ids += env.ref("gym_dunning.group_dunning_manager")
    template_invoice(
        env,
        company,
        birthdate_date="1990-01-01",
        member_status_id=env.ref("gym_dunning.member_status_active").id,
    )


def set_up_company(env):
    """A company in Germany with accounts; it needs none of our modules."""
    company = env.ref("base.main_company")
    env["account.chart.template"].try_loading(
        "generic_coa", company=company, install_demo=False
    )
    euro = env.ref("base.EUR")
    euro.active = True
    germany = env.ref("base.de")
    company.write({"name": "Gym", "country_id": germany.id, "currency_id": euro.id})
    company.partner_id.write(ADDRESS)
    return company


def template_invoice(env, company, **of_member):
    """Post the invoice that is cloned.

    :param of_member: what a gym knows of its member besides
    """
    member = env["res.partner"].create(
        {
            "name": "Member",
            "street": "Lange Straße 1",
            "zip": "10115",
            "city": "Berlin",
            "country_id": company.country_id.id,
            "email": "member@example.com",
            "property_payment_term_id": False,
        }
        | of_member
    )
    vals = {
        "move_type": "out_invoice",
        "partner_id": member.id,
        "invoice_date": LATEST_DUE - timedelta(days=DAYS_TO_PAY),
        "invoice_payment_term_id": False,
        "invoice_date_due": LATEST_DUE,
        "ref": "bench",
    }
    line = {"name": "Membership", "price_unit": 100.0, "tax_ids": [Command.clear()]}
    move = env["account.move"].with_company(company)
    move = move.create(vals | {"invoice_line_ids": [Command.create(line)]})
    move.action_post()


def grow(env, count, paid, single=None, centres=None):
    """Add `count` overdue invoices and `paid` paid ones of the same members.

    :param single: so many members have one, the rest three; None: half of the invoices
    :param centres: the companies that the members are spread over; None: the first's
    :return: the number of new members
    """
    env.flush_all()
    if single is None:
        single = count // 2
    members = single + -(-(count - single) // 3)
    source = env["account.move"].search([("ref", "=", "bench")], order="id", limit=1)
    _clone_partners(env, source.partner_id, members)
    for open_count, is_paid in ((count, False), (paid, True)):
        _plan_invoices(env, open_count, single, members, centres or source.company_id)
        clone_moves(env, source, is_paid)
        clone_lines(env, source, is_paid)
    env.cr.execute("DROP TABLE bench_member")
    env.invalidate_all()
    return members


def check(env):
    """Compute a sample again through the ORM; return the names of what differs."""
    moves = env["account.move"].search(
        [("ref", "=", "bench"), ("payment_state", "=", "not_paid")]
    )
    moves = moves[:: max(len(moves) // SAMPLE, 1)]
    differences = _differences(moves, MOVE_FIELDS)
    return differences | _differences(moves.line_ids, LINE_FIELDS)


def _differences(records, names):
    before = records.read(names, load=None)
    for name in names:
        records.env.add_to_compute(records._fields[name], records)
    records.env._recompute_all()
    after = records.read(names, load=None)
    records.env.cr.rollback()
    return {
        name
        for old, new in zip(before, after, strict=True)
        for name in names
        if old[name] != new[name]
    }


# === CLONING === #


def _clone_partners(env, source, count):
    env.cr.execute(
        SQL(
            """CREATE TEMP TABLE bench_member AS
               SELECT i AS number, nextval('res_partner_id_seq') AS id
                 FROM generate_series(1, %s) i""",
            count,
        )
    )
    new = {
        "id": SQL("target.id"),
        "commercial_partner_id": SQL("target.id"),
        "name": SQL("'Member ' || target.id"),
        "complete_name": SQL("'Member ' || target.id"),
        "email": SQL("'member' || target.id || '@example.com'"),
        "email_normalized": SQL("'member' || target.id || '@example.com'"),
        "member_number": SQL("'B' || target.id"),
    }
    clone(env, "res_partner", SQL("source.id = %s", source.id), "bench_member", new)


def _plan_invoices(env, count, single, members, centres):
    """Say for each new invoice its id, its member, the member's centre and how many
    days it is earlier."""
    env.cr.execute("DROP TABLE IF EXISTS bench_invoice")
    env.cr.execute(
        SQL(
            """CREATE TEMP TABLE bench_invoice AS
               SELECT nextval('account_move_id_seq') AS id, member.id AS partner_id,
                      (%(centres)s)[1 + member.number %% %(centre_count)s] AS company_id,
                      i %% %(spread)s AS days
                 FROM generate_series(1, %(count)s) i
                 JOIN bench_member member ON member.number = CASE
                      WHEN i <= %(single)s THEN i
                      ELSE LEAST(%(single)s + (i - %(single)s + 2) / 3, %(members)s)
                      END""",
            centres=centres.ids,
            centre_count=len(centres),
            spread=SPREAD,
            count=count,
            single=single,
            members=members,
        )
    )


def clone_moves(env, source, paid):
    name = SQL("%s || lpad(target.id::text, 8, '0')", source.sequence_prefix)
    new = {
        "id": SQL("target.id"),
        "name": name,
        "payment_reference": name,
        "sequence_number": SQL("target.id"),
        "company_id": SQL("target.company_id"),
        "partner_id": SQL("target.partner_id"),
        "commercial_partner_id": SQL("target.partner_id"),
        "partner_shipping_id": SQL("target.partner_id"),
        "invoice_partner_display_name": SQL("'Member ' || target.partner_id"),
        **_earlier("date", "invoice_date", "invoice_date_due"),
    }
    if paid:
        new |= {"payment_state": SQL("'paid'"), "status_in_payment": SQL("'paid'")}
        new |= dict.fromkeys(("amount_residual", "amount_residual_signed"), SQL("0"))
    where = SQL("source.id = %s", source.id)
    clone(env, "account_move", where, "bench_invoice", new)


def clone_lines(env, source, paid):
    name = SQL("%s || lpad(target.id::text, 8, '0')", source.sequence_prefix)
    new = {
        "id": SQL("nextval('account_move_line_id_seq')"),
        "move_id": SQL("target.id"),
        "move_name": name,
        "name": SQL(
            "CASE WHEN source.display_type = 'payment_term' THEN %s ELSE source.name END",
            name,
        ),
        "company_id": SQL("target.company_id"),
        "partner_id": SQL("target.partner_id"),
        **_earlier("date", "invoice_date", "date_maturity"),
    }
    if paid:
        is_term = SQL("source.display_type = 'payment_term' OR source.reconciled")
        zero = ("amount_residual", "amount_residual_currency")
        new |= {"reconciled": is_term} | dict.fromkeys(zero, SQL("0"))
    where = SQL("source.move_id = %s", source.id)
    clone(env, "account_move_line", where, "bench_invoice", new)


def _earlier(*columns):
    return {
        column: SQL("source.%s - target.days", SQL.identifier(column))
        for column in columns
    }


def clone(env, table, where, targets, new):
    """Insert one copy of the source rows per target, with the `new` columns."""
    columns = _columns(env, table)
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s target, %s source WHERE %s",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(
                new.get(column, SQL.identifier("source", column)) for column in columns
            ),
            SQL.identifier(targets),
            SQL.identifier(table),
            where,
        )
    )


def _columns(env, table):
    env.cr.execute(
        SQL(
            """SELECT column_name FROM information_schema.columns
                WHERE table_schema = current_schema AND table_name = %s""",
            table,
        )
    )
    return [name for (name,) in env.cr.fetchall()]

"""The measured steps of screens.py; run as those of steps.py."""

import ast
import time

import data
import screen_data
from lxml import etree
from measure import Figures
from psycopg2.errors import QueryCanceled
from steps import (
    admin,
    main,  # noqa: F401 - Databases.step calls it
    set_up,  # noqa: F401 - screens.py names it
    step,
)

from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

TIMES = 3
# Seconds: what takes longer is measured once; when nobody waits any more.
SLOW, PATIENCE = 3, 20
# What the web client asks for: rows of a page, where it stops counting.
PAGE, COUNT_LIMIT = 80, 10001
GROUPABLE = ("integer", "float", "monetary")
SEARCHED = "Member 12345"


@step
def items(env, meter, options):
    """Add the data; refuse to go on when the invoices are not what Odoo makes."""
    with meter.measure("data made", options["count"]) as figures:
        members = screen_data.grow(env, options["count"])
        env.cr.commit()
    differences = data.check(env)
    if differences:
        raise SystemExit(f"The sample differs from the ORM's in {differences}.")
    figures.notes = {"members": members}
    return [figures]


@step
def screens(env, meter, options):
    """Ask for each screen whose row has one of the words; the least of times counts."""
    env = admin(env)
    companies = env.user.company_ids.ids
    main_company = env.ref("base.main_company").id
    ticked = [main_company, *(id for id in companies if id != main_company)]
    env = env(
        context={
            "lang": "en_US",
            "uid": env.uid,
            "allowed_company_ids": ticked,
            "dunning_date": data.DAY,
        }
    )
    rows = []
    for screen in SCREENS:
        for label, work in screen(env):
            if any(words in label for words in options["only"].split(",")):
                rows.append(least(env, label, work))
                print(f"{rows[-1].wall:8.3f} {label}", flush=True)
    return rows


def least(env, label, work):
    """Measure several times, cold caches of the ORM each; return the quickest."""
    figures = Figures(label, wall=float("inf"))
    for __ in range(TIMES):
        env.invalidate_all()
        env.cr.execute(SQL("SET LOCAL statement_timeout = %s", 1000 * PATIENCE))
        queries, begun = env.cr.sql_log_count, time.perf_counter()
        try:
            found = work()
        except QueryCanceled:
            found = "given up"
        wall = time.perf_counter() - begun
        if wall < figures.wall:
            figures.wall, figures.queries = wall, env.cr.sql_log_count - queries
            figures.notes = {"found": found}
        env.cr.rollback()
        if wall > SLOW:
            break
    return figures


# === WHAT THE WEB CLIENT ASKS === #


class Screen:
    """An action's list, with what its search view offers."""

    def __init__(self, env, action, name):
        self.name = name
        action = env["ir.actions.act_window"]._for_xml_id(action)
        self.values = values_of(env)
        context = safe_eval(action["context"] or "{}", self.values)
        self.model = env[action["res_model"]].with_context(**context)
        self.base = self.evaluate(action["domain"] or "[]")
        views = {kind: view for view, kind in action["views"]}
        search = action["search_view_id"]
        asked = [(views.get("list"), "list"), (search and search[0], "search")]
        views = self.model.get_views(asked)["views"]
        self.list = etree.fromstring(views["list"]["arch"])
        self.search = etree.fromstring(views["search"]["arch"])

    def evaluate(self, text):
        return text if isinstance(text, list) else safe_eval(text, dict(self.values))

    def fields(self):
        """Yield the fields of the list's columns, hidden ones too: all are read."""
        for node in self.list.xpath("/list/field"):
            yield self.model._fields[node.get("name")]

    def specification(self):
        return {
            field.name: {"fields": {"display_name": {}}} if field.relational else {}
            for field in self.fields()
        }

    def aggregates(self):
        """Return what the client has summed up for each group: every column that can
        be, whether it is shown or not."""
        known = self.model.fields_get(
            [field.name for field in self.fields()],
            ["type", "aggregator", "currency_field"],
        )
        summed = {
            name: field
            for name, field in known.items()
            if field.get("aggregator") and field["type"] in GROUPABLE
        }
        asked = [f"{name}:{field['aggregator']}" for name, field in summed.items()]
        for name, field in summed.items():
            if field.get("currency_field"):
                asked.append(f"{field['currency_field']}:array_agg_distinct")
                asked.append(f"{name}:sum_currency")
        return list(dict.fromkeys(asked))

    def page(self, domain=(), order=None):
        def work():
            found = self.model.web_search_read(
                self.base + list(domain),
                self.specification(),
                limit=PAGE,
                order=order or self.list.get("default_order"),
                count_limit=COUNT_LIMIT,
            )
            return found["length"]

        return work

    def groups(self, group, domain=()):
        def work():
            found = self.model.with_context(read_group_expand=True).web_read_group(
                self.base + list(domain), [group], self.aggregates(), limit=PAGE
            )
            return found["length"]

        return work

    def filters(self):
        """Yield (label, domain) of the filters."""
        for node in self.search.iter("filter"):
            if node.get("domain") and node.get("domain") != "[]":
                yield node.get("string"), self.evaluate(node.get("domain"))

    def group_bys(self):
        for node in self.search.iter("filter"):
            context = ast.literal_eval(node.get("context") or "{}")
            if context.get("group_by"):
                yield node.get("string"), context["group_by"]

    def searches(self, text):
        """Yield (label, domain) of what may be typed into the field of members."""
        for node in self.search.iter("field"):
            if node.get("filter_domain") and node.get("string") in (
                "Member",
                "Customer",
            ):
                domain = node.get("filter_domain")
                values = {**self.values, "self": text}
                yield node.get("string"), safe_eval(domain, values)

    def orders(self):
        for field in self.fields():
            is_column = field.store or (field.column_type and not field.compute)
            if is_column and field.type not in ("one2many", "many2many"):
                yield field.name

    def all(self, default=(), orders=True):
        """Yield (label, work) of everything the screen offers."""
        yield f"{self.name}: no filter", self.page()
        if default:
            yield f"{self.name}: first page", self.page(default)
        for label, domain in self.filters():
            yield f"{self.name}: filter {label}", self.page(domain)
        for label, domain in self.searches(SEARCHED):
            yield f"{self.name}: search {label}", self.page(domain)
        if orders:
            for name in self.orders():
                yield f"{self.name}: order {name}", self.page(default, name)
        for label, group in self.group_bys():
            yield f"{self.name}: group {label}", self.groups(group, default)


def values_of(env):
    """What domains of views name."""
    return {
        "uid": env.uid,
        "allowed_company_ids": env.companies.ids,
        "context_today": lambda: data.DAY,
    }


# === SCREENS === #


OVERDUE = [("days_overdue", ">", 0), ("amount_residual", ">", 0)]


def open_payments(env):
    screen = Screen(env, "gym_dunning.gym_open_item_action", "Open Payments")
    yield from screen.all(OVERDUE)
    for label, group in screen.group_bys():
        yield f"{screen.name}: all, group {label}", screen.groups(group)


def invoices(env):
    """Only what the module adds to Odoo's own screen."""
    screen = Screen(env, "account.action_move_out_invoice_type", "Invoices")
    yield "Invoices: first page, as Odoo's", screen.page()
    for label, domain in screen.filters():
        if label and ("Reminder" in label or "Collection" in label):
            yield f"Invoices: filter {label}", screen.page(domain)
    level = env.ref("gym_dunning.policy_default").level_ids[1]
    domain = [("dunning_level_id", "=", level.id)]
    yield "Invoices: of level 2", screen.page(domain)


def members(env):
    screen = Screen(env, "gym_dunning.res_partner_action_members", "Members")
    yield from screen.all(orders=False)
    level = env.ref("gym_dunning.policy_default").level_ids[1]
    domain = [("dunning_level_id", "=", level.id)]
    yield "Members: of level 2", screen.page(domain)


def customers(env):
    screen = Screen(env, "gym_dunning.gym_case_customer_action", "Customers")
    yield from screen.all()


def reminders(env):
    screen = Screen(env, "gym_dunning.gym_dunning_reminder_action", "Reminders")
    yield from screen.all()
    run = env["gym.dunning.run"].search([], limit=1)
    yield "Reminders: of a run", screen.page([("run_id", "=", run.id)])
    member = env["gym.dunning.reminder"].search([], limit=1).member_id
    yield "Reminders: of a member", screen.page([("member_id", "=", member.id)])


def cases(env):
    screen = Screen(env, "gym_dunning.gym_collection_case_action", "Cases")
    yield from screen.all(orders=False)


def names(env):
    """What is typed into the field of a form."""
    found = env["res.partner"]
    yield (
        "Contacts: name_search",
        lambda: len(found.web_name_search(SEARCHED, {"display_name": {}}, limit=8)),
    )


def overview(env):
    """Each tile and chart asks for itself."""
    board = env["gym.overview"]
    yield "Overview: which tiles", lambda: len(board.tiles())
    for tile in board.tiles():
        name = tile["name"]
        yield f"Overview: {name}", lambda name=name: board.read_tile(name)["count"]
    for chart in ("read_ageing", "read_received"):
        yield f"Overview: {chart}", lambda chart=chart: len(getattr(board, chart)())


SCREENS = (
    overview,
    open_payments,
    invoices,
    members,
    customers,
    reminders,
    cases,
    names,
)

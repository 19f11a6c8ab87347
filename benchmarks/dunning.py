#!/usr/bin/env python3
"""Measure the reminders on N overdue invoices, beside their floor and their peer.

    benchmarks/dunning.py 10000 --peer

It makes databases of its own (bench_...), measures, prints a table and drops them.
README.md beside this file says what is measured and how.
"""

import argparse
import sys

import peer
from databases import PREFIX, Databases, Failed

STEPS = ("P1", "P3", "P4", "P6")


def main():
    options = parse()
    try:
        databases = Databases(options.verbose)
        try:
            rows = run(databases, options)
        finally:
            if not options.keep:
                databases.drop_all()
    except Failed as error:
        sys.exit(f"benchmark: {error}")
    print()
    print_table(rows)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int, metavar="N", help="overdue invoices")
    parser.add_argument("--paid", type=int, help="paid invoices besides (default: N)")
    parser.add_argument("--peer", action="store_true", help="OCA's module too")
    parser.add_argument(
        "--letters", type=int, default=500, help="for P6 (default: 500)"
    )
    parser.add_argument("--steps", default=",".join(STEPS), help="default: %(default)s")
    parser.add_argument(
        "--template", help="database bench_... made on first use, copied afterwards"
    )
    parser.add_argument("--keep", action="store_true", help="keep the databases")
    parser.add_argument("--verbose", action="store_true", help="show Odoo's log")
    options = parser.parse_args()
    options.steps = set(options.steps.upper().split(","))
    if unknown := options.steps - set(STEPS):
        parser.error(f"unknown step: {', '.join(sorted(unknown))}")
    if options.count < 100:
        parser.error("at least 100 invoices, below that nothing can be told")
    if options.template and not options.template.startswith(PREFIX):
        parser.error(f"the template's name begins with {PREFIX}")
    if options.paid is None:
        options.paid = options.count
    return options


def run(databases, options):
    """Make the data, then each step on a copy of it."""
    base = databases.name
    rows = make_data(databases, base, options)
    if "P1" in options.steps:
        rows += on_copy(databases, base, "p1", count=options.count)
    if options.peer:
        rows += run_peer(databases, base, options)
    if "P3" in options.steps:
        rows += on_copy(databases, base, "p3")
    if "P4" in options.steps:
        for step in ("p4_invoice", "p4_bare", "p4_entry"):
            rows += on_copy(databases, base, step)
    if "P6" in options.steps:
        rows += run_letters(databases, base, options)
    return rows


def make_data(databases, base, options):
    """A tenth first, to count its queries; then the rest."""
    template = options.template or base
    if not databases.exists(template):
        tell("install")
        databases.install(template, "gym_dunning")
        databases.step(template, "set_up")
        databases.made.discard(options.template)
    if options.template:
        databases.copy_with_files(template, base)
    tell("data")
    tenth, paid = options.count // 10, options.paid // 10
    databases.step(base, "grow", count=tenth, paid=paid)
    databases.settle(base)
    rows = []
    if "P1" in options.steps:
        rows = databases.step(base, "estimate_queries", count=tenth)
    databases.step(base, "grow", count=options.count - tenth, paid=options.paid - paid)
    databases.settle(base)
    return rows


def on_copy(databases, base, step, **arguments):
    tell(step)
    copy = databases.copy(base, f"{base}_{step}")
    rows = databases.step(copy, step, **arguments)
    databases.drop(copy)
    return rows


def run_peer(databases, base, options):
    tell("peer")
    addons = peer.addons_folder(databases.env)
    copy = databases.copy(base, f"{base}_peer")
    databases.install(copy, peer.MODULE, extra_addons=addons)
    rows = databases.step(copy, "peer", extra_addons=addons, count=options.count)
    databases.drop(copy)
    return rows


def run_letters(databases, base, options):
    tell("p6")
    copy = databases.copy_with_files(base, f"{base}_p6")
    with databases.server(copy) as url:
        rows = databases.step(copy, "p6", letters=options.letters, url=url)
    databases.drop(copy)
    return rows


def tell(text):
    print(f"... {text}", file=sys.stderr, flush=True)


# === TABLE === #


def print_table(rows):
    heads = ("step", "n", "CPU s", "Python", "PostgreSQL", "wall s", "ms CPU each")
    heads += ("queries", "peak MB", "")
    print("| " + " | ".join(heads) + " |")
    print("|---" * len(heads) + "|")
    for row in rows:
        print("| " + " | ".join(cells(row)) + " |")


def cells(row):
    python, postgres = row["cpu_python"], row["cpu_postgres"]
    cpu = python + (postgres or 0.0)
    notes = ", ".join(f"{key}: {value}" for key, value in row["notes"].items())
    return (
        row["label"],
        f"{row['count']:,}",
        f"{cpu:.2f}",
        f"{python:.2f}",
        "n/a" if postgres is None else f"{postgres:.2f}",
        f"{row['wall']:.2f}",
        f"{1000 * cpu / (row['count'] or 1):.2f}",
        f"{row['queries']:,}",
        str(row["rss"]),
        notes,
    )


if __name__ == "__main__":
    main()

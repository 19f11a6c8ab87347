#!/usr/bin/env python3
"""Measure the reminders on N overdue invoices, beside their floor and their peer.

    benchmarks/dunning.py 10000 --peer

It makes databases of its own (bench_...), measures, prints a table and drops them.
README.md beside this file says what is measured and how.
"""

import peer
from command import install, measure, on_copy, parser_of, tell

STEPS = ("P1", "P3", "P4", "P6")


def main():
    measure(run, parse(), steps="steps")


def parse():
    parser = parser_of(__doc__.splitlines()[0], "overdue invoices", least=100)
    parser.add_argument("--paid", type=int, help="paid invoices besides (default: N)")
    parser.add_argument(
        "--letters", type=int, default=500, help="for P6 (default: 500)"
    )
    parser.add_argument("--steps", default=",".join(STEPS), help="default: %(default)s")
    options = parser.parse_args()
    options.steps = set(options.steps.upper().split(","))
    if unknown := options.steps - set(STEPS):
        parser.error(f"unknown step: {', '.join(sorted(unknown))}")
    if options.paid is None:
        options.paid = options.count
    return options


def run(databases, options):
    """Make the data, then each step on a copy of it."""
    base = install(databases, options)
    rows = make_data(databases, base, options)
    if "P1" in options.steps:
        rows += on_copy(databases, base, "p1", count=options.count)
    if options.peer:
        tell("peer")
        rows += peer.run(databases, base, "peer", peer.DUNNING, count=options.count)
    if "P3" in options.steps:
        rows += on_copy(databases, base, "p3")
    if "P4" in options.steps:
        for step in ("p4_invoice", "p4_bare", "p4_entry", "p4_entry_bare"):
            rows += on_copy(databases, base, step)
    if "P6" in options.steps:
        rows += run_letters(databases, base, options)
    return rows


def make_data(databases, base, options):
    """A tenth first, to count its queries; then the rest."""
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


def run_letters(databases, base, options):
    tell("p6")
    copy = databases.copy_with_files(base, f"{base}_p6")
    with databases.server(copy) as url:
        rows = databases.step(copy, "p6", letters=options.letters, url=url)
    databases.drop(copy)
    return rows


if __name__ == "__main__":
    main()

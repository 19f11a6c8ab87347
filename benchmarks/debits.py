#!/usr/bin/env python3
"""Measure direct debits of N members: collected, sent, paid and returned.

    benchmarks/debits.py 1000

It makes databases of its own (bench_...), measures, prints a table and drops them.
README.md beside this file says what is measured and how.
"""

from command import install, measure, on_copy, parser_of, tell


def main():
    parser = parser_of(__doc__.splitlines()[0], "members, with one item each", 100)
    measure(run, parser.parse_args(), steps="debit_steps")


def run(databases, options):
    """Make the data, then the debits, and what their payments cost without us."""
    base = install(databases, options)
    tell("data")
    rows = databases.step(base, "debtors", count=options.count)
    databases.settle(base)
    for step in ("debits", "bare_payments"):
        rows += on_copy(databases, base, step, count=options.count)
    return rows


if __name__ == "__main__":
    main()

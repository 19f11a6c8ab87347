#!/usr/bin/env python3
"""Measure what a policy that is tried costs on N open items, beside an estimate.

    benchmarks/what_if.py 20000

It makes databases of its own (bench_...), measures, prints a table and drops them.
README.md beside this file says what is measured and how.
"""

from command import install, measure, on_copy, parser_of, tell


def main():
    parser = parser_of(__doc__.splitlines()[0], "open items, and paid ones", 100)
    measure(run, parser.parse_args(), steps="what_if_steps")


def run(databases, options):
    """Make the data, then estimate and try on a copy of it."""
    base = install(databases, options)
    tell("data")
    rows = databases.step(base, "open_and_paid", count=options.count)
    databases.settle(base)
    return rows + on_copy(databases, base, "tried", count=options.count)


if __name__ == "__main__":
    main()

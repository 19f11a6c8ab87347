#!/usr/bin/env python3
"""Measure the mass creation of collection cases for N customers, beside its floor.

    benchmarks/cases.py 10000

It makes databases of its own (bench_...), measures, prints a table and drops them.
README.md beside this file says what is measured and how.
"""

from command import install, measure, on_copy, parser_of, tell


def main():
    parser = parser_of(__doc__.splitlines()[0], "customers, with 3 items each", 100)
    measure(run, parser.parse_args(), steps="case_steps")


def run(databases, options):
    """Make the data, then the mass creation and its floor on a copy of it."""
    base = install(databases, options)
    tell("data")
    rows = databases.step(base, "customers", count=options.count)
    databases.settle(base)
    return rows + on_copy(databases, base, "mass_creation", count=options.count)


if __name__ == "__main__":
    main()

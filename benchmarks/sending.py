#!/usr/bin/env python3
"""Measure what leaves the gym: N reminders by e-mail, of selected items, and claims.

    benchmarks/sending.py 1000

It makes databases of its own (bench_...), measures, prints a table and drops them.
README.md beside this file says what is measured and how.
"""

from command import install, measure, on_copy, parser_of, tell

STEPS = ("handover_file", "handover_service")
WITH_LETTERS = ("emails", "notify")


def main():
    parser = parser_of(__doc__.splitlines()[0], "members with an overdue item", 100)
    measure(run, parser.parse_args(), steps="sending_steps")


def run(databases, options):
    """Make the data, then each step on a copy of it."""
    base = install(databases, options)
    tell("data")
    databases.step(base, "members", count=options.count)
    databases.settle(base)
    rows = []
    for step in WITH_LETTERS:
        rows += with_letters(databases, base, step)
    for step in STEPS:
        rows += on_copy(databases, base, step)
    return rows


def with_letters(databases, base, step):
    """A server answers wkhtmltopdf's requests for style sheets."""
    tell(step)
    copy = databases.copy_with_files(base, f"{base}_{step}")
    with databases.server(copy) as url:
        rows = databases.step(copy, step, url=url)
    databases.drop(copy)
    return rows


if __name__ == "__main__":
    main()

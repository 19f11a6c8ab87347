#!/usr/bin/env python3
"""Measure installing and updating in a database that is in use, beside an empty one.

    benchmarks/install.py 500000

N contacts with an invoice each are two journal items each. It makes databases of its own
(bench_...), measures, prints a table and drops them. README.md beside this file says
what is measured and how.
"""

import ast
import time

from command import measure, parser_of, tell, wall_row
from databases import HERE

MODULE = "gym_dunning"


def main():
    parser = parser_of(__doc__.splitlines()[0], "contacts, an invoice each", 1000)
    measure(run, parser.parse_args(), steps="install_steps")


def run(databases, options):
    """Install into a company without invoices, then into one with N, and update both."""
    empty = options.template or databases.name
    if not databases.exists(empty):
        tell("Odoo without us")
        databases.install(empty, ",".join(needed()))
        databases.made.discard(options.template)
        databases.step(empty, "company")
        databases.settle(empty)
    rows = install_and_update(databases, empty, "empty", 0)
    full = databases.copy(empty, f"{databases.name}_full")
    tell("data")
    databases.step(full, "items", count=options.count)
    databases.settle(full)
    rows += install_and_update(databases, full, "in use", options.count)
    for alone, beside in zip(rows[:2], rows[2:], strict=True):
        beside["notes"] = {
            "times the empty one": f"{beside['wall'] / alone['wall']:.2f}"
        }
    return rows


def needed():
    """Return the modules that ours needs."""
    manifest = HERE.parent / MODULE / "__manifest__.py"
    return ast.literal_eval(manifest.read_text())["depends"]


def install_and_update(databases, base, label, count):
    copy = databases.copy(base, f"{databases.name}_{label.replace(' ', '_')}")
    jobs = {"install": databases.install, "update": databases.update}
    rows = []
    for name, job in jobs.items():
        tell(f"{name}, {label}")
        start = time.monotonic()
        job(copy, MODULE)
        rows.append(wall_row(f"{name}, {label}", count, time.monotonic() - start))
    databases.drop(copy)
    return rows


if __name__ == "__main__":
    main()

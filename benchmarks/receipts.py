#!/usr/bin/env python3
"""Measure a bank file of N receipts: read, matched and booked.

    benchmarks/receipts.py 5000

It makes databases of its own (bench_...), measures, prints a table and drops them.
README.md beside this file says what is measured and how.
"""

import peer
from command import install, measure, on_copy, parser_of, tell


def main():
    parser = parser_of(__doc__.splitlines()[0], "receipts, one of each member", 100)
    parser.add_argument(
        "--read", action="store_true", help="only read and matched, nothing booked"
    )
    measure(run, parser.parse_args(), steps="receipt_steps")


def run(databases, options):
    """Make the data, then import, and what the payments cost without us."""
    base = install(databases, options)
    tell("data")
    rows = databases.step(base, "payers", count=options.count)
    databases.settle(base)
    if options.read:
        return rows + on_copy(databases, base, "read_receipts", count=options.count)
    for step in ("receipts", "bare_receipts"):
        rows += on_copy(databases, base, step, count=options.count)
    if options.peer:
        tell("peer")
        rows += peer.run(databases, base, "peer_import", peer.STATEMENTS)
    return rows


if __name__ == "__main__":
    main()

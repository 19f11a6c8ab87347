#!/usr/bin/env python3
"""Measure the renewal of N contracts, beside the bare invoices and OCA's contract.

    benchmarks/renewal.py 1000 --peer

It makes databases of its own (bench_...), measures, prints a table and drops them.
README.md beside this file says what is measured and how.
"""

import peer
from command import install, measure, on_copy, parser_of, tell
from databases import Failed


def main():
    parser = parser_of(__doc__.splitlines()[0], "active contracts", least=100)
    measure(run, parser.parse_args(), steps="renewal_steps")


def run(databases, options):
    """Make the data, then each way to renew on a copy of it."""
    base = install(databases, options)
    tell("data")
    rows = databases.step(base, "contracts", count=options.count)
    databases.settle(base)
    ours = on_copy(databases, base, "renew", count=options.count)
    bare = on_copy(databases, base, "bare")
    check_same(ours[-1], bare[-1])
    rows += ours + bare
    for cause in ("receivable", "income"):
        rows += on_copy(
            databases, base, "renew_failing", count=options.count, cause=cause
        )
    if options.peer:
        rows += run_peer(databases, options.count, bare[-1])
    return rows


def run_peer(databases, count, bare):
    """The peer, and the bare invoices again, where no module of ours is installed."""
    tell("install the peer")
    addons = peer.addons_folder(databases.env, peer.RENEWAL)
    base = f"{databases.name}_without"
    databases.install(base, peer.RENEWAL[0], extra_addons=addons)
    databases.step(base, "peer_data", extra_addons=addons, count=count)
    databases.settle(base)
    rows = []
    for step in ("bare", "peer"):
        arguments = {"count": count, "where": ", without our module"}
        rows += on_copy(databases, base, step, extra_addons=addons, **arguments)
        check_same(rows[-1], bare)
    return rows


def check_same(ours, bare):
    if ours["notes"] != bare["notes"]:
        raise Failed(f"{ours['label']}: {ours['notes']}, bare {bare['notes']}.")


if __name__ == "__main__":
    main()

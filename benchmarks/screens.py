#!/usr/bin/env python3
"""Measure what the screens over N open items take, as the web client asks for them.

    benchmarks/screens.py 500000 --template bench_screens

It makes a database of its own (bench_...), or keeps the one that --template names,
data included, prints a table and drops its own. README.md beside this file says what is
measured and how.
"""

from command import measure_and, parser_of, tell


def main():
    parser = parser_of(__doc__.splitlines()[0], "open items", 1000)
    parser.add_argument(
        "--only", default="", metavar="WORDS", help="rows with one of these words"
    )
    measure_and(run, parser.parse_args(), "screen_steps", print_screens)


def run(databases, options):
    """Make the data once, then ask for every screen; nothing is written meanwhile."""
    base = options.template or databases.name
    if not databases.exists(base):
        tell("install")
        databases.install(base, "gym_dunning")
        databases.made.discard(options.template)
        databases.step(base, "set_up")
        tell("data")
        databases.step(base, "items", count=options.count)
        databases.settle(base)
    tell("screens")
    return databases.step(base, "screens", only=options.only)


def print_screens(rows):
    print("| screen | asked for | s | queries | found |\n|---|---|---|---|---|")
    for row in rows:
        screen, __, asked = row["label"].partition(": ")
        found = row["notes"].get("found", "")
        print(
            f"| {screen} | {asked} | {row['wall']:.2f} | {row['queries']} | {found} |"
        )


if __name__ == "__main__":
    main()

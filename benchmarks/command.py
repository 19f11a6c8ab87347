"""What the benchmarks' commands share: options, databases, progress, the table."""

import argparse
import sys
from dataclasses import asdict

from databases import PREFIX, Databases, Failed
from measure import Figures


def parser_of(description, what, least):
    """Return the parser of a benchmark on N `what`."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("count", type=_at_least(least), metavar="N", help=what)
    parser.add_argument("--peer", action="store_true", help="OCA's module too")
    parser.add_argument(
        "--template",
        type=_template,
        help=f"database {PREFIX}... made on first use, copied afterwards",
    )
    parser.add_argument("--keep", action="store_true", help="keep the databases")
    parser.add_argument("--verbose", action="store_true", help="show Odoo's log")
    return parser


def _at_least(least):
    def number(text):
        if int(text) < least:
            raise argparse.ArgumentTypeError(
                f"at least {least}, below that nothing can be told"
            )
        return int(text)

    return number


def _template(text):
    if not text.startswith(PREFIX):
        raise argparse.ArgumentTypeError(f"its name begins with {PREFIX}")
    return text


def measure(run, options, steps):
    """Call `run(databases, options)`, print the rows it returns, drop the databases.

    :param steps: name of the module with the steps that `run` names
    """
    measure_and(run, options, steps, print_table)


def measure_and(run, options, steps, show):
    """The same, where the benchmark has a table of its own.

    :param show: prints the rows
    """
    try:
        databases = Databases(options.verbose, steps)
        try:
            rows = run(databases, options)
        finally:
            if not options.keep:
                databases.drop_all()
    except Failed as error:
        sys.exit(f"benchmark: {error}")
    print()
    show(rows)


def install(databases, options):
    """Make the run's database, or copy it from the template; return its name."""
    base = databases.name
    template = options.template or base
    if not databases.exists(template):
        tell("install")
        databases.install(template, "gym_dunning")
        databases.step(template, "set_up")
        databases.made.discard(options.template)
    if options.template:
        databases.copy_with_files(template, base)
    return base


def on_copy(databases, base, step, **arguments):
    """Run one step on a copy of the database, which is dropped afterwards."""
    tell(step)
    copy = databases.copy(base, f"{base}_{step}")
    rows = databases.step(copy, step, **arguments)
    databases.drop(copy)
    return rows


def tell(text):
    print(f"... {text}", file=sys.stderr, flush=True)


# === TABLE === #


def wall_row(label, count, wall, **notes):
    """Return the row of what was only timed: several processes had a part in it."""
    figures = Figures(label, count, cpu_python=None, wall=wall, notes=notes)
    return asdict(figures) | {"queries": None, "rss": None}


def print_table(rows):
    heads = ("step", "n", "CPU s", "Python", "PostgreSQL", "wall s", "ms CPU each")
    heads += ("queries", "queries each", "peak MB", "")
    print("| " + " | ".join(heads) + " |")
    print("|---" * len(heads) + "|")
    for row in rows:
        print("| " + " | ".join(cells(row)) + " |")


def cells(row):
    python, postgres = row["cpu_python"], row["cpu_postgres"]
    cpu = None if python is None else python + (postgres or 0.0)
    queries, count = row["queries"], row["count"] or 1
    notes = ", ".join(f"{key}: {value}" for key, value in row["notes"].items())
    return (
        row["label"],
        f"{row['count']:,}",
        known(cpu, "{:.2f}"),
        known(python, "{:.2f}"),
        known(postgres, "{:.2f}"),
        f"{row['wall']:.2f}",
        known(cpu, "{:.2f}", 1000 / count),
        known(queries, "{:,}"),
        known(queries, "{:.1f}", 1 / count),
        known(row["rss"], "{}"),
        notes,
    )


def known(value, form, times=1):
    return "n/a" if value is None else form.format(value * times)

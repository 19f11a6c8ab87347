#!/usr/bin/env python3
"""Measure how much faster two workers are than one, in a table.

    benchmarks/workers.py 4000

Each worker is an Odoo server of its own over one database, as on two hosts; seconds are
those of the process itself. It makes databases of its own (bench_...) and drops them.
README.md beside this file says what is measured and how.
"""

import contextlib
import subprocess
import time

from command import install, measure, parser_of, tell, wall_row
from databases import ODOO, Failed

# label: who makes the data, who starts it, a share of N
JOBS = {
    "generate with fee invoices": ("members", "start_generation", 1),
    "renewal of contracts": ("contracts_beside", "start_renewal", 1),
    "letters printed": ("letters", "start_printing", 0.2),
}
# wkhtmltopdf asks a server of its own for style sheets, as beside workers it does
SERVED = {"letters", "start_printing"}
MINUTES = 30
LEAST = 100


def main():
    parser = parser_of(__doc__.splitlines()[0], "members, a contract each", LEAST)
    measure(run, parser.parse_args(), steps="worker_steps")


def run(databases, options):
    """Make the data, then each job with one worker and with two, on copies of it."""
    rows = []
    for label, (data, start, share) in JOBS.items():
        tell(label)
        count = max(int(options.count * share), LEAST)
        base = install(databases, options)
        make(databases, base, data, count=count)
        databases.settle(base)
        alone = seconds(databases, base, start, 1)
        both = seconds(databases, base, start, 2)
        rows += [
            row(label, count, number, wall, alone)
            for number, wall in ((1, alone), (2, both))
        ]
        databases.drop(base)
    return rows


def row(label, count, number, wall, alone):
    gain = {"times as fast": f"{alone / wall:.2f}"}
    return wall_row(f"{label}, {number} at work", count, wall, **gain)


def seconds(databases, base, start, number):
    """Return how long the process took with so many workers."""
    copy = databases.copy_with_files(base, f"{base}_{number}")
    databases.step(copy, "workers", number=number)
    with contextlib.ExitStack() as servers:
        for __ in range(number):
            servers.enter_context(worker(databases, copy))
        await_listening(databases, number)
        url = servers.enter_context(served(databases, copy, start))
        databases.step(copy, start, **url)
        wall = await_end(databases, copy)
    databases.drop(copy)
    return wall


def make(databases, base, step, **arguments):
    with served(databases, base, step) as url:
        databases.step(base, step, **arguments, **url)


@contextlib.contextmanager
def served(databases, name, step):
    """Yield the address of a server for the step, as its argument, if it needs one."""
    if step not in SERVED:
        yield {}
        return
    with databases.server(name) as url:
        yield {"url": url}


@contextlib.contextmanager
def worker(databases, name):
    """An Odoo server with one thread for scheduled actions, and nothing else."""
    command = [str(ODOO), "-d", name, "--no-http", "--workers", "0"]
    child = subprocess.Popen(
        [*command, "--max-cron-threads", "1"],
        stdout=databases.log,
        stderr=databases.log,
    )
    try:
        yield
    finally:
        child.terminate()
        child.wait(60)


def await_listening(databases, number):
    """Wait until so many servers wait to be woken; one that starts late is no worker."""
    asked = """SELECT count(DISTINCT application_name) FROM pg_stat_activity
                WHERE datname = 'postgres' AND application_name LIKE 'odoo-%'"""
    end = time.monotonic() + MINUTES * 60
    while time.monotonic() < end:
        if int(databases.psql("postgres", asked)) >= number:
            return
        time.sleep(0.2)
    raise Failed("The servers did not start.")


def await_end(databases, name):
    """Wait until the last process has done them all; return its seconds."""
    asked = """SELECT state, total, extract(epoch FROM date_end - date_start),
                      (SELECT sum(done_count) FROM gym_process_slice
                        WHERE process_id = gym_process.id)
                 FROM gym_process ORDER BY id DESC LIMIT 1"""
    end = time.monotonic() + MINUTES * 60
    while time.monotonic() < end:
        state, total, wall, done = databases.psql(name, asked).split("|")
        if state == "done":
            if done != total:
                raise Failed(f"{done} of {total} were done.")
            return float(wall)
        if state in ("failed", "cancelled"):
            raise Failed(f"The process is {state}.")
        time.sleep(1)
    raise Failed("The process did not end.")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Measure everything, one benchmark after the other: the whole table of one commit.

    benchmarks/all.py
    benchmarks/all.py --scale 0.02

Each of them can be run by itself; README.md beside this file says what they measure.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

from databases import Databases

HERE = Path(__file__).resolve().parent
# Installed once, and copied by all that need no other.
TEMPLATE = "bench_all_installed"
OWN = {"install", "screens"}
# command, number of records, options
BENCHMARKS = (
    ("dunning", 10000, ("--peer", "--steps", "P1,P3")),
    ("screens", 500000, ()),
    ("workers", 2400, ()),
    ("page", 1000, ()),
    ("sending", 500, ()),
    ("what_if", 20000, ()),
    ("debits", 1000, ()),
    ("dunning", 1000, ("--steps", "P4,P6", "--letters", "300")),
    ("receipts", 1000, ("--peer",)),
    ("cases", 10000, ()),
    ("install", 500000, ()),
    ("renewal", 500, ("--peer",)),
)
LEAST = {"screens": 1000, "install": 1000}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--scale", type=float, default=1.0, help="of the numbers of records"
    )
    options = parser.parse_args()
    start = time.monotonic()
    try:
        failed = [
            name
            for name, *what in BENCHMARKS
            if not measured(name, *what, options.scale)
        ]
    finally:
        Databases(False, "steps").drop(TEMPLATE)
    print(f"\n{(time.monotonic() - start) / 60:.0f} minutes in all")
    if failed:
        sys.exit(f"benchmark: failed: {', '.join(failed)}")


def measured(name, count, options, scale):
    """Print a benchmark's table under its command; tell whether it ran to its end."""
    count = max(int(count * scale), LEAST.get(name, 100))
    command = [str(HERE / f"{name}.py"), str(count), *options]
    print(f"\n### benchmarks/{' '.join([f'{name}.py', *command[1:]])}\n", flush=True)
    if name not in OWN:
        command += ["--template", TEMPLATE]
    return subprocess.run(command, check=False).returncode == 0


if __name__ == "__main__":
    main()

"""script/setup: everything that Odoo and the tests need, in the cache folder."""

import argparse
import contextlib
import os
import shlex
import sys

import browser
import config
import libraries
import odoo_tree
import packages
import postgres
from common import CACHE, STATE, TMP, Lock, make_folders, remove, say

WAITING = "another set-up is at work; waiting for it ..."
PARTS = (packages, libraries, postgres, browser)


def ensure():
    """Makes what is missing. Costs some milliseconds when nothing is."""
    make_folders()
    if not (odoo_tree.locate() and all(part.ready() for part in PARTS)):
        with Lock(CACHE / "setup.lock", WAITING) as lock:
            # Only the holder of the lock makes anything in there: this is left from a kill.
            for leftover in TMP.iterdir():
                remove(leftover)
            for part in (odoo_tree, *PARTS):
                part.prepare(lock, _report)
    packages.touch()
    config.write_file()


def _report(text):
    say(f"{text} ...")


def main(arguments):
    options = parse(arguments)
    if options.env:
        return print_environment()
    if options.stop or options.remove:
        make_folders()
        stopped = postgres.stop(only_if_unused=False)
        say("PostgreSQL stopped." if stopped else "PostgreSQL is not running.")
        return remove_all() if options.remove else 0
    ensure()
    say(
        f"Ready. The environment is in {CACHE}, what is this checkout's own in {STATE}."
    )
    for part in (libraries, browser):
        if not part.find():
            say(part.MISSING)
    return 0


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="script/setup",
        description=f"Makes the environment in {CACHE} (nothing to do when it is there).",
        epilog="ODOO_HOME uses an existing Odoo 19, PGHOST an existing PostgreSQL server, "
        "GYM_EXTRA_ADDONS adds folders with modules, GYM_DEBIAN_MIRROR names a Debian mirror "
        "where the machine's apt sources have none, GYM_PYTHON names a Python.",
    )
    flags = {
        "--env": "print the environment as shell commands, for eval, and start PostgreSQL",
        "--stop": "stop the private PostgreSQL server",
        "--remove": "remove what is this checkout's own (databases too), and the environment "
        "when no other checkout uses it",
    }
    for flag, text in flags.items():
        parser.add_argument(flag, action="store_true", help=text)
    return parser.parse_args(arguments)


def print_environment():
    """For: eval "$(script/setup --env)"."""
    with contextlib.redirect_stdout(sys.stderr):
        ensure()
    postgres.use()
    for name, value in config.environment().items():
        if os.environ.get(name) != value:
            print(f"export {name}={shlex.quote(value)}")
    return 0


def remove_all():
    with Lock(CACHE / "setup.lock", WAITING):
        remove(postgres.BASE)
        remove(STATE)
        if any((CACHE / "checkouts").iterdir()):
            say(f"Removed; the rest of {CACHE} serves other checkouts.")
        else:
            remove(postgres.OWN_SERVER)
            remove(CACHE)
            say("Removed.")
    return 0

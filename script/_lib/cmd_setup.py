"""script/setup: everything that Odoo and the tests need, in the cache folder."""

import argparse
import shlex

import browser
import config
import libraries
import odoo_tree
import packages
import postgres
from common import CACHE, STATE, TMP, Lock, make_folders, remove, say


def _report(text):
    say(f"{text} ...")


def ensure():
    """Makes what is missing. Costs some milliseconds when nothing is."""
    make_folders()
    if not (
        odoo_tree.locate()
        and packages.ready()
        and libraries.ready()
        and postgres.ready()
        and browser.settled()
    ):
        with Lock(
            CACHE / "setup.lock", "another set-up is at work; waiting for it ..."
        ) as lock:
            # Only the holder of the lock makes anything in there: this is left from a kill.
            for leftover in TMP.iterdir():
                remove(leftover)
            odoo_tree.prepare(lock, _report)
            packages.prepare(lock, _report)
            libraries.prepare(lock, _report)
            postgres.prepare(lock, _report)
            browser.prepare(lock, _report)
    packages.touch()
    config.write_file()


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="script/setup",
        description=f"Makes the environment in {CACHE} (nothing to do when it is there).",
        epilog="ODOO_HOME uses an existing Odoo 19, PGHOST an existing PostgreSQL server, "
        "GYM_EXTRA_ADDONS adds folders with modules, GYM_DEBIAN_MIRROR names a Debian mirror "
        "where the machine's apt sources have none, GYM_PYTHON names a Python.",
    )
    parser.add_argument(
        "--env",
        action="store_true",
        help="print the environment as shell commands, for eval, and start PostgreSQL",
    )
    parser.add_argument(
        "--stop", action="store_true", help="stop the private PostgreSQL server"
    )
    options = parser.parse_args(arguments)
    if options.stop:
        make_folders()
        say(
            "PostgreSQL stopped."
            if postgres.stop(only_if_unused=False)
            else "PostgreSQL is not running."
        )
        return 0
    if options.env:
        import contextlib
        import os
        import sys

        with contextlib.redirect_stdout(sys.stderr):
            ensure()
        postgres.use()
        for name, value in config.environment().items():
            if os.environ.get(name) != value:
                print(f"export {name}={shlex.quote(value)}")
        return 0
    ensure()
    say(
        f"Ready. The environment is in {CACHE}, what belongs to this checkout in {STATE}."
    )
    if not libraries.wkhtmltopdf():
        say(libraries.MISSING)
    if not browser.find():
        say(browser.MISSING)
    return 0

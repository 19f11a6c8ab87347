"""script/guest: are our modules good guests? Odoo's own tests with them and without."""

import argparse
import hashlib
import os
import re
import shutil
import socket

import cmd_setup
import config
import database
import libraries
import odoo_tree
import packages
import postgres
from common import LOGS, STATE, Fail, Lock, remove, say, step, write

# What a gym has beside us, and what we extend.
MODULES = [
    "base",
    "mail",
    "portal",
    "product",
    "account",
    "account_payment",
    "sale",
    "crm",
    "calendar",
]
# Installed besides, so that both databases have the same modules of Odoo.
BESIDES = ["account_qr_code_sepa", "sms"]
SUFFIX = config.TEST_DB.rpartition("_")[2]
WITHOUT = f"gym_guest_without_{SUFFIX}"
WITH = f"gym_guest_with_{SUFFIX}"
STAMP = STATE / "guest-database"
RESULTS = STATE / "guest"
LAUNCHER = config.LAUNCHER.with_name("odoo-guest")
DESCRIPTION = """\
Runs Odoo's own tests in a database with our modules and in one without, on the same build of
Odoo, and prints the tests that fail in one of them only. Without arguments: those of
{modules}. Arguments are modules, or tags as Odoo's --test-tags takes them:
  script/guest base mail   script/guest /account:TestAccountMove

What was run without us is kept; --fresh runs it again. Tests in the browser are left out. All
modules together take more than an hour; start it with nice.
"""
BEGIN = re.compile(
    r" INFO \S+ (?P<module>odoo\.\S+): Starting (?P<test>\w+\.\w+) \.\.\."
)
BROKEN = re.compile(
    r" ERROR \S+ (?P<module>odoo\.\S+): (?:FAIL|ERROR): (?P<test>\S.*?)\s*$"
)
SUBTEST = re.compile(r"^Subtest (\S+).*$")  # which says its values as well


def main(arguments):
    options = parse(arguments)
    cmd_setup.ensure()
    postgres.use()
    with Lock(STATE / "guest.lock", "another script/guest is at work; waiting ..."):
        prepare(options.fresh)
        tags = [tag if tag[0] in "/:." else f"/{tag}" for tag in options.tags]
        return report({tag: compare(tag) for tag in tags})


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="script/guest",
        description=DESCRIPTION.format(modules=", ".join(MODULES)),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("tags", nargs="*", default=MODULES)
    parser.add_argument(
        "--fresh", action="store_true", help="make both databases anew, forget results"
    )
    return parser.parse_args(arguments)


# === DATABASES === #


def prepare(fresh):
    """Makes the two databases; ours is updated whenever it is used again."""
    ready = (
        STAMP.is_file()
        and STAMP.read_text() == build()
        and database.exists(WITHOUT)
        and not fresh
    )
    if not ready:
        remove(STAMP)
        remove(RESULTS)
        database.drop(WITHOUT)
        with step("database without our modules"):
            checked(WITHOUT, "-i", ",".join([*MODULES, *BESIDES]))
        STAMP.write_text(build())
    RESULTS.mkdir(exist_ok=True)
    ours = ",".join(config.modules())
    if not ready or not database.exists(WITH):
        copy()
    with step("database with our modules"):
        checked(WITH, "-i", ours, "-u", ours)


def build():
    """What the results without us depend on: this Odoo and its Python."""
    release = odoo_tree.locate()[0] / "odoo/release.py"
    text = f"{release} {release.read_text()} {config.python()} {MODULES} {BESIDES}"
    return hashlib.sha256(text.encode()).hexdigest()


def copy():
    database.drop(WITH)
    database.end_sessions(WITHOUT)
    database.query("postgres", (f'CREATE DATABASE "{WITH}" TEMPLATE "{WITHOUT}"', []))
    store = config.DATA_DIR / "filestore"
    shutil.rmtree(store / WITH, ignore_errors=True)
    if (store / WITHOUT).is_dir():
        shutil.copytree(store / WITHOUT, store / WITH)


def checked(db, *arguments):
    options = ["-d", db, "--stop-after-init", "--no-http", "--max-cron-threads", "0"]
    database.odoo([*options, *arguments], f"Preparing {db}")


# === TESTS === #


def compare(tag):
    """Runs the tests of a tag in both databases.

    :return: two pairs (tests begun, tests that failed), without us and with us
    """
    kept = RESULTS / f"{re.sub('[^A-Za-z0-9]+', '-', tag)}.log"
    if not kept.is_file():
        write(kept, run(WITHOUT, tag))
    return outcome(kept.read_text()), outcome(run(WITH, tag))


def run(db, tag):
    """Runs the tests of a tag in a database and returns the log."""
    log = LOGS / f"guest-{db}{re.sub('[^A-Za-z0-9]+', '-', tag)}.log"
    options = ["-d", db, "--stop-after-init", "--max-cron-threads", "0"]
    options += ["--http-port", str(free_port()), "--test-tags", tag]
    with step(f"{tag} {'with' if db == WITH else 'without'} us"):
        _code, output = database.odoo(
            options,
            f"Testing {tag}",
            log=log,
            env=environment(),
            launcher=LAUNCHER,
            check=False,
        )
    if "Initiating shutdown" not in output:
        raise Fail(f"The tests of {tag} did not come to their end; see {log}.")
    return output


def environment():
    """That of the scripts, where no browser is found: tests that want one are skipped."""
    path = [str(packages.folder() / "bin")]
    if server := postgres.bin_folder():
        path.append(str(server))
    printer = libraries.find()
    path += [os.path.dirname(printer)] if printer and path[0] not in printer else []
    return {**config.environment(), "PATH": ":".join(path)}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def outcome(log):
    """Reads a log.

    :return: the tests that began, and those that failed or ended in an error
    """
    begun = {f"{m['module']}:{m['test']}" for m in BEGIN.finditer(log)}
    found = filter(None, map(BROKEN.search, log.splitlines()))
    broken = {(m["module"], SUBTEST.sub(r"\1", m["test"])) for m in found}
    return begun, {f"{module}:{test}" for module, test in broken}


def report(outcomes):
    """Prints the differences; returns 1 when there is any."""
    worse = False
    for tag, ((begun, broken), (begun_with_us, broken_with_us)) in outcomes.items():
        say(
            f"{tag}: {len(begun_with_us)} tests with us, {len(broken_with_us)} failed;"
            f" {len(begun)} without, {len(broken)} failed"
        )
        for title, tests in (
            ("fails only with us", broken_with_us - broken),
            ("fails only without us", broken - broken_with_us),
            ("ran only with us", begun_with_us - begun),
            ("ran only without us", begun - begun_with_us),
        ):
            for test in sorted(tests):
                say(f"  {title}: {test}")
        worse |= bool(broken_with_us - broken or begun - begun_with_us)
    say("A good guest." if not worse else "Not a good guest yet.")
    return int(worse)

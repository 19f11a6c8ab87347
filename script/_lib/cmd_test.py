"""script/test: linters, install and update with a clean log, then all tests."""

import argparse
import contextlib
import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import browser
import cmd_lint
import cmd_setup
import config
import database
import logcheck
import oca
import postgres
from common import CHECKOUT, LOGS, STATE, Fail, Lock, remove, run, say, step

DB = config.TEST_DB
# Payments by a provider that needs no account anywhere: tests pay by it.
BESIDES = ["payment_demo"]
# Says which state of the modules the test database has; missing while it is being built.
STAMP = STATE / "test-database"

DESCRIPTION = """\
Without arguments: ruff, pylint-odoo and the OCA's checks, then a fresh database with all
modules, an update of them, both without any warning in the log, then all tests.

With arguments: only pytest with these arguments, on the database of the last run (updated
when a module has changed):  script/test -k fee   script/test gym_dunning/tests/debit
"""


def main(arguments):
    if arguments in (["-h"], ["--help"]):
        argparse.ArgumentParser(
            prog="script/test",
            usage="script/test [pytest arguments]",
            description=DESCRIPTION,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        ).print_help()
        return 0
    cmd_setup.ensure()
    if not config.modules():
        raise Fail(
            f"There is no module in {CHECKOUT}: gym_dunning/__manifest__.py is missing."
        )
    # Two runs of one checkout share the test database, so one waits for the other.
    with Lock(
        STATE / "test.lock",
        "another script/test is at work in this checkout; waiting ...",
    ):
        if not arguments:
            cmd_lint.lint()
            test_scripts()
        postgres.use()
        if arguments:
            refresh_database()
        else:
            build_database()
        paths, options = split(arguments)
        if oca.concerns(paths):
            return oca.test(fingerprint(), options, paths)
        code = pytest(arguments)
        return code if arguments else code or oca.test(fingerprint())


def test_scripts():
    """The tests of these scripts and of the packages, which need no database."""
    folder = CHECKOUT / "tests_setup"
    if not folder.is_dir():
        return
    command = [config.python(), "-m", "pytest", "-q", "-p", "no:odoo", folder]
    command += ["-p", "no:cacheprovider"]
    with step("tests of the scripts"):
        log = LOGS / "tests-of-the-scripts.log"
        code, output = run(
            command,
            "pytest",
            log=log,
            check=False,
            cwd=CHECKOUT,
            env=config.environment(),
        )
        if code:
            raise Fail(
                f"The tests of the scripts failed:\n{cmd_lint.tail(output)}\nAll is in {log}."
            )


# === DATABASE ===


def fingerprint():
    """Of all that an update of the modules would read."""
    digest = hashlib.sha256()
    for module in config.modules():
        for path in sorted((CHECKOUT / module).rglob("*")):
            inside = path.relative_to(CHECKOUT / module).parts
            if (
                path.is_file()
                and inside[0] not in ("tests", "static", "readme")
                and "__pycache__" not in inside
            ):
                digest.update(os.fsencode(path) + b"\0" + path.read_bytes())
    return digest.hexdigest()


def build_database():
    modules = ",".join([*config.modules(), *BESIDES])
    remove(STAMP)
    with step("fresh database"):
        database.drop(DB)
    state = fingerprint()
    with step(f"install {modules}"):
        # The languages come first, so that the modules' translations are loaded with them.
        checked(["-i", modules, "--load-language", database.LANGUAGES], "install")
    with step(f"update {modules}"):
        checked(["-u", modules], "update")
    finish_database(state)


def refresh_database():
    state = fingerprint()
    if not (STAMP.is_file() and database.exists(DB)):
        build_database()
    elif STAMP.read_text() != state:
        modules = ",".join([*config.modules(), *BESIDES])
        with step(f"update {modules}"):
            # -i as well: a glue module may be new. It does nothing for those installed.
            checked(["-i", modules, "-u", modules], "update")
        finish_database(state)


def finish_database(state):
    with step("prepare for the tests"):
        database.shell(
            DB,
            database.MEND_ASSETS + database.WARM_ASSETS + database.PREPARE_COMPANIES,
            "Preparing the test database",
            STATE / "shell-input.py",
        )
    STAMP.write_text(state)


def checked(arguments, what):
    """Runs Odoo on the test database and refuses any warning in its log."""
    log = LOGS / f"{what}.log"
    _code, output = database.odoo(
        [
            "-d",
            DB,
            "--stop-after-init",
            "--no-http",
            "--max-cron-threads",
            "0",
            *arguments,
        ],
        f"The {what}",
        log=log,
    )
    found = logcheck.complaints(output)
    if found:
        raise Fail(
            f"The {what} left warnings in its log ({log}):\n" + "\n".join(found[:20])
        )


# === PYTEST ===


def in_parallel():
    """A worker on each of two cores, with a copy of the database; files stay together,
    because their classes share an expensive set-up, in the order of our plugin."""
    if (os.cpu_count() or 1) < 2:
        return []
    return ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


def pytest(arguments):
    env = config.environment()
    with_browser = browser.find() is not None
    if with_browser:
        env["GYM_BROWSER"] = "1"
    else:
        say(browser.MISSING)
    env["PYTHONPATH"] = os.pathsep.join([env["PYTHONPATH"], str(Path(__file__).parent)])
    command = [
        config.python(),
        "-m",
        "pytest",
        "-p",
        "pytest_gym",
        "-rs",
        "--odoo-http",
    ]
    command += [
        f"--odoo-config={config.FILE}",
        f"--odoo-database={DB}",
        f"--rootdir={CHECKOUT}",
    ]
    command += [
        "-c",
        str(CHECKOUT / "pyproject.toml"),
        "-o",
        f"cache_dir={STATE / 'pytest'}",
    ]
    paths, others = split(arguments)
    command += others + (
        paths or [str(CHECKOUT / module) for module in config.modules()]
    )
    if not arguments:
        command += ["--durations=20", *in_parallel()]
    sys.stdout.flush()
    child = subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env=env,
        preexec_fn=database.die_with_parent,  # noqa: PLW1509 (no threads here)
    )
    with contextlib.suppress(KeyboardInterrupt):
        return child.wait()
    # Ctrl-C reached pytest as well: let it finish its report.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child.wait()
    return 130


def split(arguments):
    """Tells the paths of tests from the other arguments; paths count from the caller's folder."""
    paths, others = [], []
    previous = ""
    for argument in arguments:
        file, mark, test = argument.partition("::")
        takes_value = previous in ("-k", "-m", "-n", "-p", "-o", "-c", "-W", "-r")
        if not argument.startswith("-") and not takes_value and Path(file).exists():
            paths.append(str(Path(file).resolve()) + mark + test)
        elif (
            not argument.startswith("-")
            and not takes_value
            and (CHECKOUT / file).exists()
        ):
            paths.append(str(CHECKOUT / file) + mark + test)
        else:
            others.append(argument)
        previous = argument
    return paths, others

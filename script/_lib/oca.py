"""The phase of script/test beside modules that the first one goes without: those of the
OCA, with our module for them, and Odoo's for Switzerland.

It works on a copy of the test database, so they are installed where Gym Dunning is in use
already.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import config
import database
import logcheck
from common import CACHE, CHECKOUT, LOGS, STATE, Fail, Lock, remove, run, step, write

REQUIREMENTS = CHECKOUT / "requirements-oca.txt"
DB = f"{config.TEST_DB}_oca"
FILE = STATE / "odoo-oca.conf"
STAMP = STATE / "test-database-oca"
# Writes the payment file; our module needs only what it depends on.
WRITER = "account_banking_sepa_direct_debit"
# Has fields and codes of its own; these tests skip themselves where it is missing.
SWISS = "l10n_ch"
SWISS_TESTS = "gym_dunning/tests/dunning/test_letter_swiss.py"


def concerns(paths):
    """Tells whether all these paths of tests are of this phase."""
    ours = [str(CHECKOUT / module) for module in config.oca_modules()]
    ours.append(str(CHECKOUT / SWISS_TESTS))
    return bool(paths) and all(path.startswith(tuple(ours)) for path in paths)


def test(state, options=(), paths=()):
    """Builds the database if need be and runs the tests.

    :param state: what the test database was built from
    :return: pytest's exit code
    """
    modules = config.oca_modules()
    if not modules:
        return 0
    _fetch()
    _write_file()
    _build(modules, state)
    paths = paths or [CHECKOUT / path for path in (*modules, SWISS_TESTS)]
    command = [config.python(), "-m", "pytest", "-p", "pytest_gym", "-rs"]
    command += [f"--odoo-config={FILE}", f"--odoo-database={DB}"]
    command += [f"--rootdir={CHECKOUT}", "-c", CHECKOUT / "pyproject.toml"]
    command += ["-o", f"cache_dir={STATE / 'pytest'}", *options, *paths]
    sys.stdout.flush()
    return subprocess.run(
        command,
        cwd=CHECKOUT,
        env=environment(),
        preexec_fn=database.die_with_parent,
        check=False,
    ).returncode


# === MODULES OF THE OCA === #


def _folder():
    return CACHE / f"oca-{hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:10]}"


def _fetch():
    complete = _folder() / "complete"
    with Lock(CACHE / "oca.lock", "another script/test fetches the same; waiting ..."):
        if complete.is_file():
            return
        remove(_folder())
        # They ask for a package "odoo", which is here already: --no-deps.
        options = ["--disable-pip-version-check", "--quiet", "--no-deps"]
        options += ["--only-binary", ":all:", "--target", _folder()]
        with step("fetch the OCA's modules"):
            run(
                [config.python(), "-m", "pip", "install", *options]
                + ["--requirement", REQUIREMENTS],
                "Fetching the OCA's modules from the package index",
                hint=f"{' '.join(config.oca_modules())} cannot be tested without them",
            )
        complete.touch()


def _write_file():
    """Odoo's configuration of this checkout, with the OCA's modules."""
    lines = config.FILE.read_text().splitlines()
    addons = [*config.addons_path(), str(_folder() / "odoo/addons")]
    write(
        FILE,
        "".join(
            f"addons_path = {','.join(addons)}\n"
            if line.startswith("addons_path")
            else f"{line}\n"
            for line in lines
        ),
    )


def environment():
    env = config.environment()
    paths = [env["PYTHONPATH"], str(Path(__file__).parent), str(_folder())]
    return {
        **env,
        "PYTHONPATH": os.pathsep.join(paths),
        "ODOO_RC": str(FILE),
        # what tests start Odoo by: script/odoo would make the environment anew
        "GYM_SCRIPT_ODOO": str(config.LAUNCHER),
        "GYM_TEST_DB": DB,
    }


# === DATABASE === #


def _build(modules, state):
    """Copies the test database and installs the modules, unless that is done."""
    wanted = f"{state} {_digest(modules)}"
    if STAMP.is_file() and STAMP.read_text() == wanted and database.exists(DB):
        return
    remove(STAMP)
    with step("copy of the test database"):
        _copy()
    names = ",".join([*modules, WRITER, SWISS])
    with step(f"install {names}"):
        _checked(["-i", names], "install beside the OCA")
    with step(f"update {','.join(modules)}"):
        _checked(["-u", ",".join(modules)], "update beside the OCA")
    STAMP.write_text(wanted)


def _digest(modules):
    digest = hashlib.sha256(REQUIREMENTS.read_bytes() + SWISS.encode())
    for module in modules:
        for path in sorted((CHECKOUT / module).rglob("*.*")):
            if path.is_file() and "/tests/" not in str(path) and path.suffix != ".pyc":
                digest.update(os.fsencode(path) + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _copy():
    database.drop(DB)
    database.end_sessions(config.TEST_DB)
    database.query(
        "postgres", (f'CREATE DATABASE "{DB}" TEMPLATE "{config.TEST_DB}"', [])
    )
    store = config.DATA_DIR / "filestore"
    shutil.rmtree(store / DB, ignore_errors=True)
    if (store / config.TEST_DB).is_dir():
        shutil.copytree(store / config.TEST_DB, store / DB)


def _checked(arguments, what):
    """Runs Odoo and refuses any warning in its log that is about our modules."""
    log = LOGS / f"{what.replace(' ', '-')}.log"
    options = ["-d", DB, "--stop-after-init", "--no-http", "--max-cron-threads", "0"]
    _code, output = database.odoo(
        [*options, *arguments], f"The {what}", log=log, env=environment()
    )
    found = [line for line in logcheck.complaints(output) if "gym" in line]
    if found:
        raise Fail(f"The {what} left warnings in its log ({log}):\n" + "\n".join(found))

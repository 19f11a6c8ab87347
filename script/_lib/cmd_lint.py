"""script/lint: what the code must pass before anybody runs it."""

import argparse
from pathlib import Path

import cmd_setup
import config
from common import CHECKOUT, LOGS, STATE, Fail, run, step

# In this order: what takes seconds comes first.
NAMES = [
    "ruff-check",
    "ruff-format",
    "pylint-odoo",
    "oca-checks-odoo-module",
    "oca-checks-po",
]
DESCRIPTION = """\
Runs the checks that script/test begins with, in the versions of requirements-dev.txt. With
names: only those. pre-commit calls it for each of them.
"""


def main(arguments):
    names = parse(arguments).names
    cmd_setup.ensure()
    lint(names or NAMES)
    return 0


def parse(arguments):
    parser = argparse.ArgumentParser(prog="script/lint", description=DESCRIPTION)
    # No `choices`: argparse refuses an empty list of them.
    parser.add_argument("names", nargs="*", help=", ".join(NAMES))
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"there is no check {unknown[0]}; there are {', '.join(NAMES)}")
    return options


def lint(names=NAMES):
    for name in names:
        with step(name):
            for command in commands(name):
                run_tool(command, name)


def commands(name):
    """What a check runs."""
    modules = [*config.modules(), *config.oca_modules()]
    if name == "ruff-check":
        return [["ruff", "check", "--no-cache", "."]]
    if name == "ruff-format":
        return [["ruff", "format", "--no-cache", "--check", "."]]
    if name == "pylint-odoo":
        tests = [f"{module}/tests" for module in modules]
        # the plug-in knows tests by the name of their folder only, not in rooms below
        return [
            ["pylint", "--rcfile=.pylintrc", "--ignore-paths=.*/tests/.*", *modules],
            ["pylint", "--rcfile=.pylintrc", "--disable=translation-required", *tests],
        ]
    if name == "oca-checks-odoo-module":
        return [["oca-checks-odoo-module", module] for module in modules]
    po_files = sorted(CHECKOUT.glob("gym_dunning*/i18n/*.po*"))
    # That check wants terms that equal the English left empty; ours are
    # complete, so that an empty one is a forgotten one.
    options = ["--disable=po-pretty-format"]
    return [["oca-checks-po", *options, *po_files]] if po_files else []


def run_tool(command, name):
    tool = Path(config.python()).with_name(command[0])
    env = {**config.environment(), "PYLINTHOME": str(STATE / "pylint")}
    log = LOGS / f"{name}.log"
    code, output = run(
        [tool, *command[1:]], name, log=log, check=False, cwd=CHECKOUT, env=env
    )
    if code:
        raise Fail(f"{name} found faults:\n{tail(output)}\nAll of them are in {log}.")


def tail(text, lines=40):
    kept = text.rstrip().splitlines()
    return "\n".join(["..."] * (len(kept) > lines) + kept[-lines:])

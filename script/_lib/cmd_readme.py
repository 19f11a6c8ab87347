"""script/readme: README.rst and the page in the Apps, from the fragments of a module."""

import argparse
from pathlib import Path

import cmd_setup
import config
from common import CHECKOUT, Fail, run, say

DESCRIPTION = """\
Makes README.rst and static/description/index.html of each module from readme/*.md and its
manifest. Nobody edits these two by hand; a test fails when they are not up to date.
"""
GENERATE = Path(__file__).with_name("generate_readme.py")


def main(arguments):
    options = parse(arguments)
    cmd_setup.ensure()
    modules = [CHECKOUT / name for name in (*config.modules(), *config.oca_modules())]
    flags = ["--check"] if options.check else []
    code, output = run(
        [config.python(), "-B", GENERATE, *flags, *modules], "readme", check=False
    )
    if code:
        raise Fail(output.strip())
    say(output.strip() or "All of them are up to date.")
    return 0


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="script/readme",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if that were needed"
    )
    return parser.parse_args(arguments)
